// The core as a part that may arrive late, never, or break: nothing that Link said is lost by it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { keysOf, metadata, openBrowser, until } from './fake_page.mjs';
import { at, browserPlatform, createTrail, folder, startCore, startModule } from './trail_by_hand.mjs';

test('a core that fails to load is asked for again, and nothing is lost meanwhile', async () => {
  const browser = openBrowser();
  let attempts = 0;
  const load = () => (++attempts < 3 ? Promise.reject(new Error(`chunk ${attempts}`)) : startCore());
  const hasty = { ...browserPlatform, setTimer: (callback) => setTimeout(callback, 1) };
  const trail = createTrail({ endpoint: '/idv' }, hasty, load);
  trail.handlers.onSuccess('', { link_session_id: 'idv_late_core' });
  assert.equal(await trail.ready, 'wasm');
  assert.equal((await trail.delivered()).state, 'delivered');
  assert.deepEqual(browser.errors.map(({ message }) => message), ['chunk 1', 'chunk 2']);
  trail.dispose();
});

test('a core that never loads is reported, and its callbacks stay stored for the next page', async () => {
  const browser = openBrowser();
  const waits = [];
  const hasty = { ...browserPlatform, setTimer: (callback, delayMs) => (waits.push(delayMs), setTimeout(callback, 1)) };
  const trail = createTrail({ endpoint: '/idv' }, hasty, () => Promise.reject(new Error('blocked')));
  trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_no_core'));
  await assert.rejects(trail.ready, /blocked/);
  assert.equal((await trail.delivered()).state, 'unknown');
  assert.equal(browser.errors.length, 5, 'each of five attempts is told');
  assert.deepEqual(waits, [500, 2_000, 8_000, 30_000]);
  assert.equal(browser.localStorage.length, 1);
  browser.reload();
  const next = createTrail({ endpoint: '/idv' }, browserPlatform, startCore);
  await until('the delivery', () => keysOf(browser).includes('idv_no_core:completed:passed'));
  next.dispose();
});

test('without Web Locks a journal that a dead page left is replayed once it is old enough', async () => {
  const browser = openBrowser({ locks: false });
  const hasty = { ...browserPlatform, setTimer: (callback) => setTimeout(callback, 1) };
  const dead = createTrail({ endpoint: '/idv' }, hasty, () => Promise.reject(new Error('blocked')));
  dead.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_unlocked'));
  await assert.rejects(dead.ready, /blocked/);
  const early = createTrail({ endpoint: '/idv' }, browserPlatform, startCore);
  await early.ready;
  assert.equal(browser.requests.length, 0);
  early.dispose();
  const later = { ...browserPlatform, wallMs: () => Date.now() + 61_000 };
  const next = createTrail({ endpoint: '/idv' }, later, startCore);
  await until('the delivery', () => keysOf(browser).includes('idv_unlocked:completed:passed'));
  next.dispose();
});

test('the journal stays while the records made from it are less safe than it is', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const trail = createTrail({ endpoint: '/idv' }, browserPlatform, startCore);
  trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_weak'));
  const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
  browser.localStorage.onWrite = full;
  browser.sessionStorage.onWrite = full;
  await trail.ready;
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  assert.equal(browser.localStorage.length, 1, 'the callback is still there');
  browser.answer = () => 200;
  trail.flush();
  assert.equal((await trail.delivered()).state, 'delivered');
  assert.equal(browser.localStorage.length, 0);
  trail.dispose();
});

/** Gives cores of which the first one traps on whatever tells of `word`. */
function trappingOnce(word) {
  const loader = {
    cores: 0,
    async load() {
      const { core, ...loaded } = await startCore();
      const breaks = ++loader.cores === 1;
      const handle = (text, ...more) => {
        if (breaks && text.includes(word)) throw new WebAssembly.RuntimeError('unreachable');
        return core.handle(text, ...more);
      };
      return { ...loaded, core: { handle, progress: () => core.progress() } };
    },
  };
  return loader;
}

test('a core that traps is replaced, and its records are delivered by the new one', async () => {
  const browser = openBrowser({ answer: () => new TypeError('offline') });
  const loader = trappingOnce('idv_trap');
  const trail = createTrail({ endpoint: '/idv' }, browserPlatform, loader.load);
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_safe' });
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  trail.handlers.onSuccess('', { link_session_id: 'idv_trap' });
  browser.answer = () => 200;
  await until('the second core', () => loader.cores === 2);
  await until('both deliveries', () => keysOf(browser).includes('idv_safe:completed:unknown') && browser.localStorage.length === 0);
  assert.ok(browser.errors.some(({ message }) => message === 'unreachable'));
  await until('the callback that met the trap', () => keysOf(browser).includes('idv_trap:completed:unknown'));
  trail.dispose();
});

test('an answer to a request of a core that trapped is not taken for an answer to its successor', async () => {
  const accepted = [];
  let answerFirst;
  const first = new Promise((resolve) => (answerFirst = resolve));
  const browser = openBrowser();
  browser.answer = ({ headers }, count) => {
    const key = headers['Idempotency-Key'];
    if (count === 1) return first;
    if (key.startsWith('idv_trap') && keysOf(browser).filter((one) => one === key).length === 1) return first.then(() => 503);
    accepted.push(key);
    return 200;
  };
  const loader = trappingOnce('idv_trap');
  const trail = createTrail({ endpoint: '/idv' }, browserPlatform, loader.load);
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_slow' });
  trail.handlers.onSuccess('', { link_session_id: 'idv_trap' });
  await until('the request of the second core', () => keysOf(browser).includes('idv_trap:completed:unknown'));
  answerFirst(200);
  assert.equal((await trail.delivered('idv_trap')).state, 'delivered');
  assert.ok(accepted.includes('idv_trap:completed:unknown'), 'the endpoint has said yes to it');
  trail.dispose();
});

test('after a core that traps again and again, callbacks are kept for the next page', async () => {
  const browser = openBrowser();
  const load = async () => {
    const { core, ...loaded } = await startCore();
    const handle = (text, ...more) => {
      if (text.includes('on_success')) throw new WebAssembly.RuntimeError('unreachable');
      return core.handle(text, ...more);
    };
    return { ...loaded, core: { handle, progress: () => core.progress() } };
  };
  const trail = createTrail({ endpoint: '/idv' }, browserPlatform, load);
  await trail.ready;
  browser.answer = () => 503;
  trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_waits'));
  const waiting = trail.delivered();
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  for (const [id, traps] of [['idv_one', 2], ['idv_two', 4]]) {
    trail.handlers.onSuccess('', { link_session_id: id });
    await until('its traps', () => browser.errors.length === traps);
  }
  trail.handlers.onSuccess('', { link_session_id: 'idv_kept' });
  assert.equal(browser.errors.length, 4, 'no core was given it');
  assert.equal((await trail.delivered('idv_kept')).state, 'unknown');
  assert.equal((await waiting).state, 'unknown', 'nobody waits any longer');
  assert.equal(browser.errors.length, 4, 'nor is any core given it now');
  trail.dispose();
  browser.answer = () => 200;
  browser.reload();
  const next = createTrail({ endpoint: '/idv' }, browserPlatform, startCore);
  await until('the delivery', () => keysOf(browser).includes('idv_kept:completed:unknown'));
  await until('nothing to be kept', () => browser.localStorage.length === 0);
  next.dispose();
});

test('three traps are survived, and a receipt is answered after them', async () => {
  const browser = openBrowser();
  let cores = 0;
  const load = async () => {
    const { core, ...loaded } = await startCore();
    const words = [['idv_twice'], ['idv_twice'], ['idv_twice', 'idv_once']][cores++] ?? [];
    const handle = (text, ...more) => {
      if (words.some((word) => text.includes(word))) throw new WebAssembly.RuntimeError('unreachable');
      return core.handle(text, ...more);
    };
    return { ...loaded, core: { handle, progress: () => core.progress() } };
  };
  const trail = createTrail({ endpoint: '/idv' }, browserPlatform, load);
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_twice' });
  await until('the third core', () => cores === 3);
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_once' });
  assert.equal((await trail.delivered('idv_once')).state, 'delivered');
  assert.equal(browser.errors.length, 3);
  assert.ok(!keysOf(browser).some((key) => key.startsWith('idv_twice')), 'what two cores trapped on is given to no third one');
  trail.dispose();
});

test('a trail that has ended asks for no core again', async () => {
  openBrowser();
  let attempts = 0;
  const trail = createTrail({ endpoint: '/idv' }, { ...browserPlatform, setTimer: (callback) => setTimeout(callback, 1) }, () => {
    attempts += 1;
    return Promise.reject(new Error('blocked'));
  });
  trail.dispose();
  await assert.rejects(trail.ready, /blocked/);
  assert.equal(attempts, 1);
});

test('importing the package touches nothing: it is safe where there is no page', () => {
  const script = `
    for (const name of ['window', 'document', 'localStorage', 'sessionStorage', 'indexedDB', 'navigator', 'location', 'fetch', 'WebAssembly', 'self']) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + ' was touched'); } });
    }
    const { createLinkTrail } = await import(${JSON.stringify(pathToFileURL(at('dist/index.mjs')).href)});
    if (typeof createLinkTrail !== 'function') throw new Error('nothing was exported');
  `;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' });
});

test('where WebAssembly is missing the core runs as JavaScript and delivers as well', () => {
  const script = `
    import http from 'node:http';
    import { createLinkTrail } from ${JSON.stringify(pathToFileURL(at('dist/index.mjs')).href)};
    globalThis.fetch = async () => ({ status: 201, type: 'basic', headers: new Map(), body: null });
    const trail = createLinkTrail({ endpoint: 'https://example.test/idv' });
    trail.handlers.onSuccess('', { link_session_id: 'idv_jitless' });
    console.log(await trail.ready, (await trail.delivered()).state);
  `;
  const flags = ['--jitless', '--disallow-code-generation-from-strings', '--no-warnings'];
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  assert.equal(output.toString().trim(), 'js delivered');
});

test('a chunk whose bytes were damaged on their way says so, and the page does not wait for it', async () => {
  const sound = readFileSync(at('dist/core.mjs'), 'utf8');
  const magic = /"# \(/;
  assert.match(sound, magic, 'the text begins with the bytes 0, "a"');
  const damaged = join(folder, 'damaged.mjs');
  writeFileSync(damaged, sound.replace(magic, '"$ ('));
  const { startModule: start } = await import(pathToFileURL(damaged).href);
  await assert.rejects(start(), WebAssembly.CompileError);
});

test('what a page keeps for the next one is named alike in every build: another version reads it', () => {
  for (const file of ['dist/index.mjs', 'dist/index.cjs', 'dist/linktrail.global.js']) {
    assert.match(readFileSync(at(file), 'utf8'), /\.push\(\{text:[\w$]+,wallMs:[\w$]+\}\)/, `${file}: an entry of the journal`);
  }
});
