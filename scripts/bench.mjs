// Measures what linktrail costs the page, beside its peers, in one run: in Node, in Chromium, and the core alone. Fails when a limit is
// exceeded, names the goals that are missed. With --write, puts the figures into docs/speed.md and the README.
//
//   npm run bench -- --only node,chromium,native --write
import { cpus, type } from 'node:os';
import { parseArgs } from 'node:util';
import { measureInChromium, program as chromiumProgram } from './bench/chromium.mjs';
import { measureNative, nativeTable } from './bench/native.mjs';
import { measureInNode } from './bench/node.mjs';
import { startServer } from './bench/server.mjs';
import { beyond, engines, shortTable, table } from './bench/table.mjs';
import { bundleYoga } from './bench/yoga.mjs';
import { build } from './build.mjs';
import { writeHeldText } from './held_text.mjs';
import { at, useOwnTemporaryFolder } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';
import { sizeClaim } from './size.mjs';

const measurements = { node: measureInNode, chromium: measureInChromium };
const all = [...Object.keys(measurements), 'native'];

function options() {
  const { values } = parseArgs({ options: { only: { type: 'string', default: all.join() }, write: { type: 'boolean', default: false } } });
  const only = values.only.split(',');
  if (only.some((name) => !all.includes(name))) throw new CommandFailed(`--only takes some of ${all.join(', ')}.`);
  if (values.write && only.length < all.length) throw new CommandFailed('--write needs everything measured in one run.');
  return { only, writes: values.write };
}

async function measure(only) {
  const yoga = await bundleYoga();
  const server = await startServer();
  const found = {};
  try {
    for (const [name, measureIn] of Object.entries(measurements)) {
      if (!only.includes(name)) continue;
      console.log(`Measuring in ${engines[name]} …`);
      found[name] = await measureIn({ ...server, yoga });
    }
  } finally {
    server.close();
  }
  return found;
}

async function machine() {
  const { output } = await run('', chromiumProgram, ['--version'], { quiet: true });
  const browser = /Chromium [\d.]+/.exec(output)?.[0] ?? 'Chromium';
  return `${browser}, Node ${process.versions.node}, ${type()}, ${cpus().length} cores (${cpus()[0].model.trim()}).`;
}

const list = (title, lines) => (lines.length === 0 ? '' : `${title}\n${lines.map((line) => `- ${line}`).join('\n')}`);

await main(async () => {
  const { only, writes } = options();
  await setup('bench');
  useOwnTemporaryFolder();
  await build();
  const found = await measure(only);
  const native = only.includes('native') ? nativeTable(await measureNative()) : '';
  const missed = list('Goals that are missed:', beyond(found, 'goal'));
  const text = [await machine(), Object.keys(found).length > 0 ? table(found) : '', missed, native].filter((part) => part !== '').join('\n\n');
  console.log(`\n${text}`);
  const exceeded = beyond(found, 'limit');
  if (exceeded.length > 0) throw new CommandFailed(list('Beyond its limit:', exceeded));
  if (writes) {
    writeHeldText(at('docs', 'speed.md'), 'speed', text);
    writeHeldText(at('README.md'), 'speed', shortTable(found, `<!-- size: begin -->${sizeClaim()}<!-- size: end -->`));
  }
  return 0;
});
