// Runs clang-tidy over all C++ there is: what ships, with the checks of .clang-tidy, and the tests, without the few that
// tests/.clang-tidy names. It reads the commands of the native and of the shipped build, so nothing is compiled first. Words
// choose files whose path holds one of them. Closes with a line that counts the files, for `npm test`.
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { alone, at, filesUnder, writeWhole } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const fileMsMax = 10 * 60_000;
const databaseFolder = at('build', 'tidy');
const quiet = { cwd: at(), quiet: true };

/** The longest first, so that no lane is left with one at the end. */
function chosenFiles(words) {
  return ['wasm', 'tests']
    .flatMap((folder) => filesUnder(at(folder)))
    .filter((file) => file.endsWith('.cpp') && (words.length === 0 || words.some((word) => relative(at(), file).includes(word))))
    .sort((a, b) => statSync(b).size - statSync(a).size);
}

async function commandsOf(preset) {
  await run('Configuring', 'cmake', ['--preset', preset], quiet);
  return JSON.parse(readFileSync(at('build', preset, 'compile_commands.json'), 'utf8'));
}

/**
 * One command for each file, however many targets it is part of: the native one, or, for what only the shipped module has,
 * em++'s together with the flags that em++ adds to it.
 */
async function writeDatabase(files) {
  const { output } = await run('em++', 'em++', ['--cflags'], quiet);
  const emscripten = output.split('\n').find((line) => line.startsWith('-'));
  const commands = new Map();
  for (const entry of await commandsOf('wasm')) commands.set(entry.file, { ...entry, command: `${entry.command} ${emscripten}` });
  for (const entry of await commandsOf('native')) commands.set(entry.file, entry);
  const unknown = files.filter((file) => !commands.has(file)).map((file) => relative(at(), file));
  if (unknown.length > 0) throw new CommandFailed(`Neither the native nor the shipped build compiles ${unknown.join(', ')}.`);
  writeWhole(join(databaseFolder, 'compile_commands.json'), JSON.stringify([...commands.values()]));
}

/** @returns what it found, or nothing */
async function tidy(file) {
  const args = ['--quiet', '-p', databaseFolder, file];
  const { code, output } = await run(file, 'clang-tidy-14', args, { ...quiet, anyExit: true, timeoutMs: fileMsMax });
  return code === 0 ? '' : output;
}

await main(async () => {
  await setup('test');
  const files = chosenFiles(process.argv.slice(2));
  if (files.length === 0) throw new CommandFailed('No C++ file has such a path.');
  await alone(() => writeDatabase(files));
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
