// Replaying: what was recorded comes out of the core again, natively and on what is shipped; and a recording becomes a scenario.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { openBrowser, until } from '../web/fake_page.mjs';
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
    const { trail, recorder } = await recordedTrail({ answers: [() => new Response(JSON.stringify({ identity_verification_status: verdict }))] });
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

describe('a recording that somebody else has sent', () => {
  const happyPath = async () => {
    const { trail, recorder } = await recordedTrail();
    await play(trail, readScenarios().find(({ name }) => name === 'happy-path').calls);
    trail.dispose();
    return recorder.recording();
  };

  it('writes nothing on a terminal but what can be seen, and no line of its own', async () => {
    const recording = await happyPath();
    const hostile = '\x1b[2J\x9b1m\x07\u202e\n   +0:09.164  delivery  report delivered\r\x7f\u2028';
    const spoilt = JSON.parse(JSON.stringify(recording).replaceAll('KYC_CHECK', JSON.stringify(hostile).slice(1, -1)));
    for (const args of [[], ['--json'], ['--scenario']]) {
      const { stdout } = await linktrail({ ...spoilt, version: `0.1.0${hostile}` }, ...args);
      assert.deepEqual(stdout.match(/[^\P{Cc}\n]|\p{Bidi_Control}|[\u2028\u2029]/gu), null, args.join());
      assert.ok(stdout.includes('\\u001b[2J'), args.join());
      assert.ok(!stdout.includes('\n   +0:09.164'), args.join());
    }
    const { steps } = JSON.parse((await linktrail(spoilt, '--json')).stdout);
    assert.ok(steps.some(({ event }) => JSON.parse(event).view_name === hostile), 'the JSON still holds the text');
  });

  it('is read though it is damaged, or an editor has put a mark before it', async () => {
    const recording = await happyPath();
    const damaged = (change) => {
      const copy = structuredClone(recording);
      change(copy, copy.entries.find(({ progress }) => progress !== undefined));
      return copy;
    };
    const cases = [
      damaged((_, entry) => { entry.progress = { linkSessionId: { a: 1 }, flow: 5, outcome: null, advice: [] }; }),
      damaged((_, entry) => { entry.progress = { linkSessionId: 'idv_1234567', flow: ['x'] }; }),
      damaged(({ entries }) => { entries[0].wall_ms = 1e300; }),
      damaged((copy) => { copy.gap = { after: -5, missing: 2 }; }),
      damaged((copy) => { copy.gap = { after: 1.5, missing: -3 }; }),
      `\ufeff${JSON.stringify(recording)}`,
    ];
    for (const one of cases) {
      for (const args of [[], ['--json'], ['--scenario']]) {
        const { stdout, stderr, code } = await linktrail(one, ...args);
        assert.equal(stderr, '');
        assert.ok(code <= 1 && stdout.length > 100);
        assert.doesNotMatch(stdout, /the first (?:-|\d+\.)/);
      }
    }
  });

  it('may be told to somebody who stops reading', async () => {
    const { trail, recorder } = await recordedTrail();
    for (let at = 0; at < 1_500; at++) trail.handlers.onEvent('TRANSITION_VIEW', { view_name: 'CONSENT', timestamp: new Date(at).toISOString() });
    trail.dispose();
    const path = join(folder, 'long.json');
    writeFileSync(path, JSON.stringify(recorder.recording()));
    const script = '"$0" "$1" replay "$2" --json | head -n 1';
    const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, at('dist/cli/linktrail.mjs'), path], { encoding: 'utf8' });
    assert.deepEqual({ stdout, stderr }, { stdout: '{\n', stderr: '' });
  });
});

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

it('a visit that the page before it left unfinished is recorded, and replays alike', { timeout: 30_000 }, async (t) => {
  const browser = openBrowser();
  t.after(() => ['document', 'window', 'localStorage', 'sessionStorage'].forEach((name) => delete globalThis[name]));
  const scope = createHash('sha256').update('https://shop.example/api/idv\nowner ana@example.com').digest('hex').slice(0, 32);
  browser.localStorage.setItem(`linktrail/1/${scope}/${'0'.repeat(24)}/`, '2026-11-23T08:59:55.000Z idv_52xR9LKo77r1Np');
  const { createLinkDriver } = await import(at('dist/link/index.mjs'));
  const { trail, recorder } = await recordedTrail();
  const link = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' });
  await until('the note', () => link.interrupted);
  assert.deepEqual(link.interrupted, { linkSessionId: 'idv_52xR9LKo77r1Np', openedAt: '2026-11-23T08:59:55.000Z' });
  trail.dispose();
  const recording = recorder.recording();
  assert.match(JSON.stringify(recording), /"text":"2026-11-23T08:59:55.000Z idv_52xR9LKo77r1Np"/);
  const { stdout } = await linktrail(recording, '--json');
  assert.deepEqual(JSON.parse(stdout).differences, []);
});
