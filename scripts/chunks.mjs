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
const firstSingle = 0x23;
const singles = 92;

/**
 * A JavaScript string literal for bytes, in printable ASCII that no minifier rewrites: one character for the bytes below 92,
 * which are most of a module's, and two for the others. After brotli it is 3 % larger than the bytes themselves; with `\xNN` for
 * what is not printable it was 8 %, and base64 costs a third.
 */
export function encodeBytes(bytes) {
  const single = (code) => JSON.stringify(String.fromCharCode(firstSingle + code)).slice(1, -1);
  const table = Array.from({ length: 256 }, (_, byte) => {
    const page = Math.floor(byte / singles);
    return (page === 0 ? '' : String.fromCharCode(0x1f + page)) + single(byte % singles);
  });
  let literal = '';
  for (const byte of bytes) literal += table[byte];
  return `"${literal}"`;
}

/**
 * What turns the text back, in a loop of one piece: it runs once, so it is hardly compiled. With a function for the next character it
 * takes twice as long, and `Uint8Array.from(text, f)` thirty times.
 */
const decoder = (length) => `
  const bytes = new Uint8Array(${length});
  for (let at = 0, from = 0; at < ${length}; at++) {
    let code = text.charCodeAt(from++) - ${firstSingle};
    // -3 comes before one of the second 92 bytes, -2 before one of the third.
    if (code < 0) code = text.charCodeAt(from++) - ${firstSingle} + (code + ${firstSingle - 0x1f}) * ${singles};
    bytes[at] = code;
  }
`;

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
  return `${withRejection(gluePath)}
const text = ${encodeBytes(bytes)};
export const startModule = () => {${decoder(bytes.length)}  return createCore({ wasm: bytes });
};
${hands}`;
}

/** The source of the chunk for where WebAssembly is missing. */
export const jsChunkSource = () => `${withRejection(glue.js)}
export const startModule = () => createCore();
${hands}`;
