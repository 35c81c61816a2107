// Lives many simulated lives, in two processes. `--lives N` (default a million), `--write` puts the figures into
// docs/simulation.md. A life that breaks a promise is shortened and written to tests/simulation/regressions.
import { cmakeBuild } from './build.mjs';
import { alone, at } from './repository.mjs';
import { CommandFailed, main, run, secondsSince } from './run_command.mjs';
import { setup } from './setup.mjs';
import { isWriting, numberOption, thousands, writeFigures } from './simulation_document.mjs';

const processes = 2;
const counts = /(\d+) lives \(\d+ from files\), (\d+) pages, (\d+) steps, (\d+) requests taken, (\d+) of them repetitions, (\d+) sessions delivered, (\d+) broken promises/;

async function share(lives, index, program) {
  const regressions = at('tests', 'simulation', 'regressions');
  const args = ['--seeds', `${index + 1}..${lives}`, '--stride', String(processes), '--failures', regressions];
  if (index === 0) args.push('--regressions', regressions);
  const { code, output } = await run('Simulating', program, args, { quiet: index > 0, anyExit: true, timeoutMs: 12 * 3_600_000 });
  const found = counts.exec(output);
  if (found === null) throw new CommandFailed('The simulation did not come to its end.', output);
  if (code !== 0) process.stdout.write(output);
  return found.slice(1).map(Number);
}

await main(async () => {
  const lives = numberOption('lives', 1_000_000);
  await setup('native');
  await alone(() => cmakeBuild('release', ['simulate'], 'the simulation'));
  const program = at('build', 'release', 'tests', 'simulation', 'simulate');
  const started = performance.now();
  const shares = await Promise.all(Array.from({ length: processes }, (_, index) => share(lives, index, program)));
  const [lived, pages, steps, requests, repetitions, sessions, broken] = shares.reduce((a, b) => a.map((n, i) => n + b[i]));
  const summary =
    `${thousands(lived)} lives: ${thousands(pages)} pages, ${thousands(steps)} steps of the core, ${thousands(requests)} ` +
    `requests taken of which ${thousands(repetitions)} were repetitions, ${thousands(sessions)} sessions delivered, ` +
    `${broken} broken promises`;
  console.log(`${summary} (${secondsSince(started)})`);
  if (isWriting() && broken === 0) writeFigures('simulate', `${summary}.`);
  return broken === 0 ? 0 : 1;
});
