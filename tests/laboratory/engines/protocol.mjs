// What the three drivers share: a program that can be killed, numbered messages with answers, waiting on a condition, and
// the answer "this engine cannot express that".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** Thrown where an engine has no way to do something: it shows in the table, and nothing is faked. */
export class CannotExpress extends Error {
  name = 'CannotExpress';
}

const answerMsMax = 30_000;
const pollMs = 5;

/** A program in a process group of its own. */
export function startProgram(command, args, { stdio = ['ignore', 'ignore', 'pipe'], env = {} } = {}) {
  const child = spawn(command, args, { stdio, detached: true, env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-20_000)));
  }
  const ended = once(child, 'exit').catch(() => undefined);
  child.on('error', () => undefined);
  const kill = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  };
  process.once('exit', kill);
  return {
    child,
    output: () => output,
    /** Ends it and all that it started, at once, and waits until it is gone. */
    async kill() {
      kill();
      process.off('exit', kill);
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

/** Waits until `condition` gives something truthy, and gives that; fails with `what` when it never does. */
export async function until(what, condition, patienceMs = answerMsMax) {
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > giveUp) throw new Error(`It never came to this: ${what}.`);
    await pause(pollMs);
  }
}

/** Requests with numbers, answers with the same numbers, and events without. */
export function createMessenger(sendText) {
  let last = 0;
  const waiting = new Map();
  const listeners = new Set();
  let closed = null;
  return {
    send(message) {
      const id = ++last;
      if (closed !== null) return Promise.reject(closed);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`No answer to ${message.method} within ${answerMsMax} ms.`));
        }, answerMsMax);
        waiting.set(id, { resolve, reject, timer, method: message.method });
        sendText(JSON.stringify({ id, ...message }));
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    receive(text) {
      const message = JSON.parse(text);
      const asked = waiting.get(message.id);
      if (asked === undefined) {
        for (const listener of [...listeners]) listener(message);
        return;
      }
      waiting.delete(message.id);
      clearTimeout(asked.timer);
      if (message.error === undefined) asked.resolve(message.result);
      else asked.reject(new Error(`${asked.method}: ${message.message ?? message.error.message ?? message.error}`));
    },
    close(reason) {
      closed = new Error(reason);
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(closed);
      }
      waiting.clear();
    },
  };
}
