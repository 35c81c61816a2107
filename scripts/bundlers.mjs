// Tries the packed tarball in the tools that build pages, without configuration, and the recipes for Svelte and Angular with
// these frameworks' compilers; and what they built in Chromium. The tools are installed into build/bundlers, outside the package.
//
//   npm run bundlers -- --only vite,svelte
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { installAside } from './install_aside.mjs';
import { at, useOwnTemporaryFolder } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const testsMsMax = 30 * 60_000;

/** Names of tools, or nothing for all of them. */
async function chosen() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  const { tools } = await import('../tests/bundlers/tools.mjs');
  const { frameworks } = await import('../tests/bundlers/components.mjs');
  const names = [...new Set([...tools, ...frameworks].map(({ name }) => name))];
  if (only === undefined || only.split(',').every((name) => names.includes(name))) return only;
  throw new CommandFailed(`Unknown tool among ${only}; there are ${names.join(', ')}.`);
}

await main(async () => {
  const only = await chosen();
  await setup('test');
  useOwnTemporaryFolder();
  await build();
  await installAside('the build tools', at('tests', 'bundlers'), at('build', 'bundlers'));
  const { code, output } = await run(
    'Building and visiting a page with each tool',
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...['bundlers', 'components', 'quick_start'].map((name) => at('tests', 'bundlers', `${name}.test.mjs`))],
    { cwd: at(), anyExit: true, timeoutMs: testsMsMax, env: only === undefined ? {} : { LINKTRAIL_BUNDLERS: only } },
  );
  console.log(output.trimEnd());
  return code;
});
