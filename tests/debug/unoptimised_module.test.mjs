// The module as `npm run debug` builds it: unoptimised, with each access to memory, each frame of the stack and each call into libc++
// checked. It is held to the native core in the scenarios to which the shipped one is held, and tells its mistakes with names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { readNativeRecord } from '../scenarios/native_record.mjs';

/** Unoptimised, a call of ours is a dozen frames deep in the standard library. */
Error.stackTraceLimit = 50;

const built = (name) => new URL(`../../build/wasm-debug/${name}`, import.meta.url);
const recorded = readNativeRecord().split('\n').map((line) => JSON.parse(line));
const utf8 = new TextDecoder();

/** It is compiled for pages, and later versions of Emscripten look whether this is one. */
function asInPage(start) {
  const { process } = globalThis;
  delete globalThis.process;
  try {
    return start();
  } finally {
    globalThis.process = process;
  }
}

/** A core of its own, and what WebAssembly exports of it. */
async function startCore(name, t) {
  const { default: createCore } = await import(built(`${name}.mjs`));
  let exports;
  const { instantiate } = WebAssembly;
  t.mock.method(WebAssembly, 'instantiate', async (...given) => {
    const result = await instantiate(...given);
    exports = result.instance.exports;
    return result;
  });
  // The runtime tells of each start.
  t.mock.method(console, 'log', () => {});
  const core = await asInPage(() => createCore({ wasm: readFileSync(built(`${name}.wasm`)) }));
  return { core, exports };
}

for (const name of ['linktrail_wasm', 'linktrail_link_wasm']) {
  for (const { scenario, steps } of recorded) {
    test(`${name}: ${scenario} has the effects of the native core, byte for byte, and every check passes`, async (t) => {
      const { core } = await startCore(name, t);
      for (const { event, wall_ms, monotonic_ms, entropy, effects, progress } of steps) {
        assert.equal(utf8.decode(core.handle(event, wall_ms, monotonic_ms, entropy)), effects);
        assert.equal(utf8.decode(core.progress()), progress);
      }
    });
  }

  test(`${name}: a stack that overflows is told at once, with the names of the functions on it`, async (t) => {
    const { core, exports } = await startCore(name, t);
    const base = exports.emscripten_stack_get_base();
    exports.__set_stack_limits(base, base - 600);
    const { event, wall_ms, monotonic_ms, entropy } = recorded[0].steps[0];
    assert.throws(() => core.handle(event, wall_ms, monotonic_ms, entropy), (error) => {
      assert.match(error.message, /stack overflow/);
      assert.match(error.stack, /linktrail::parse_event\(.*\n.*\(anonymous namespace\)::handle\(/);
      return true;
    });
  });
}
