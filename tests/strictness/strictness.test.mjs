// The packed package on strict pages, in three engines: under a Content-Security-Policy without `eval`, under Trusted Types,
// with WebAssembly allowed, refused and missing. Whatever runs the core, a page sees and its backend gets the same.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { engines } from '../laboratory/laboratory.mjs';
import { packAndInstall } from '../packaging/packed.mjs';
import { readNativeRecord } from '../scenarios/native_record.mjs';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { openSite, policies } from './site.mjs';

const patienceMs = 60_000;
const scenario = readScenarios().find(({ name }) => name === 'kyc-fail-documentary-pass');
const [expected] = scenario.expect.sessions;
const record = readNativeRecord();
const stepsTold = record.split('\n').reduce((sum, line) => sum + JSON.parse(line).steps.length, 0);

/** What the page breaks on purpose, in the end, so that silence before it is known to be silence. */
const marker = /^connect-src http:\/\/127\.0\.0\.2:9/;
/** One question is asked, of an empty module; WebKit refuses without telling anybody. */
const refused = { chromium: ['script-src wasm-eval'], firefox: ['script-src wasm-eval'], webkit: [] };

/** WebKit holds a worker to its policy, and tells nobody. */
const isSilent = (name, kind) => name === 'webkit' && kind === 'worker';

let packed;
let site;
before(async () => {
  packed = await packAndInstall();
  const calls = JSON.stringify(scenario.calls.map(({ cb, args }) => ({ cb, args }))).replaceAll(expected.link_session_id, 'idv_AnySession');
  site = await openSite(join(packed.installed, 'dist'), { '/calls.json': calls, '/record.jsonl': record });
});
after(async () => {
  await site?.close();
  packed?.remove();
});

let visits = 0;
/** Opens a page and waits for what it shows, and for the report of what it broke on purpose. */
async function visitIn(engine, kind, policy, { silent = false, ...more } = {}) {
  const visit = `Strict${++visits}`;
  const tab = await engine.open(`${site.url}/?${new URLSearchParams({ kind, policy, visit, ...more })}`);
  try {
    const isOver = ({ shown, reported }) =>
      shown !== undefined && (shown.error !== undefined || silent || reported.some((report) => marker.test(report)));
    const { shown, loads, posts, reported } = await site.when(visit, isOver, patienceMs);
    const { violations = [], ...found } = shown;
    const unmarked = (list) => list.filter((text) => !marker.test(text));
    return { found, loads, posts, visit, violations: unmarked(violations), reported: unmarked(reported) };
  } finally {
    await tab.close();
  }
}

/** The same for every engine, either core, and every way of taking the package in. */
function checkPlayed({ found, loads, posts, visit }, engine) {
  const { steps, ...rest } = found;
  const { flow, outcome } = expected;
  assert.deepEqual(rest, { engine, state: 'delivered', flow, outcome, errors: [] });
  assert.deepEqual(Object.fromEntries(steps.map((step) => [step.viewName, step.status])), expected.steps);
  assert.equal(loads, 1, 'the page is never loaded again');
  // Not the last one: on two connections the session's first report can come in after its completion.
  const key = `idv_${visit}:${flow}:${outcome}`;
  const { body } = posts.find((post) => post.key === key) ?? assert.fail(`${key} is not among ${posts.map((post) => post.key)}`);
  assert.deepEqual([body.idempotency_key, body.link_session_id, body.flow, body.outcome], [key, `idv_${visit}`, flow, outcome]);
  assert.deepEqual(Object.fromEntries(body.steps.map((step) => [step.view_name, step.status])), expected.steps);
}

for (const [name, launch] of Object.entries(engines)) {
  describe(`in ${name}`, () => {
    let folder;
    let engine;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'linktrail-strictness-'));
      engine = await launch({ profile: join(folder, 'profile') });
    });
    after(async () => {
      await engine?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    });

    for (const [policy, { wasm }] of Object.entries(policies)) {
      for (const kind of ['module', 'script', 'worker']) {
        // A worker is bound by a policy of its own, in which a nonce of the page means nothing.
        if (kind === 'worker' && policy.startsWith('nonce')) continue;
        it(`runs as ${wasm ? 'WebAssembly' : 'JavaScript'} as a ${kind} under the policy of ${policy}, with Trusted Types`, async () => {
          const seen = await visitIn(engine, kind, policy, { silent: isSilent(name, kind) });
          checkPlayed(seen, wasm ? 'wasm' : 'js');
          const told = wasm ? [] : refused[name];
          assert.deepEqual({ violations: seen.violations, reported: seen.reported }, { violations: told, reported: told });
        });
      }
    }

    it('runs as JavaScript, and nothing is reported, where WebAssembly is missing', async () => {
      const seen = await visitIn(engine, 'module', 'self and wasm', { lockdown: '' });
      checkPlayed(seen, 'js');
      assert.deepEqual({ violations: seen.violations, reported: seen.reported }, { violations: [], reported: [] });
    });

    it('has every core answer every scenario as the native one does, byte for byte', async () => {
      const { found } = await visitIn(engine, 'cores', 'self and wasm');
      const same = { steps: stepsTold, differing: [] };
      assert.deepEqual(found, { core: same, 'link/core': same, 'core-js': same });
    });
  });
}
