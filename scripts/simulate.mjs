// Simulates whole lives over the real core, on two processes: npm run simulate -- [lives]. A life that breaks a promise is
// printed, shrunk, and written down; the same seed replays it.
import { spawn } from 'node:child_process';
import { cmakeBuild } from './build.mjs';
import { at } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';

const processes = 2;

function simulate(first, last) {
  return new Promise((resolve, reject) => {
    const program = at('build', 'release', 'tests', 'simulation', 'simulate');
    const child = spawn(program, ['--seeds', `${first}..${last}`], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

await main(async () => {
  const lives = Number(process.argv[2] ?? 1_000_000);
  if (!Number.isSafeInteger(lives) || lives < processes) throw new CommandFailed(`"${process.argv[2]}" is no number of lives.`);
  await setup('test');
  await cmakeBuild('release', ['simulate'], 'the simulation');
  const each = Math.ceil(lives / processes);
  const started = performance.now();
  const runs = Array.from({ length: processes }, (_, index) => simulate(index * each + 1, Math.min(lives, (index + 1) * each)));
  const codes = await Promise.all(runs);
  console.log(`${lives} lives took ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return codes.every((code) => code === 0) ? 0 : 1;
});
