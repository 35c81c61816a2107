// Measures in Chromium: starts it on a page that measures itself. No debugger is attached: with one, every `fetch` takes the stack of its
// callers along, which costs a quarter of a bare one and more the deeper the stack (docs/decisions/007-on-success.md).
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed } from '../run_command.mjs';

export const program = '/usr/bin/chromium';
const timeoutMs = 10 * 60_000;
const options = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc', '--enable-precise-memory-info',
];

/** @param {{ origin: string, found: Promise<object> }} server of server.mjs */
export async function measureInChromium({ origin, found }) {
  const profile = mkdtempSync(join(tmpdir(), 'linktrail-bench-'));
  const browser = spawn(program, [...options, `--user-data-dir=${profile}`, `${origin}/`], { stdio: 'ignore' });
  const ended = new Promise((resolve, reject) => browser.once('error', reject).once('exit', resolve));
  const failed = (why) => Promise.reject(new CommandFailed(`Chromium ${why} before it had measured.`));
  try {
    const result = await Promise.race([
      found,
      ended.then(() => failed('ended')),
      sleep(timeoutMs, undefined, { ref: false }).then(() => failed(`took ${timeoutMs / 60_000} minutes`)),
    ]);
    if (result.error !== undefined) throw new CommandFailed(result.error);
    return result;
  } finally {
    browser.kill();
    await ended;
    // Its processes write for a moment longer than it lives.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
