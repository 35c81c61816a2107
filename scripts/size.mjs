// Measures what a browser downloads, and holds docs/size.md and the README to it and to the limits. With --write, writes the figures
// there; with --account, also what the bytes are, function by function (docs/size.svg).
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { entries } from './entries.mjs';
import { heldText, writeHeldText } from './held_text.mjs';
import { at } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';
import { accountOfModule, picture } from './size_account.mjs';

const shim = { name: 'before the core: the shim', files: ['index.mjs'], limit: 5 * 1024 };
const normal = { name: 'the whole normal path: shim, glue, WebAssembly', files: ['index.mjs', 'core.mjs'], limit: 28 * 1024 };

/** What is downloaded for what. Limits in bytes after brotli 11; each is lowered to what is reached. */
const paths = [
  shim,
  normal,
  { name: 'where WebAssembly is missing or refused', files: ['index.mjs', 'core-js.mjs'], limit: 38.5 * 1024 },
  { name: 'the script-tag file', files: ['linktrail.global.js'], limit: 28.2 * 1024 },
  ...entries
    .filter(({ limit }) => limit !== undefined)
    .map(({ name, limit, hasCore = false }) => ({
      name: `linktrail/${name}, besides`,
      files: [`${name}/index.mjs`, ...(hasCore ? [`${name}/core.mjs`] : [])],
      instead: hasCore ? ['core.mjs'] : [],
      limit,
    })),
];

const brotliOf = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** @param instead what is not downloaded then */
function sizesOf({ files, instead = [] }) {
  const sum = (names, compress) => names.reduce((bytes, name) => bytes + compress(readFileSync(at('dist', name))), 0);
  const total = (compress) => sum(files, compress) - sum(instead, compress);
  return {
    raw: total((bytes) => bytes.length),
    gzip: total((bytes) => gzipSync(bytes, { level: 9 }).length),
    brotli: total(brotliOf),
  };
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

function table(rows) {
  const line = ({ name, raw, gzip, brotli, limit }) => `| ${name} | ${kib(raw)} | ${kib(gzip)} | ${kib(brotli)} | ${kib(limit)} |`;
  return ['| what is downloaded | raw | gzip 9 | brotli 11 | limit, brotli |', '|---|---|---|---|---|', ...rows.map(line)].join('\n');
}

/** The README's one figure. */
function claim(rows) {
  const of = ({ name }) => kib(rows.find((row) => row.name === name).brotli);
  return `${of(shim)} before the core, ${of(normal)} in all`;
}

async function account() {
  const module = await accountOfModule();
  const core = readFileSync(at('dist', 'core.mjs'), 'utf8');
  const glue = core.replace(/"(?:[^"\\]|\\.){10000,}"/, '""');
  const bytes = brotliOf(readFileSync(at('build', 'wasm', 'linktrail_wasm.wasm')));
  const outside = [
    { name: 'the shim', ...sizesOf({ files: ['index.mjs'] }) },
    { name: 'embind’s glue, and what unpacks the text', raw: glue.length, brotli: brotliOf(Buffer.from(glue)) },
    { name: 'the bytes as text instead of bytes', raw: 0, brotli: brotliOf(Buffer.from(core)) - brotliOf(Buffer.from(glue)) - bytes },
  ].map((row) => ({ functions: 0, ...row }));
  const rows = [...outside, ...module].sort((a, b) => b.brotli - a.brotli);
  writeFileSync(at('docs', 'size.svg'), picture(rows, 'The normal path after brotli 11, in KiB by removal'));
  const line = ({ name, functions, raw, brotli }) => `| ${name} | ${functions || ''} | ${raw || ''} | ${brotli} |`;
  return ['| part | functions | bytes raw | bytes after brotli 11 |', '|---|---|---|---|', ...rows.map(line)].join('\n');
}

/** Writes what was measured between two markers of a document, or says that something else stands there. */
function hold(path, marker, measured, writes) {
  if (writes) writeHeldText(path, marker, measured);
  else if (heldText(path, marker) !== measured) throw new CommandFailed(`${path} claims other sizes; run: npm run size -- --write`);
}

const measure = () => paths.map((path) => ({ ...path, ...sizesOf(path) }));

/** What the README says of what is in dist/ now. */
export const sizeClaim = () => claim(measure());

async function measureAndHold() {
  await setup('build');
  await build();
  const writes = process.argv.includes('--write');
  const rows = measure();
  const measured = table(rows);
  console.log(`${measured}\n`);
  hold(at('docs', 'size.md'), 'size', measured, writes);
  hold(at('README.md'), 'size', claim(rows), writes);
  if (process.argv.includes('--account')) hold(at('docs', 'size.md'), 'account', await account(), true);
  const exceeded = rows.filter(({ brotli, limit }) => brotli > limit);
  for (const { name, brotli, limit } of exceeded) console.log(`Beyond its limit: ${name}, ${brotli} of ${Math.floor(limit)} bytes.`);
  console.log(`${rows.length - exceeded.length} passed, ${exceeded.length} failed`);
  return exceeded.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(measureAndHold);
