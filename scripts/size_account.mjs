// Accounts for the bytes of the shipped module, function by function: which part of the code they belong to, and what they are worth
// once compressed. Needs a build that keeps the functions' names.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { cmakeBuild } from './build.mjs';
import { at } from './repository.mjs';

/** A group takes the functions whose name matches and that no group before it took. `name` is what docs/size.md calls it. */
const groups = [
  { name: 'reading JSON: nlohmann’s lexer, our grammar, numbers', of: /nlohmann|JsonReader|JsonDocument|JsonValue::|read_json|strto|read_whole|read_number/ },
  { name: 'reading events', of: /::read_(?:on|started|post|record_|records|page|receipt|plain|storage_key\(linktrail::JsonValue)|CallbackReader|Fingerprint|visible_ascii/ },
  { name: 'what each event and each effect does (std::visit)', of: /__dispatch/ },
  { name: 'the boundary, with the reducer’s frame inside', of: /namespace\)::(?:handle|progress|answer|whole_ms)|emscripten|__wasm_call_ctors|Reducer/ },
  { name: 'delivery, reports and records', of: /Delivery|Report|Record|InFlight|Receipt|storage_prefix|storage_key|take_field|read_stored|bounded\(|Post::|emit<|Verdict|Dice/ },
  { name: 'sessions and steps', of: /Session|Summary|Mark|Step|session|keep_name|Exit|State::/ },
  { name: 'writing JSON', of: /JsonWriter|write_|EffectWriter|encode/ },
  { name: 'times and vocabularies', of: /8601|http_date|date|days_from|Date|Scanner|name_at|index_of|wire\(/ },
  { name: 'malloc and free', of: /^(?:malloc|free|claim_more_memory|attempt_allocate|sbrk|emscripten_|operator new|operator delete|_Znwm|memcpy|memmove|memset|mem|str|dl)/ },
  { name: 'libc++: strings, vectors, optionals, variants', of: /std::__2/ },
  { name: 'other functions', of: /./ },
];

/** Reads the parts of a module that the account needs: where each function's body lies, what it is called, and the data. */
function readModule(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const each = (read) => Array.from({ length: number() }, read);
  const module = { imported: 0, bodies: [], names: new Map(), data: [0, 0], shippedEnd: bytes.length };
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++];
    const end = number() + at;
    // Only functions are imported: the memory and the table are the module's own.
    if (id === 2) module.imported = each(() => [text(), text(), at++, number()]).length;
    if (id === 10) module.bodies = each(() => [at, (at = number() + at)]);
    if (id === 11) module.data = [start, end];
    if (id === 0 && text() === 'name') {
      module.shippedEnd = Math.min(module.shippedEnd, start);
      while (at < end) {
        const kind = bytes[at++];
        const next = number() + at;
        if (kind === 1) each(() => module.names.set(number(), text()));
        at = next;
      }
    }
    at = end;
  }
  return module;
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

function without(bytes, ranges) {
  const kept = [];
  let from = 0;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    kept.push(bytes.subarray(from, start));
    from = end;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}

/** @returns {Promise<{ name: string, functions: number, raw: number, brotli: number }[]>} the module's groups, largest first */
export async function accountOfModule() {
  await cmakeBuild('wasm-names', ['linktrail_wasm'], 'the core with the names of its functions', { quiet: true });
  const all = readFileSync(at('build', 'wasm-names', 'linktrail_wasm.wasm'));
  const module = readModule(all);
  const shipped = all.subarray(0, module.shippedEnd);
  const whole = brotli(shipped);
  const left = module.bodies.map((range, index) => ({ range, name: module.names.get(index + module.imported) ?? '' }));
  const rows = groups.map(({ name, of }) => {
    const ranges = [];
    for (let index = left.length - 1; index >= 0; index--) if (of.test(left[index].name)) ranges.push(...left.splice(index, 1).map(({ range }) => range));
    const raw = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    return { name, functions: ranges.length, raw, brotli: whole - brotli(without(shipped, ranges)) };
  });
  const [start, end] = module.data;
  rows.push({ name: 'texts and constants', functions: 0, raw: end - start, brotli: whole - brotli(without(shipped, [[start, end]])) });
  return rows.filter(({ raw }) => raw > 0).sort((a, b) => b.brotli - a.brotli);
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The same as bars, one under the other. `rows`: `{ name, brotli }`, lengths by `brotli`. */
export function picture(rows, title) {
  const [line, left, width] = [26, 400, 820];
  const height = rows.length * line + 56;
  const most = Math.max(...rows.map(({ brotli: bytes }) => bytes));
  const bar = ({ name, brotli: bytes }, index) => {
    const y = 44 + index * line;
    const length = Math.round((bytes / most) * (width - left - 80));
    return `  <text x="${left - 10}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>
  <rect x="${left}" y="${y}" width="${length}" height="18" rx="2"/>
  <text x="${left + length + 8}" y="${y + 13}">${(bytes / 1024).toFixed(1)}</text>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">${escaped(title)}</title>
  <style>
    svg { background: #ffffff; } text { font: 13px system-ui, sans-serif; fill: #1f2328; } rect { fill: #2f6f9f; }
    @media (prefers-color-scheme: dark) { svg { background: #0d1117; } text { fill: #e6edf3; } rect { fill: #6cb0e0; } }
  </style>
  <text x="16" y="24">${escaped(title)}</text>
${rows.map(bar).join('\n')}
</svg>
`;
}
