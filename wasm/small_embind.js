// What is left of embind where nothing can be wrong: it registers two functions and three types, known at build time and run by every
// test, so its overloads, its types that are named later and its words for mistakes in bindings would never be used. Each type
// crosses in one direction only, which is the one told here. Calling is embind's own. Written against Emscripten 3.1.6, and linked
// with it alone.
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
  // Numbers go in.
  _embind_register_float__deps: ['$registerType'],
  _embind_register_float: function (type) {
    registerType(type, { toWireType: (_, number) => number, destructorFunction: null });
  },
  // Texts go in: a length, and UTF-8 behind it. embind would look at each character twice, in JavaScript: a tenth of what an event costs.
  $utf8Encoder: 'new TextEncoder()',
  _embind_register_std_string__deps: ['$registerType', '$utf8Encoder', 'malloc', 'free'],
  _embind_register_std_string: function (type) {
    registerType(type, {
      toWireType: function (_, text) {
        // Nearly always one byte for each character, and never more than three.
        for (var widest = 1; ; widest = 3) {
          var room = text.length * widest;
          var pointer = _malloc(4 + room);
          var done = utf8Encoder.encodeInto(text, HEAPU8.subarray(pointer + 4, pointer + 4 + room));
          if (done.read == text.length) break;
          _free(pointer);
        }
        HEAPU32[pointer >> 2] = done.written;
        return pointer;
      },
      destructorFunction: function (pointer) {
        _free(pointer);
      },
    });
  },
  // Answers come out: the length of some bytes, and where they lie.
  _embind_register_memory_view__deps: ['$registerType'],
  _embind_register_memory_view: function (type) {
    registerType(type, { fromWireType: (view) => new Uint8Array(buffer, HEAPU32[(view >> 2) + 1], HEAPU32[view >> 2]) });
  },
});
