// Every scenario of the laboratory once, in Chromium: delivered, and no promise broken on the way. The times are measured
// by `npm run laboratory`; here they only have a ceiling.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { engines, openLaboratory } from './laboratory.mjs';
import { scenarios } from './scenarios.mjs';

/** On a busy machine a page takes its time; a time-out of the outbox would still be seen. */
const ceilingMs = 8_000;

const folder = mkdtempSync(join(tmpdir(), 'linktrail-laboratory-'));
let laboratory;
before(async () => {
  laboratory = await openLaboratory(engines.chromium, folder);
});
after(async () => {
  await laboratory?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

describe('in Chromium', { concurrency: 2 }, () => {
  for (const scenario of scenarios.filter(({ long }) => long !== true)) {
    test(`${scenario.name}: ${scenario.title}`, async () => {
      const { delivered, of, ms, broken, cannot } = await laboratory.run(scenario);
      assert.deepEqual({ delivered, broken, cannot }, { delivered: of, broken: [], cannot: null });
      assert.ok(ms !== null && ms < (scenario.ceilingMs ?? ceilingMs), `it took ${ms} ms`);
    });
  }
});
