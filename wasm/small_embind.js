// What is left of embind where nothing can be wrong: it registers two functions and three types, known at build time and run by every
// test, so its overloads, its types that are named later and its words for mistakes in bindings would never be used. The rest,
// which turns values into those of the other side, is embind's own. Written against Emscripten 3.1.6, and linked with it alone.
mergeInto(LibraryManager.library, {
  // All its errors are plain ones.
  $extendError__deps: [],
  $extendError: function (base) {
    return base;
  },
  $throwUnboundTypeError__deps: ['$throwBindingError'],
  $throwUnboundTypeError: function (message) {
    throwBindingError(message);
  },
  $registerType__deps: ['$registeredTypes'],
  $registerType: function (type, converters) {
    registeredTypes[type] = converters;
  },
  // bindings.cpp registers types before the functions that use them.
  $whenDependentTypesAreResolved__deps: ['$registeredTypes'],
  $whenDependentTypesAreResolved: function (_, types, use) {
    use(types.map((type) => registeredTypes[type]));
  },
  $exposePublicSymbol__deps: [],
  $exposePublicSymbol: function () {},
  $replacePublicSymbol__deps: [],
  $replacePublicSymbol: function (name, value) {
    Module[name] = value;
  },
  $embind__requireFunction__deps: [],
  $embind__requireFunction: function (_, pointer) {
    return getWasmTableEntry(pointer);
  },
});
