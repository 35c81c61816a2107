// Sets up, builds and runs the demo: a page with its backend on localhost, or, with --headless, one whole verification
// in the terminal. Whatever else stands on the command line (such as --port=8080) goes to the demo.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { build } from './build.mjs';
import { alone, at } from './repository.mjs';
import { main } from './run_command.mjs';
import { setup } from './setup.mjs';

const headlessMsMax = 5 * 60_000;
/** Ctrl-C in a terminal reaches the child as well; only when it has not ended by then is the signal passed on. */
const passOnMs = 500;
const killMs = 10_000;

/** Runs the demo until it ends, and ends as it ended. */
function runToItsEnd(script, args, msMax) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: at(), stdio: 'inherit' });
    const timers = [];
    const later = (ms, action) => timers.push(setTimeout(action, ms));
    const stop = (signal) => {
      later(signal === 'SIGINT' ? passOnMs : 0, () => child.kill(signal));
      later(killMs, () => child.kill('SIGKILL'));
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    if (msMax !== undefined) {
      later(msMax, () => {
        process.stderr.write(`The demo was stopped: it did not end within ${msMax / 60_000} minutes.\n`);
        child.kill('SIGTERM');
        later(killMs, () => child.kill('SIGKILL'));
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      for (const name of signals) process.off(name, stop);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

await main(async () => {
  const args = process.argv.slice(2);
  const headless = args.includes('--headless');
  await setup('build');
  await build();
  const { buildDemo } = await import('./build-demo.mjs');
  await alone(buildDemo);
  const script = at('build', 'demo', headless ? 'headless.mjs' : 'server.mjs');
  const rest = args.filter((argument) => argument !== '--headless');
  return runToItsEnd(script, rest, headless ? headlessMsMax : undefined);
});
