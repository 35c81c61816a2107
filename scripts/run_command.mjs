// Runs other programs for the scripts in this folder: a progress line while they work, their output only when they fail.
// It knows nothing of what the programs are for.
import { spawn } from 'node:child_process';

/** A program that failed, was not found, or did not end in time. */
export class CommandFailed extends Error {
  /**
   * @param {string} message one sentence
   * @param {string} output what the program printed
   */
  constructor(message, output = '') {
    super(message);
    this.name = 'CommandFailed';
    this.output = output;
  }
}

const keptOutputCharacters = 400_000;
const redrawMs = 250;
const stillRunningMs = 20_000;

/** @param {number} since a `performance.now()` */
export function secondsSince(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** The progress line of a terminal; without a terminal, a line now and then. */
function progress(label, quiet) {
  const started = performance.now();
  const terminal = process.stdout.isTTY === true;
  let lastLine = '';
  if (quiet) return { heard() {}, ended() {} };
  if (!terminal) process.stdout.write(`${label} …\n`);
  const timer = setInterval(
    () => {
      if (!terminal) {
        process.stdout.write(`${label} … ${secondsSince(started)}\n`);
        return;
      }
      const width = (process.stdout.columns ?? 80) - 1;
      process.stdout.write(`\r\x1b[2K${`${label} … ${secondsSince(started)}  ${lastLine}`.slice(0, width)}`);
    },
    terminal ? redrawMs : stillRunningMs,
  );
  return {
    heard(chunk) {
      const lines = chunk.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]+/).filter((line) => line.trim() !== '');
      lastLine = lines.at(-1)?.trim() ?? lastLine;
    },
    ended(word) {
      clearInterval(timer);
      process.stdout.write(`${terminal ? '\r\x1b[2K' : ''}${label}: ${word} (${secondsSince(started)})\n`);
    },
  };
}

// Children that are still running when this process is told to stop are told as well.
const running = new Set();
function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running.size === 0 && process.listenerCount(signal) > 1) return;
    for (const child of running) killGroup(child, 'SIGTERM');
    process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129);
  });
}

/**
 * Runs a program to its end.
 *
 * @param {string} label what a person reads while it runs
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number, quiet?: boolean, anyExit?: boolean }} [options]
 *   `env` is added to this process's own; `quiet` prints no progress; `anyExit` returns instead of throwing.
 * @returns {Promise<{ code: number, output: string }>} standard output and standard error together
 */
export async function run(label, command, args, options = {}) {
  const { cwd, env, timeoutMs = 600_000, quiet = false, anyExit = false } = options;
  const line = progress(label, quiet);
  let output = '';
  let timedOut = false;
  let child;
  const code = await new Promise((resolve) => {
    // Its own process group, so that a time-out reaches what it has started, too.
    child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child, 'SIGTERM');
      setTimeout(() => killGroup(child, 'SIGKILL'), 3_000).unref();
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-keptOutputCharacters);
        line.heard(chunk);
      });
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      output += `${error.message}\n`;
      resolve(127);
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      if (signal !== null) output += `ended by ${signal}\n`;
      resolve(exitCode ?? 1);
    });
  });
  running.delete(child);
  if (timedOut) output += `stopped after ${timeoutMs / 1000} s\n`;
  const failed = timedOut || code !== 0;
  line.ended(failed && !anyExit ? 'failed' : 'done');
  if (failed && !anyExit) throw new CommandFailed(`${label}: ${command} ended with code ${code}.`, output);
  return { code: timedOut ? 124 : code, output };
}

/** Runs a script's main function: one clear sentence and a program's output on failure, and the exit code. */
export async function main(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (error instanceof CommandFailed) {
      if (error.output !== '') process.stderr.write(`${error.output.trimEnd()}\n`);
      process.stderr.write(`${error.message}\n`);
    } else if (error.code?.startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(`${error.message}\n`);
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    process.exitCode = 1;
  }
}
