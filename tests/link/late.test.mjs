// A page that loads the driver later than the trail: the core that cannot drive Link gives way to one that can.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { keysOf, metadata, until } from '../web/fake_page.mjs';
import { openPage } from './support.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const cores = { plain: await import(at('dist/core.mjs')), driving: await import(at('dist/link/core.mjs')) };

/** The package's modules, loaded anew, and the driver only when a test asks for it. The chunk of a core comes when `hold` says. */
async function openPackage(t) {
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-late-'));
  t.after(() => rmSync(folder, { recursive: true }));
  await build({
    entryPoints: { trail: at('web/src/trail.ts'), platform: at('web/src/platform.ts'), driver: at('web/link/driver.ts') },
    bundle: true,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    outdir: folder,
    external: ['./core.mjs', './core-js.mjs'],
    define: { __LINKTRAIL_VERSION__: '"0.0.0"' },
    logLevel: 'error',
  });
  const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  const { createTrail } = await load('trail');
  const { browserPlatform } = await load('platform');
  const loaded = [];
  let hasDriver = false;
  const world = {
    loaded,
    /** The core that drives Link cannot be loaded, and nobody waits long before trying again. */
    lacksCore: false,
    /** The core traps on the next event that Link calls `woken_up`. */
    traps: false,
    createTrail(hold = Promise.resolve()) {
      const loadCore = async () => {
        const kind = hasDriver ? 'driving' : 'plain';
        loaded.push(kind);
        await hold;
        if (world.lacksCore && hasDriver) throw new Error('no such chunk');
        const { startModule, send } = cores[kind];
        const core = await startModule();
        const handle = (text, ...more) => {
          if (!world.traps || !text.includes('woken_up')) return core.handle(text, ...more);
          world.traps = false;
          throw new WebAssembly.RuntimeError('unreachable');
        };
        return { core: { handle, progress: () => core.progress() }, engine: 'wasm', send };
      };
      const setTimer = (callback, delayMs) => setTimeout(callback, world.lacksCore ? 0 : delayMs);
      const trail = createTrail({ endpoint: '/idv' }, { ...browserPlatform, setTimer }, loadCore);
      t.after(() => trail.dispose());
      return trail;
    },
    async loadDriver() {
      const { createLinkDriver } = await load('driver');
      hasDriver = true;
      return (trail) => createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' });
    },
  };
  return world;
}

/** Opens Link, has it tell of a whole session, and returns the visit's result. */
async function verify(page, link, id) {
  page.runScript();
  const visit = link.open();
  await until('Link is open', () => page.handlers.length > 0);
  const { onEvent, onSuccess } = page.handlers.at(-1).config;
  onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata(id));
  onEvent('IDENTITY_VERIFICATION_CLOSE_UI', metadata(id));
  onSuccess('', { link_session_id: id });
  return visit;
}

test('a core that runs already is replaced, and what it had not delivered is delivered', async (t) => {
  const page = openPage();
  page.browser.answer = () => 503;
  const world = await openPackage(t);
  const trail = world.createTrail();
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_before' });
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  const createDriver = await world.loadDriver();
  page.browser.answer = () => 200;
  const link = createDriver(trail);
  const result = await verify(page, link, 'idv_driven');
  assert.deepEqual(world.loaded, ['plain', 'driving']);
  assert.deepEqual([result.kind, result.linkSessionId, result.outcome], ['completed', 'idv_driven', 'passed']);
  assert.equal((await trail.delivered('idv_before')).state, 'delivered');
  assert.equal((await trail.delivered('idv_driven')).state, 'delivered');
  assert.equal(trail.progress.rejected, 0);
  assert.equal(page.browser.localStorage.length, 0);
});

test('a core that is on its way is not started, and what Link said meanwhile is handled once', async (t) => {
  const page = openPage();
  const world = await openPackage(t);
  let release;
  const trail = world.createTrail(new Promise((resolve) => (release = resolve)));
  trail.handlers.onSuccess('', { link_session_id: 'idv_early' });
  const createDriver = await world.loadDriver();
  const link = createDriver(trail);
  release();
  await trail.ready;
  assert.deepEqual(world.loaded, ['plain', 'driving']);
  assert.equal((await trail.delivered('idv_early')).state, 'delivered');
  assert.deepEqual(keysOf(page.browser), ['idv_early:completed:unknown']);
  assert.equal((await verify(page, link, 'idv_driven')).kind, 'completed');
});

test('a driver that was there first has its core from the beginning', async (t) => {
  const page = openPage();
  const world = await openPackage(t);
  const createDriver = await world.loadDriver();
  const trail = world.createTrail();
  await trail.ready;
  const link = createDriver(trail);
  assert.equal((await verify(page, link, 'idv_driven')).kind, 'completed');
  assert.deepEqual(world.loaded, ['driving']);
});

test('a core that traps while Link is open is told by the driver that it is, and the visit goes on to its end', async (t) => {
  const page = openPage();
  const world = await openPackage(t);
  const createDriver = await world.loadDriver();
  const trail = world.createTrail();
  await trail.ready;
  const link = createDriver(trail);
  page.runScript();
  const visit = link.open();
  await until('Link is open', () => page.handlers.length > 0);
  world.traps = true;
  const { onEvent, onExit } = page.handlers[0].config;
  onEvent('woken_up', metadata('idv_trap'));
  await until('the second core', () => world.loaded.length === 2);
  await trail.ready;
  assert.equal(link.state, 'open');
  onExit(null, { link_session_id: 'idv_trap' });
  const { kind, linkSessionId } = await visit;
  assert.deepEqual([kind, linkSessionId], ['exited', 'idv_trap']);
  assert.equal(page.handlers.length, 1);
  await until('the end of the handler', () => page.handlers[0].calls.includes('destroy'));
});

test('a core that traps while Link is being prepared gives way to one that opens it', async (t) => {
  const page = openPage();
  const world = await openPackage(t);
  const createDriver = await world.loadDriver();
  const trail = world.createTrail();
  await trail.ready;
  const link = createDriver(trail);
  const visit = link.open();
  await until('the preparation', () => link.state === 'preparing');
  world.traps = true;
  trail.handlers.onEvent('woken_up', metadata(''));
  await until('the second core', () => world.loaded.length === 2);
  await trail.ready;
  page.load();
  assert.equal((await verify(page, link, 'idv_prepared')).kind, 'completed');
  assert.equal((await visit).kind, 'completed');
});

test('a trail that was disposed gets no new core, and a visit to Link is closed at once', async (t) => {
  openPage();
  const world = await openPackage(t);
  const trail = world.createTrail();
  await trail.ready;
  trail.dispose();
  const createDriver = await world.loadDriver();
  assert.equal((await createDriver(trail).open()).kind, 'closed');
  assert.deepEqual(world.loaded, ['plain']);
});

test('where the core that drives Link cannot be loaded, the visit has failed, and nobody waits for a receipt', async (t) => {
  const page = openPage();
  const world = await openPackage(t);
  const trail = world.createTrail();
  await trail.ready;
  page.browser.answer = () => 503;
  trail.handlers.onSuccess('', { link_session_id: 'idv_before' });
  const waiting = [trail.delivered(), trail.delivered('idv_before')];
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  world.lacksCore = true;
  const link = (await world.loadDriver())(trail);
  const { kind, failure, cause, advice } = await link.open();
  assert.deepEqual([kind, failure, cause.message, advice], ['failed', 'core', 'no such chunk', 'retry_later']);
  assert.equal((await link.open()).failure, 'core');
  assert.equal((await trail.delivered()).state, 'unknown');
  assert.deepEqual((await Promise.all(waiting)).map(({ state }) => state), ['unknown', 'unknown'], 'nor whoever waited before');
  assert.equal(page.handlers.length, 0);
});
