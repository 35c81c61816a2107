// Measures what a browser downloads, and holds docs/size.md to it. With --write, writes the table there.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { entries } from './entries.mjs';
import { at } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';

const document = at('docs', 'size.md');
const begin = '<!-- size: begin -->';
const end = '<!-- size: end -->';

/** What is downloaded for what. Limits in bytes after brotli 11; each is lowered to what is reached. */
const paths = [
  { name: 'before the core: the shim', files: ['index.mjs'], limit: 5.6 * 1024 },
  { name: 'the whole normal path: shim, glue, WebAssembly', files: ['index.mjs', 'core.mjs'], limit: 45.5 * 1024 },
  { name: 'where WebAssembly is missing or refused', files: ['index.mjs', 'core-js.mjs'], limit: 56 * 1024 },
  { name: 'the script-tag file', files: ['linktrail.global.js'], limit: 46 * 1024 },
  ...entries
    .filter(({ limit }) => limit !== undefined)
    .map(({ name, limit }) => ({ name: `linktrail/${name}, besides`, files: [`${name}/index.mjs`], limit })),
];

function sizesOf(files) {
  const contents = files.map((file) => readFileSync(at('dist', file)));
  const total = (compress) => contents.reduce((sum, bytes) => sum + compress(bytes).length, 0);
  return {
    raw: total((bytes) => bytes),
    gzip: total((bytes) => gzipSync(bytes, { level: 9 })),
    brotli: total((bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })),
  };
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

function table(rows) {
  const line = ({ name, raw, gzip, brotli, limit }) => `| ${name} | ${kib(raw)} | ${kib(gzip)} | ${kib(brotli)} | ${kib(limit)} |`;
  return ['| what is downloaded | raw | gzip 9 | brotli 11 | limit, brotli |', '|---|---|---|---|---|', ...rows.map(line)].join('\n');
}

await main(async () => {
  await setup('build');
  await build();
  const rows = paths.map((path) => ({ ...path, ...sizesOf(path.files) }));
  const measured = table(rows);
  console.log(measured);
  const text = readFileSync(document, 'utf8');
  const [before, rest] = text.split(begin);
  const [claimed, after] = rest.split(end);
  if (process.argv.includes('--write')) writeFileSync(document, `${before}${begin}\n${measured}\n${end}${after}`);
  else if (claimed.trim() !== measured) throw new CommandFailed('docs/size.md claims other sizes; run: npm run size -- --write');
  const exceeded = rows.filter(({ brotli, limit }) => brotli > limit);
  if (exceeded.length > 0) throw new CommandFailed(`Beyond its limit: ${exceeded.map(({ name }) => name).join('; ')}.`);
  return 0;
});
