// All of embind that runs in the page: the four calls by which C++ tells of three types and two functions, those of bindings.cpp. What
// C++ hands over is the same from Emscripten 3.1.6 to 6.0.5, while embind's own files are others in every version and for forty types:
// they are not linked. Each type crosses in one direction only, which is the one told here.
const growMemory = '$growMemory' in LibraryManager.library ? 'growMemory' : 'emscripten_realloc_buffer';

mergeInto(LibraryManager.library, {
  // Emscripten's own asks for a fifth more than it needs, and for less when that is refused.
  emscripten_resize_heap__deps: ['$' + growMemory],
  emscripten_resize_heap: '(bytes) => ' + growMemory + '(bytes >>> 0)',
  // How values cross that are not numbers, by the address that stands for their type in C++.
  $crossings: {},
  // Numbers go in as they are.
  _embind_register_float: function () {},
  // Texts go in: a length, and UTF-8 behind it. embind would look at each character twice, in JavaScript: a tenth of what an event costs.
  $utf8Encoder: 'new TextEncoder()',
  _embind_register_std_string__deps: ['$crossings', '$utf8Encoder', 'malloc', 'free'],
  _embind_register_std_string: function (type) {
    crossings[type] = {
      enter: (text) => {
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
      leave: (pointer) => _free(pointer),
    };
  },
  // Answers come out: the length of some bytes, and where they lie.
  _embind_register_memory_view__deps: ['$crossings'],
  _embind_register_memory_view: function (type) {
    crossings[type] = (view) => new Uint8Array(HEAPU8.buffer, HEAPU32[(view >> 2) + 1], HEAPU32[view >> 2]);
  },
  // `types` are that of the answer and those of the arguments; `invoker` is what C++ made to call `callee` with what has crossed.
  // The table has to be asked for in later versions, and is always there in earlier ones.
  _embind_register_function__deps: ['$crossings'].concat('$wasmTable' in LibraryManager.library ? ['$wasmTable'] : []),
  _embind_register_function: function (name, typeCount, types, _, invoker, callee) {
    var text = '';
    while (HEAPU8[name]) text += String.fromCharCode(HEAPU8[name++]);
    var crossing = Array.from(HEAPU32.subarray(types >> 2, (types >> 2) + typeCount), (type) => crossings[type]);
    var takes = crossing.slice(1);
    var invoke = wasmTable.get(invoker);
    Module[text] = (...values) => {
      for (var at = 0; at < takes.length; at++) if (takes[at]) values[at] = takes[at].enter(values[at]);
      var view = invoke(callee, ...values);
      for (at = 0; at < takes.length; at++) if (takes[at]) takes[at].leave(values[at]);
      return crossing[0](view);
    };
  },
});
