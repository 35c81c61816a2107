// What the recorder's tests share: a trail in Node with a clock and an endpoint of the test, and the command line.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const { createLinkTrail, portOf } = await import(at('dist/index.mjs'));
export const { createRecorder } = await import(at('dist/recorder/index.mjs'));

/** Read by the package in place of the machine's; the test moves it. */
export const clock = { startMs: Date.parse('2026-11-23T09:00:00Z'), ms: 0 };
Date.now = () => clock.startMs + clock.ms;
performance.now = () => clock.ms;

export async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A trail that is recorded from its beginning. `answers` are the endpoint's, the last of them for ever. */
export async function recordedTrail({ answers = [() => new Response(null, { status: 204 })], limits, ...options } = {}) {
  clock.ms = 0;
  const left = [...answers];
  globalThis.fetch = async () => (left.length > 1 ? left.shift() : left[0])();
  const errors = [];
  const trail = createLinkTrail({ endpoint: 'https://shop.example/api/idv', owner: 'ana@example.com', onError: (error) => errors.push(error), ...options });
  const recorder = createRecorder(trail, limits);
  await trail.ready;
  return { trail, recorder, errors };
}

/** Has Link make these calls, each at its own time. */
export async function play(trail, calls) {
  for (const { ms, cb, args } of calls) {
    clock.ms = ms;
    trail.handlers[cb](...args);
    await settle();
  }
  for (let flushes = 0; flushes < 3; flushes++) {
    clock.ms += 10_000;
    trail.flush();
    await settle();
  }
}

/** Runs `linktrail` with a recording as a file; resolves with what it printed and how it ended, whatever that was. */
export async function linktrail(recording, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-recorder-'));
  try {
    const path = join(folder, 'recording.json');
    writeFileSync(path, typeof recording === 'string' ? recording : JSON.stringify(recording));
    return await run([at('dist/cli/linktrail.mjs'), 'replay', path, ...args], folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function run(args, cwd = at('.')) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
