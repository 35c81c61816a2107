// The scenarios of linktrail/testing are those of tests/scenarios, and the real package comes to their conclusions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createLinkTrail } from 'linktrail';
import { openingsOf, source, sourceText } from '../../scripts/testing_scenarios.mjs';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { createPlaid, required, scenarios, testing } from './support.mjs';

const files = readScenarios();

it('web/testing/scenarios.ts is what scripts/testing_scenarios.mjs writes', () => {
  assert.equal(readFileSync(source, 'utf8'), sourceText(files));
});

it('the package has every scenario file, call by call, as a module and through require', () => {
  for (const shipped of [scenarios, required.scenarios]) {
    assert.deepEqual(Object.keys(shipped), files.map(({ name }) => name));
    for (const { name, note, calls } of files) {
      assert.deepEqual(shipped[name], { name, note, openings: openingsOf(calls) });
    }
  }
  assert.deepEqual(Object.keys(required).sort(), Object.keys(testing).sort());
});

it('a later opening begins as long after its open() as the first after its own', () => {
  const [first, second] = scenarios['resume-after-exit'].openings;
  assert.deepEqual([first[0].ms, second[0].ms, second.at(-1).ms], [800, 800, 196_000 - 140_000 + 800]);
  for (const { name, calls } of files) {
    const told = scenarios[name].openings.flat();
    assert.deepEqual(told.map(({ callback, args }) => [callback, args]), calls.map(({ cb, args }) => [cb, args]), name);
  }
});

/** Added to the page's clocks: what cannot be delivered is told some time after the end of a session. */
let passedMs = 0;
const { now } = Date;
const monotonicNow = performance.now.bind(performance);
Date.now = () => now() + passedMs;
performance.now = () => monotonicNow() + passedMs;

describe('linktrail, told by the stand-in', () => {
  for (const { name, expect } of files) {
    it(`comes to the expected conclusions of ${name}`, async () => {
      const reports = [];
      globalThis.fetch = async (_url, init) => {
        reports.push(JSON.parse(init.body));
        return new Response('{}', { status: 200 });
      };
      const errors = [];
      const undelivered = [];
      const trail = createLinkTrail({
        endpoint: 'https://example.test/idv',
        onError: (error) => errors.push(error),
        onUndelivered: (receipt) => undelivered.push(receipt),
      });
      await trail.ready;
      const shown = new Map();
      trail.subscribe((progress) => progress.linkSessionId && shown.set(progress.linkSessionId, progress));
      const plaid = createPlaid({ clock: 'manual', scenario: name, onUncaught: (error) => errors.push(error) });
      for (const _opening of scenarios[name].openings) {
        const handler = plaid.create({ token: 'link-sandbox-1', ...trail.handlers });
        handler.open();
        await plaid.finish();
        handler.destroy();
      }
      assert.ok(plaid.calls.every(({ result }) => result === 'returned'));
      assert.equal(plaid.calls.length, scenarios[name].openings.flat().length);

      const sessions = [...shown.values()].map(({ linkSessionId, flow, outcome, steps }) => ({
        link_session_id: linkSessionId, flow, outcome,
        steps: Object.fromEntries(steps.map(({ viewName, status }) => [viewName, status])),
      }));
      const byId = (a, b) => a.link_session_id.localeCompare(b.link_session_id);
      assert.deepEqual(sessions.sort(byId), [...expect.sessions].sort(byId));
      assert.equal(trail.progress.advice, expect.reaction);
      if (expect.unknown_events) assert.deepEqual(trail.progress.unknownEvents, expect.unknown_events);
      passedMs += 10_000;
      trail.flush();
      assert.equal(undelivered.length, 'undeliverable' in expect ? 1 : 0);
      for (const { link_session_id: id, flow, outcome } of expect.sessions) {
        assert.equal((await trail.delivered(id)).state, 'delivered');
        const last = reports.filter((report) => report.link_session_id === id).at(-1);
        assert.deepEqual({ flow: last.flow, outcome: last.outcome }, { flow, outcome });
      }
      assert.deepEqual(errors, []);
      trail.dispose();
    });
  }
});
