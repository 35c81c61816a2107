// The sources of the core's two chunks, made of what em++ wrote: the glue, and the bytes as text. With them comes what of the shim
// only a running core needs: no page waits for it.
import { readFileSync } from 'node:fs';
import { at } from './repository.mjs';
import { CommandFailed } from './run_command.mjs';

/** What em++ writes. */
export const glue = {
  wasm: at('build', 'wasm', 'linktrail_wasm.mjs'),
  bytes: at('build', 'wasm', 'linktrail_wasm.wasm'),
  linkWasm: at('build', 'wasm', 'linktrail_link_wasm.mjs'),
  linkBytes: at('build', 'wasm', 'linktrail_link_wasm.wasm'),
  js: at('build', 'wasm', 'linktrail_js.mjs'),
};

/** Of the objects in wasm/embind.js, never seen outside the glue: shortened like the shim's. */
export const glueNames = ['enter', 'leave'];

/** Of the printable characters those that stand for a byte; the two before them, space and `!`, come before a second one. */
const firstPage = 0x20;
const firstSingle = 0x23;
const singles = 92;

/**
 * Bytes as text, in printable ASCII that no minifier rewrites: one character for the bytes below 92, which are most of a module's, and two
 * for the others. After brotli it is 3 % larger than the bytes themselves; with `\xNN` for what is not printable it was 8 %, and base64
 * costs a third.
 */
function packed(bytes) {
  const table = Array.from({ length: 256 }, (_, byte) => {
    const page = Math.floor(byte / singles);
    return (page === 0 ? '' : String.fromCharCode(firstPage + page - 1)) + String.fromCharCode(firstSingle + (byte % singles));
  });
  return Array.from(bytes, (byte) => table[byte]).join('');
}

/** WebAssembly's memory comes in pieces of so many bytes. */
const memoryPiece = 0x10000;

/**
 * What turns such a text back: a module of its own with room for `length` characters and one function, `u(0, end)`, which leaves the bytes
 * where the characters were. It is small enough to be compiled at once on the page's main thread, where Chromium once refused more than
 * 4 KiB. A loop in JavaScript runs but once, so it is hardly compiled: it took a seventh of the time until `ready`.
 */
function unpackerFor(length) {
  const section = (id, ...content) => [id, content.length, ...content];
  const [i32, nothing] = [0x7f, 0x40];
  const [loop, when, end, againIf] = [0x03, 0x04, 0x0b, 0x0d];
  const [get, set, tee, load, store, constant] = [0x20, 0x21, 0x22, 0x2d, 0x3a, 0x41];
  const [isLess, isBelow, add, subtract, multiply] = [0x48, 0x49, 0x6a, 0x6b, 0x6c]; // isLess with a sign, isBelow without
  const [from, until, to, code] = [0, 1, 2, 3]; // two parameters, and two locals that begin with 0
  const increment = (local) => [get, local, constant, 1, add, set, local];
  const character = [get, from, load, 0, 0, constant, firstSingle, subtract];
  const body = [
    1, 2, i32,
    loop, nothing,
    ...character, tee, code, constant, 0, isLess,
    when, nothing, // it is the first of two, -3 or -2
    ...increment(from),
    ...character, get, code, constant, firstSingle - firstPage + 1, add, constant, singles | 0x80, 0, multiply, add, set, code,
    end,
    get, to, get, code, store, 0, 0,
    ...increment(to),
    ...increment(from),
    get, from, get, until, isBelow, againIf, 0,
    end,
    end,
  ];
  return Uint8Array.of(
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 1, 0x60, 2, i32, i32, 0), // one type: two numbers in, none out
    ...section(3, 1, 0), // one function, of that type
    ...section(5, 1, 0, Math.ceil(length / memoryPiece)),
    ...section(7, 2, 1, 0x6d, 2, 0, 1, 0x75, 0, 0), // `m` is the memory, `u` the function
    ...section(10, 1, body.length, ...body),
  );
}

/** A function that makes the `Uint8Array` of so many bytes that `text` was made of. */
const unpackSource = (text, length) => `(text) => {
  const { m, u } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(${unpackerFor(text.length)}))).exports;
  const bytes = new Uint8Array(m.buffer);
  u(0, new TextEncoder().encodeInto(text, bytes).written);
  return bytes.subarray(0, ${length});
}`;

/**
 * Emscripten's minimal runtime waits for the module and forgets that it may be refused: without this, whoever waits would wait for
 * ever. In later versions the factory is an async function that waits itself, and needs no mending.
 */
function withRejection(path) {
  const text = readFileSync(path, 'utf8');
  const unexported = text.replace(/export default createCore;\s*$/, '');
  if (/^async function createCore\b.*\bawait instantiatePromise\b/s.test(text)) return unexported;
  const mended = unexported.replace(/(initRuntime\(\w+\);\s*ready\(\);?\s*\})\s*\)/, '$1,readyPromiseReject)');
  if (mended.split('readyPromiseReject').length < 4) {
    throw new CommandFailed('The glue of this em++ does not say when its module is ready in the way that is known here.');
  }
  return mended;
}

/** Of the shim: relative to the repository. */
const hands = "export { send } from './web/src/transport.ts';\n";

/** The source of the chunk with the bytes inside: of the core without the driver of Link, or of the one with it. */
export const wasmChunkSource = () => chunkOf(glue.wasm, glue.bytes);
export const linkChunkSource = () => chunkOf(glue.linkWasm, glue.linkBytes);

function chunkOf(gluePath, bytesPath) {
  const bytes = readFileSync(bytesPath);
  const text = packed(bytes);
  return `${withRejection(gluePath)}
const unpack = ${unpackSource(text, bytes.length)};
export const startModule = () => createCore({ wasm: unpack(${JSON.stringify(text)}) });
${hands}`;
}

/** The source of the chunk for where WebAssembly is missing. */
export const jsChunkSource = () => `${withRejection(glue.js)}
export const startModule = () => createCore();
${hands}`;
