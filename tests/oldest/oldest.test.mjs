// The built package in the oldest browser that it promises to run in: every scenario on every core, every fault of the laboratory, and a visit
// to Link with every entry but the frameworks'.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openLaboratory } from '../laboratory/laboratory.mjs';
import { scenarios } from '../laboratory/scenarios.mjs';
import { readNativeRecord } from '../scenarios/native_record.mjs';
import { installOldest, launchOldest, oldestVersion } from './browser.mjs';
import { openSite } from './site.mjs';

/** What cannot hold in it, and all else of the same scenario must. */
const impossible = {
  // Chromium keeps no page for the way back on a desktop before version 96.
  'back-forward-idle': ['With nothing to deliver, the page stays eligible for the back/forward cache.'],
  // Nor does it know `'wasm-unsafe-eval'` before version 97: under such a policy the core is JavaScript.
  'script-tag': ['The core runs as WebAssembly.'],
};

const record = readNativeRecord();
const folder = mkdtempSync(join(tmpdir(), 'linktrail-oldest-'));
before(installOldest);
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

describe(`in Chromium ${oldestVersion}`, () => {
  let engine;
  let site;
  let tab;
  before(async () => {
    engine = await launchOldest({ profile: join(folder, 'profile') });
    site = await openSite({ '/record.jsonl': record });
    tab = await engine.open(site.url);
  });
  after(async () => {
    await engine?.close();
    await site?.close();
  });

  it('is that browser', () => assert.equal(engine.version, oldestVersion));

  it('has every core answer every scenario as the native one does, byte for byte', async () => {
    const found = await tab.evaluate("import('/page/compare.mjs').then(({ compareCores }) => compareCores())");
    const same = { steps: record.split('\n').reduce((sum, line) => sum + JSON.parse(line).steps.length, 0), differing: [] };
    assert.deepEqual(found, { core: same, 'link/core': same, 'core-js': same });
  });

  it('drives a visit, delivers it, shows it, tells it, records it and draws it', async () => {
    const seen = await tab.evaluate("import('/page/visit.mjs').then(({ visit }) => visit())");
    const { facts, said, steps, ...rest } = seen;
    assert.deepEqual(rest, {
      engine: 'wasm',
      kind: 'completed',
      state: 'delivered',
      attempts: 1,
      headline: 'Your identity is verified',
      rows: steps.length,
      drawn: true,
      errors: [],
    });
    assert.ok(steps.length > 2 && steps.every((step) => step.endsWith(' passed')), steps.join());
    assert.match(said, /Your identity is verified/);
    assert.ok(facts.length > 5, facts.join());
    const [report] = site.reports.filter(({ flow }) => flow === 'completed');
    assert.equal(report.steps.length, steps.length);
  });

  it('listens to a page no longer than its trail lives', async () => {
    const { during, after: left } = await tab.evaluate("import('/page/visit.mjs').then(({ listenersLeft }) => listenersLeft())");
    assert.ok(during > 5);
    assert.deepEqual(left, []);
  });
});

describe(`the laboratory in Chromium ${oldestVersion}`, { concurrency: 2 }, () => {
  let laboratory;
  before(async () => {
    laboratory = await openLaboratory(launchOldest, join(folder, 'laboratory'));
  });
  after(() => laboratory?.close());

  for (const scenario of scenarios.filter(({ long }) => long !== true)) {
    it(`${scenario.name}: ${scenario.title}`, async () => {
      const { delivered, of, broken, cannot } = await laboratory.run(scenario);
      assert.deepEqual({ delivered, broken, cannot }, { delivered: of, broken: impossible[scenario.name] ?? [], cannot: null });
    });
  }
});
