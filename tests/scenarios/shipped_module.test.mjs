// The scenarios on what is shipped: the compiled core answers as the native one does, byte for byte, on both engines, and
// the whole package, given Link's own arguments, comes to the expected conclusions on either.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readNativeRecord } from './native_record.mjs';
import { readScenarios } from './scenario_files.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const scenarios = readScenarios();
const utf8 = new TextDecoder();

const recorded = readNativeRecord().split('\n').map((line) => JSON.parse(line));

/** The package, loaded anew for each engine: it asks once whether WebAssembly may run. */
async function importFor(engine) {
  const { WebAssembly } = globalThis;
  if (engine === 'js') delete globalThis.WebAssembly;
  try {
    const linktrail = await import(`${pathToFileURL(at('dist/index.mjs')).href}?${engine}`);
    const trail = linktrail.createLinkTrail({ endpoint: 'https://example.test/idv' });
    assert.equal(await trail.ready, engine);
    trail.dispose();
    return linktrail;
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
}

// Before any test runs, for one of them takes WebAssembly away for a moment.
const packages = { wasm: await importFor('wasm'), js: await importFor('js') };

test('the native run recorded every scenario', () => {
  const all = [...scenarios, ...readScenarios(new URL('answers/', import.meta.url))];
  assert.deepEqual(recorded.map(({ scenario }) => scenario).sort(), all.map(({ name }) => name).sort());
});

for (const chunk of ['core', 'link/core', 'core-js']) {
  const { startModule } = await import(at(`dist/${chunk}.mjs`));
  for (const { scenario, steps } of recorded) {
    test(`${chunk}: ${scenario} has the effects of the native core, byte for byte`, async () => {
      const core = await startModule();
      for (const { event, wall_ms, monotonic_ms, entropy, effects, progress } of steps) {
        assert.equal(utf8.decode(core.handle(event, wall_ms, monotonic_ms, entropy)), effects);
        assert.equal(utf8.decode(core.progress()), progress);
      }
    });
  }
}

/** A clock that the test sets, in the places where the shipped package reads the time. */
const clock = { startMs: Date.parse('2026-01-15T10:00:00Z'), ms: 0 };
Date.now = () => clock.startMs + clock.ms;
performance.now = () => clock.ms;

async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const cases = ['wasm', 'js'].flatMap((engine) => scenarios.map((scenario) => ({ engine, ...scenario })));

for (const { engine, name, calls, expect } of cases) {
  test(`package, as ${engine}: ${name} comes to the expected conclusions`, async () => {
    const reports = [];
    globalThis.fetch = async (url, init) => {
      reports.push(JSON.parse(init.body));
      assert.equal(init.headers['Idempotency-Key'], reports.at(-1).idempotency_key);
      return new Response('{}', { status: 200 });
    };
    const undelivered = [];
    const errors = [];
    clock.ms = 0;
    const trail = packages[engine].createLinkTrail({
      endpoint: 'https://example.test/idv',
      onUndelivered: (receipt) => undelivered.push(receipt),
      onError: (error) => errors.push(error),
    });
    assert.equal(await trail.ready, engine);
    const shown = new Map();
    trail.subscribe((progress) => progress.linkSessionId && shown.set(progress.linkSessionId, progress));
    for (const { ms, cb, args } of calls) {
      clock.ms = ms;
      trail.handlers[cb](...args);
      await settle();
    }
    clock.ms += 10_000;
    trail.flush();
    await settle();

    const sessions = [...shown.values()].map((progress) => ({
      link_session_id: progress.linkSessionId,
      flow: progress.flow,
      outcome: progress.outcome,
      steps: Object.fromEntries(progress.steps.map((step) => [step.viewName, step.status])),
    }));
    const byId = (a, b) => a.link_session_id.localeCompare(b.link_session_id);
    assert.deepEqual(sessions.sort(byId), [...expect.sessions].sort(byId));
    assert.equal(trail.progress.advice, expect.reaction);
    assert.equal(trail.progress.delivery?.state === 'undeliverable', 'undeliverable' in expect);
    assert.equal(undelivered.length, 'undeliverable' in expect ? 1 : 0);
    if (expect.unknown_events) assert.deepEqual(trail.progress.unknownEvents, expect.unknown_events);
    assert.deepEqual(errors, []);
    for (const { link_session_id: id, flow, outcome } of expect.sessions) {
      const last = reports.filter((report) => report.link_session_id === id).at(-1);
      assert.deepEqual({ flow: last.flow, outcome: last.outcome }, { flow, outcome });
      assert.equal((await trail.delivered(id)).state, 'delivered');
    }
    trail.dispose();
  });
}
