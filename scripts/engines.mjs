// Tests of what is drawn and heard, in Chromium, Firefox and WebKit; `npm test` runs them in Chromium.
import { build } from './build.mjs';
import { at } from './repository.mjs';
import { main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const testsMsMax = 10 * 60_000;
const suites = [at('tests', 'progress', 'engines.test.mjs')];

await main(async () => {
  await setup('laboratory');
  await build();
  const { code, output } = await run('Visiting pages in Chromium, Firefox and WebKit', process.execPath, ['--test', '--test-reporter=spec', ...suites], {
    cwd: at(),
    anyExit: true,
    timeoutMs: testsMsMax,
    env: { LINKTRAIL_ENGINES: 'chromium,firefox,webkit' },
  });
  console.log(output.trimEnd());
  return code;
});
