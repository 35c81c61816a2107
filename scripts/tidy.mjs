// Runs clang-tidy with the checks of .clang-tidy over the core, which is what ships. It reads the commands of the native
// build, so nothing is compiled first. Closes with a line that counts the files, for `npm test`.
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { at, filesUnder } from './repository.mjs';
import { main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const fileMsMax = 10 * 60_000;
const files = filesUnder(at('wasm', 'core')).filter((file) => file.endsWith('.cpp'));

/** @returns what it found, or nothing */
async function tidy(file) {
  const args = ['--quiet', '-p', at('build', 'native'), file];
  const { code, output } = await run(basename(file), 'clang-tidy-14', args, { cwd: at(), quiet: true, anyExit: true, timeoutMs: fileMsMax });
  return code === 0 ? '' : output;
}

await main(async () => {
  await setup('test');
  await run('Configuring', 'cmake', ['--preset', 'native'], { cwd: at(), quiet: true });
  const waiting = [...files];
  let failed = 0;
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const found = await tidy(file);
      if (found === '') continue;
      failed += 1;
      console.log(found.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  console.log(`${files.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
