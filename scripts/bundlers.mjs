// Tries the packed tarball in the tools that build pages, without configuration, and the recipes for Svelte and Angular with
// these frameworks' compilers; and what they built in Chromium. The tools are installed into build/bundlers, outside the package.
//
//   npm run bundlers -- --only vite,svelte
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { at, hashOf, writeWhole } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const folder = at('build', 'bundlers');
const testsMsMax = 30 * 60_000;

/** Installs the tools of tests/bundlers/package.json, unless they are there. */
export async function installBundlers() {
  const stamp = at('build', 'stamps', 'bundlers');
  const wanted = hashOf(at('tests', 'bundlers', 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(`${folder}/node_modules`)) return;
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(at('tests', 'bundlers', name), `${folder}/${name}`);
  // What the tools have of machine code comes ready-made in packages of its own.
  await run('Installing the build tools', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  writeWhole(stamp, wanted);
}

/** Names of tools, or nothing for all of them. */
async function chosen() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  const { tools } = await import('../tests/bundlers/tools.mjs');
  const { frameworks } = await import('../tests/bundlers/components.mjs');
  const names = [...new Set([...tools, ...frameworks].map(({ name }) => name))];
  if (only === undefined || only.split(',').every((name) => names.includes(name))) return only;
  throw new CommandFailed(`Unknown tool among ${only}; there are ${names.join(', ')}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const only = await chosen();
    await setup('test');
    await build();
    await installBundlers();
    const { code, output } = await run(
      'Building and visiting a page with each tool',
      process.execPath,
      ['--test', '--test-concurrency=1', '--test-reporter=spec', ...['bundlers', 'components', 'quick_start'].map((name) => at('tests', 'bundlers', `${name}.test.mjs`))],
      { cwd: at(), anyExit: true, timeoutMs: testsMsMax, env: only === undefined ? {} : { LINKTRAIL_BUNDLERS: only } },
    );
    console.log(output.trimEnd());
    return code;
  });
}
