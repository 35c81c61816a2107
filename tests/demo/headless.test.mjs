// The headless player, run as a person runs it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../build/demo/headless.mjs', import.meta.url));

const play = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });

const endings = {
  pass: ['completed', 'passed', 'success'],
  fallback: ['completed', 'passed', 'success'],
  fail: ['completed', 'failed', 'failed'],
  review: ['completed', 'pending_review', 'pending_review'],
  leave: ['completed', 'passed', 'success'],
  expired: ['completed', 'passed', 'success'],
  'no-success': ['completed', 'passed', 'success'],
  'already-finished': ['exited', 'unknown', 'success'],
  outage: ['completed', 'passed', 'success'],
};

for (const [scenario, [flow, outcome, verdict]] of Object.entries(endings)) {
  test(`the scenario ${scenario} ends in the backend as ${flow}, ${outcome}, ${verdict}`, async () => {
    const { code, stdout, stderr } = await play('--fast', '--scenario', scenario);
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /session id {7}\S+/);
    assert.match(stdout, new RegExp(`flow {13}${flow}\n`));
    assert.match(stdout, new RegExp(`outcome {10}${outcome} `));
    assert.match(stdout, new RegExp(`Plaid's verdict {2}${verdict}\n`));
  });
}

test('an unknown scenario is refused with the list of those that exist', async () => {
  const { code, stderr } = await play('--scenario', 'nonsense');
  assert.equal(code, 2);
  assert.match(stderr, /pass, fallback, fail/);
});
