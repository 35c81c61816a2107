// A trail whose clock and timers the test moves: the shim's source over the built core.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A file of the repository. */
export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** For files of the test's own; it goes with the test. */
export const folder = mkdtempSync(join(tmpdir(), 'linktrail-by-hand-'));
after(() => rmSync(folder, { recursive: true }));

await build({
  entryPoints: [at('web/src/trail.ts'), at('web/src/platform.ts')],
  bundle: true,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  outdir: folder,
  external: ['./core.mjs', './core-js.mjs'],
  define: { __LINKTRAIL_VERSION__: '"0.0.0"' },
  logLevel: 'error',
});
const { createTrail } = await import(pathToFileURL(join(folder, 'trail.mjs')).href);
const { browserPlatform } = await import(pathToFileURL(join(folder, 'platform.mjs')).href);
const { startModule, send } = await import(at('dist/core.mjs'));

export { browserPlatform, createTrail, startModule };
export const startCore = async () => ({ core: await startModule(), engine: 'wasm', send });

/** A core that never comes. */
export const noCore = () => new Promise(() => {});

/** Lets everything run that waits for nothing but its turn. */
export async function settle() {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes when the test says so: `platform` is the browser's with this clock, `timers` what is set. */
export function createTime() {
  const timers = new Map();
  let nowMs = 0;
  let serial = 0;
  const platform = {
    ...browserPlatform,
    wallMs: () => Date.UTC(2026, 0, 15, 10) + nowMs,
    monotonicMs: () => nowMs,
    setTimer: (callback, delayMs) => (timers.set(++serial, { callback, atMs: nowMs + delayMs }), serial),
    clearTimer: (timer) => void timers.delete(timer),
  };
  async function pass(ms) {
    const endMs = nowMs + ms;
    for (;;) {
      await settle();
      const [next] = [...timers].sort((a, b) => a[1].atMs - b[1].atMs);
      if (next === undefined || next[1].atMs > endMs) break;
      timers.delete(next[0]);
      nowMs = Math.max(nowMs, next[1].atMs);
      next[1].callback();
    }
    nowMs = endMs;
  }
  return { platform, timers, pass, now: () => nowMs };
}

/** A trail in such time, its core running. */
export async function openByHand(browser, { time = createTime(), powers = {}, ...options } = {}) {
  const trail = createTrail({ endpoint: '/idv', ...options }, { ...time.platform, ...powers }, startCore);
  browser.trails.push(trail);
  await trail.ready;
  return { trail, ...time };
}
