// Replaying: what was recorded comes out of the core again, natively and on what is shipped; and a recording becomes a scenario.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { at, linktrail, play, recordedTrail } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'linktrail-replay-'));
after(() => rmSync(folder, { recursive: true }));
const runner = at('build/native/scenario_runner');
const status = (code, headers = {}) => () => new Response(null, { status: code, headers });
const sort = (sessions) => [...sessions].sort((a, b) => a.link_session_id.localeCompare(b.link_session_id));

/** The native core holds itself to the steps; throws with what differs. */
const nativeReplay = (path) => execFileSync(runner, ['--replay', path], { encoding: 'utf8' });

for (const { name, calls, expect } of readScenarios()) {
  describe(name, () => {
    let recording;
    it('replays with the effects that were recorded, on the shipped core and natively', async () => {
      const answers = [status(503, { 'Retry-After': '1' }), status(401), () => Promise.reject(new TypeError('no network')), status(204)];
      const { trail, recorder } = await recordedTrail({ answers });
      await play(trail, calls);
      await trail.delivered();
      trail.dispose();
      recording = recorder.recording();
      const { stdout, code } = await linktrail(recording, '--json');
      assert.equal(code, 0, stdout);
      const { differences, steps } = JSON.parse(stdout);
      assert.deepEqual(differences, []);
      assert.equal(steps.length, recording.entries.length);
      const path = join(folder, `${name}.json`);
      writeFileSync(path, stdout);
      assert.match(nativeReplay(path), new RegExp(`^${steps.length + 1} passed, 0 failed`));
    });

    it('becomes a scenario that comes to the same conclusions', async () => {
      const { stdout, code } = await linktrail(recording, '--scenario');
      assert.equal(code, 0);
      const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
      const written = lines.at(-1).expect;
      const clean = (sessions) => sessions.filter(({ link_session_id: id }) => !id.includes('WITHHELD'));
      assert.deepEqual(sort(clean(written.sessions)), sort(expect.sessions.filter(({ link_session_id: id }) => written.sessions.some((one) => one.link_session_id === id))));
      assert.equal(written.sessions.length, expect.sessions.length);
      assert.equal(written.reaction, expect.reaction);
      assert.equal('undeliverable' in written, 'undeliverable' in expect);
      const own = join(folder, `scenario-${name}`);
      mkdirSync(own);
      writeFileSync(join(own, 'recorded.jsonl'), stdout);
      assert.match(execFileSync(runner, [own], { encoding: 'utf8' }), /^\d+ passed, 0 failed/);
    });
  });
}

for (const verdict of ['success', 'failed', 'pending_review', 'active', 'expired', 'canceled']) {
  it(`the verdict ${verdict} is recorded as it was told, and replays alike`, async () => {
    const { trail, recorder } = await recordedTrail({ answers: [() => new Response(JSON.stringify({ status: verdict }))] });
    await play(trail, readScenarios().find(({ name }) => name === 'happy-path').calls);
    assert.equal(trail.progress.verdict, verdict);
    trail.dispose();
    const recording = recorder.recording();
    assert.equal(recording.withheld, 0);
    const { stdout, code } = await linktrail(recording);
    assert.match(stdout, new RegExp(`the backend says: ${verdict.replace('_', ' ')}\n`));
    assert.equal(code, 0, stdout);
  });
}

it('a native core that answered otherwise would be noticed', async () => {
  const { trail, recorder } = await recordedTrail();
  await play(trail, readScenarios()[0].calls);
  trail.dispose();
  const replayed = JSON.parse((await linktrail(recorder.recording(), '--json')).stdout);
  replayed.steps.find(({ effects }) => effects !== '[]').effects = '[]';
  const path = join(folder, 'changed.json');
  writeFileSync(path, JSON.stringify(replayed));
  assert.throws(() => nativeReplay(path), /Command failed/);
});
