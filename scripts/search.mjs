// Searches the small world exhaustively. `--states N` (default a million and a half), `--write` puts the figures into
// docs/simulation.md.
import { cmakeBuild } from './build.mjs';
import { alone, at } from './repository.mjs';
import { main, run } from './run_command.mjs';
import { setup } from './setup.mjs';
import { isWriting, numberOption, thousands, writeFigures } from './simulation_document.mjs';

await main(async () => {
  const states = numberOption('states', 1_500_000);
  await setup('native');
  await alone(() => cmakeBuild('release', ['search'], 'the search'));
  const program = at('build', 'release', 'tests', 'simulation', 'search');
  const { code, output } = await run('Searching', program, ['--states', String(states)], { anyExit: true, timeoutMs: 6 * 3_600_000 });
  process.stdout.write(output);
  const found = /^(\d+) distinct states, (\d+) moves tried, every state within (\d+) moves/m.exec(output);
  if (code !== 0 || found === null) return 1;
  const [, known, moves, depth] = found.map(Number);
  const figures = `${thousands(known)} distinct states, among them every state that ${depth} moves can reach; ${thousands(moves)} moves tried; 0 broken promises.`;
  if (isWriting()) writeFigures('search', figures);
  return 0;
});
