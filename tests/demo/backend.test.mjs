// The demo's backend, spoken to over HTTP as a browser speaks to it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from 'lmdb';
import { merge, readReport, startDemo, told } from '../../build/demo/library.mjs';
import { backend, folder, permutations, report, requestedWith, signIn, until } from './support.mjs';

test('a report is stored once, however many copies of it arrive', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  const done = report(id, 'completed', 'passed');
  const answers = await Promise.all([user.report(done), user.report(done), user.report(done)]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  await user.report(done);
  const [session, ...others] = await user.sessions();
  assert.deepEqual(others, []);
  assert.equal(session.link_session_id, id);
  assert.equal(session.reports, 1);
  assert.equal(session.copies, 4);
});

test('reports may arrive in any order: the strongest counts', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const told_so_far = [
    ['in_progress', 'unknown', '2026-01-15T10:00:00.000Z'],
    ['exited', 'unknown', '2026-01-15T10:00:01.000Z'],
    ['completed', 'unknown', '2026-01-15T10:00:02.000Z'],
    ['completed', 'passed', '2026-01-15T10:00:02.000Z'],
  ];
  for (const order of permutations(told_so_far)) {
    const id = await user.atPlaid('passed');
    for (const [flow, outcome, at] of order) {
      assert.equal((await user.report(report(id, flow, outcome, { occurred_at: at }))).status, 200);
    }
    const session = (await user.sessions()).find((one) => one.link_session_id === id);
    assert.deepEqual([session.flow, session.outcome, session.reports], ['completed', 'passed', 4]);
  }
});

test('a later outcome of a completed session replaces an earlier one, and not the other way round', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const failed = { occurred_at: '2026-01-15T10:00:00.000Z' };
  const passed = { occurred_at: '2026-01-15T11:00:00.000Z' };
  for (const order of permutations([['failed', failed], ['passed', passed]])) {
    const id = await user.atPlaid('passed');
    for (const [outcome, more] of order) await user.report(report(id, 'completed', outcome, more));
    const session = (await user.sessions()).find((one) => one.link_session_id === id);
    assert.equal(session.outcome, 'passed');
  }
});

test('merging is commutative, associative and idempotent', () => {
  const all = [];
  for (const flow of ['in_progress', 'exited', 'completed']) {
    for (const outcome of ['unknown', 'passed', 'failed']) {
      for (const second of [0, 1]) {
        const at = `2026-01-15T10:00:0${second}.000Z`;
        const exit = second === 0 ? null : { error_type: null, error_code: null, status: null, at };
        all.push(told(readReport(report('idv_a', flow, outcome, { occurred_at: at, exit }))));
      }
    }
  }
  for (const a of all) {
    assert.deepEqual(merge(a, a), a);
    for (const b of all) {
      assert.deepEqual(merge(a, b), merge(b, a));
      for (const c of all) assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c)));
    }
  }
});

test('the verdict is Plaid’s, whatever the report claims', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid('failed');
  const { body } = await user.report(report(id, 'completed', 'passed'));
  assert.deepEqual(body.session.verdict, { kind: 'known', status: 'failed' });
  assert.equal(body.session.outcome, 'passed');
});

test('a session in progress costs no request to Plaid, a repeated report none either', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid();
  await user.report(report(id));
  assert.deepEqual(demo.looks, []);
  await user.report(report(id, 'exited'));
  await user.report(report(id, 'exited'));
  assert.deepEqual(demo.looks, [id]);
  assert.deepEqual((await user.sessions())[0].verdict, { kind: 'known', status: 'active' });
});

test('a session of somebody else is refused, not to be sent again after a login, and changes nothing', async (t) => {
  const demo = await backend(t);
  const owner = await signIn(demo);
  const thief = await signIn(demo);
  assert.notEqual(owner.userId, thief.userId);
  const id = await owner.atPlaid('passed');
  for (const flow of ['exited', 'completed']) {
    const answer = await thief.report(report(id, flow, flow === 'completed' ? 'passed' : 'unknown'));
    assert.equal(answer.status, 404);
    assert.equal(answer.body.error.code, 'not_yours');
  }
  assert.deepEqual(await thief.sessions(), []);
  assert.deepEqual(await owner.sessions(), []);
  // A claim that was never checked stays with the one who made it, and does not stand in the owner's way.
  await thief.report(report(id));
  assert.equal((await owner.report(report(id, 'completed', 'passed'))).status, 200);
  assert.equal((await owner.sessions())[0].verdict.status, 'success');
  assert.deepEqual((await thief.sessions())[0].verdict, { kind: 'not_asked', status: null });
});

test('an id that Plaid does not know is stored as such and acknowledged', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = '5d3c0a52-6b0e-4f1a-9a57-1c2f6e0b7d11';
  const exit = { error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN', status: null, at: '2026-01-15T10:00:00.000Z' };
  const answer = await user.report(report(id, 'exited', 'unknown', { id_source: 'onExit', steps: [], exit }));
  assert.equal(answer.status, 200);
  const [session] = await user.sessions();
  assert.deepEqual(session.verdict, { kind: 'unknown_to_plaid', status: null });
  assert.equal(session.error_code, 'INVALID_LINK_TOKEN');
});

test('a session that Plaid still thinks about is looked at again until it is decided', async (t) => {
  let clock = Date.now();
  const demo = await backend(t, { now: () => clock, settleMs: 60_000, lookAgainMs: Array(10_000).fill(1) });
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  const { body } = await user.report(report(id, 'completed', 'passed'));
  assert.deepEqual(body.session.verdict, { kind: 'known', status: 'active' });
  await until('a second look', () => demo.looks.length > 1);
  assert.equal((await user.sessions())[0].verdict.status, 'active');
  clock += 60_001;
  await until('the verdict', async () => (await user.sessions())[0].verdict.status === 'success');
});

test('the answer to a report tells the verdict in Plaid’s words, and a copy of the report is told the present one', async (t) => {
  let clock = Date.now();
  const demo = await backend(t, { now: () => clock, settleMs: 60_000, lookAgainMs: Array(10_000).fill(1) });
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  assert.equal((await user.report(report(id))).body.identity_verification_status, null, 'nobody asked Plaid yet');
  const done = report(id, 'completed', 'passed');
  assert.equal((await user.report(done)).body.identity_verification_status, 'active');
  clock += 60_001;
  await until('the verdict', async () => (await user.sessions())[0].verdict.status === 'success');
  const looks = demo.looks.length;
  assert.equal((await user.report(done)).body.identity_verification_status, 'success');
  assert.equal(demo.looks.length, looks, 'to be asked costs no request to Plaid');
  demo.plaidIsDown.now = true;
  assert.equal((await user.report(report(await user.atPlaid('failed'), 'completed', 'failed'))).body.identity_verification_status, 'active');
});

test('while Plaid is out of reach a report is kept and acknowledged, and checked as soon as Plaid is back', async (t) => {
  const demo = await backend(t, { lookAgainMs: Array(10_000).fill(1) });
  const owner = await signIn(demo);
  const thief = await signIn(demo);
  const id = await owner.atPlaid('failed');
  demo.plaidIsDown.now = true;
  for (const user of [owner, thief]) {
    const answer = await user.report(report(id, 'completed', 'passed'));
    assert.equal(answer.status, 202);
    assert.deepEqual(answer.body.session.verdict, { kind: 'unreachable', status: null });
  }
  demo.plaidIsDown.now = false;
  await until('the owner’s verdict', async () => (await owner.sessions())[0].verdict.status === 'failed');
  await until('the end of the claim', async () => (await thief.sessions())[0].verdict.kind === 'unknown_to_plaid');
});

test('what Plaid has said is undone neither by its silence nor by an older answer that comes late', async (t) => {
  let clock = Date.now();
  const late = [];
  let isLate = false;
  const demo = await backend(t, {
    now: () => clock++,
    lookAgainMs: [],
    aroundPlaid: (plaid) => ({
      ...plaid,
      look: (id) => (isLate ? new Promise((resolve) => late.push(resolve)) : plaid.look(id)),
    }),
  });
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  isLate = true;
  const early = user.report(report(id, 'completed'));
  await until('the first look', () => late.length === 1);
  isLate = false;
  assert.equal((await user.report(report(id, 'completed', 'passed'))).body.identity_verification_status, 'success');
  late.pop()({ kind: 'known', userId: user.userId, status: 'active' });
  assert.equal((await early).body.identity_verification_status, 'success');
  isLate = true;
  const silent = user.report(report(id, 'completed', 'failed'));
  await until('the third look', () => late.length === 1);
  late.pop()({ kind: 'unreachable' });
  assert.deepEqual([(await silent).status, (await silent).body.identity_verification_status], [200, 'success']);
});

test('who left while Plaid was out of reach is asked for as soon as Plaid is back', async (t) => {
  const demo = await backend(t, { lookAgainMs: Array(10_000).fill(1) });
  const user = await signIn(demo);
  const id = await user.atPlaid();
  demo.plaidIsDown.now = true;
  assert.equal((await user.report(report(id, 'exited'))).status, 202);
  demo.plaidIsDown.now = false;
  await until('the verdict', async () => (await user.sessions())[0].verdict.kind === 'known');
});

test('looking again has an end', async (t) => {
  const demo = await backend(t, { settleMs: 3_600_000, lookAgainMs: [1, 1] });
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  await user.report(report(id, 'completed', 'passed'));
  await until('two more looks', () => demo.looks.length === 3);
  assert.equal((await user.sessions())[0].verdict.status, 'active');
  assert.equal(demo.looks.length, 3);
});

test('what was stored survives a restart: sessions, logins, verdicts, and what is still to be decided', async (t) => {
  const data = folder(t);
  let clock = Date.now();
  const now = () => clock;
  const first = await backend(t, { data, now, settleMs: 60_000, lookAgainMs: [] });
  const user = await signIn(first);
  const unfinished = await user.atPlaid();
  await user.report(report(unfinished));
  const finished = await user.atPlaid('passed');
  await user.report(report(finished, 'completed', 'passed'));
  const before = await user.sessions();
  assert.equal(before.length, 2);
  await first.close();

  clock += 60_001;
  const second = await backend(t, { data, now, settleMs: 60_000 });
  const again = await signIn(second, user.cookie);
  assert.equal(again.userId, user.userId);
  const withoutVerdict = (sessions) => sessions.map(({ verdict: _, ...rest }) => rest);
  assert.deepEqual(withoutVerdict(await again.sessions()), withoutVerdict(before));
  await until('the verdict', async () => (await again.sessions()).some((one) => one.verdict.status === 'success'));
  await again.report(report(finished, 'completed', 'passed'));
  assert.equal((await again.sessions()).find((one) => one.link_session_id === finished).reports, 1);
});

test('data of another schema is refused and left alone', async (t) => {
  const data = folder(t);
  const root = open({ path: data, maxDbs: 8 });
  root.openDB('meta', { encoding: 'json' }).putSync('schema', 99);
  await root.close();
  await assert.rejects(startDemo({ data, port: 0 }), /schema 99/);
});

test('an unfinished session goes on under its id, starting over makes a new one', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const first = await user.atPlaid();
  assert.equal(await user.atPlaid(undefined, { resume: true }), first);
  assert.equal(await user.atPlaid('passed', { resume: true }), first);
  const { link_token: token } = (await user.post('/api/link-token', { scenario: 'pass', resume: true })).body;
  const opened = await user.post('/stand-in/link/open', { link_token: token });
  assert.deepEqual(opened.body, { kind: 'finished', linkSessionId: first });
  assert.notEqual(await user.atPlaid(), first);
});

test('bad input gets a clear JSON error and changes nothing', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  await user.report(report(id, 'completed', 'passed'));
  const before = await user.sessions();
  const good = report(id, 'exited');
  const json = { 'Content-Type': 'application/json' };
  const key = { 'Idempotency-Key': good.idempotency_key };
  const without = (name) => {
    const { [name]: _, ...rest } = good;
    return rest;
  };
  const step = good.steps[0];
  const cases = [
    ['nothing', '', 400, 'not_json'],
    ['no JSON', '{"schema":', 400, 'not_json'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'not_json'],
    ['no object', '[]', 422, 'invalid_report'],
    ['null', 'null', 422, 'invalid_report'],
    ['too large', JSON.stringify({ ...good, padding: 'x'.repeat(70_000) }), 413, 'too_large'],
    ['another content type', JSON.stringify(good), 415, 'not_json_type', { 'Content-Type': 'text/plain' }],
    ['an unknown schema', { ...good, schema: 'linktrail.report.v9' }, 422, 'unknown_schema'],
    ['no schema', without('schema'), 422, 'unknown_schema'],
    ...Object.keys(good).filter((name) => name !== 'schema').map((name) => [`no ${name}`, without(name), 422, 'invalid_report']),
    ...Object.keys(good).filter((name) => name !== 'schema').map((name) => [`${name} is a number`, { ...good, [name]: 7 }, 422, 'invalid_report']),
    ['an id with a line break', { ...good, link_session_id: 'idv_x\r\nX-Injected: 1' }, 422, 'invalid_report'],
    ['an empty id', { ...good, link_session_id: '' }, 422, 'invalid_report'],
    ['a long id', { ...good, link_session_id: 'x'.repeat(281) }, 422, 'invalid_report'],
    ['an id that is an array', { ...good, link_session_id: [id] }, 422, 'invalid_report'],
    ['an unknown flow', { ...good, flow: 'idle' }, 422, 'invalid_report'],
    ['an unknown outcome', { ...good, outcome: 'verified' }, 422, 'invalid_report'],
    ['no time', { ...good, occurred_at: 'yesterday' }, 422, 'invalid_report'],
    ['an impossible time', { ...good, occurred_at: '2026-99-99T99:99:99.999Z' }, 422, 'invalid_report'],
    ['too many steps', { ...good, steps: Array(257).fill(step) }, 422, 'invalid_report'],
    ['a step without a name', { ...good, steps: [{ ...step, view_name: '' }] }, 422, 'invalid_report'],
    ['half a try', { ...good, steps: [{ ...step, attempts: 0.5 }] }, 422, 'invalid_report'],
    ['an exit without a time', { ...good, exit: { error_type: null, error_code: null, status: null } }, 422, 'invalid_report'],
    ['another client', { ...good, client: { name: 'other', version: '1' } }, 422, 'invalid_report'],
    ['another key in the header', good, 400, 'wrong_key', { 'Idempotency-Key': 'another' }],
    ['the key of another report', { ...good, idempotency_key: `${id}:completed:passed` }, 422, 'key_reused', { 'Idempotency-Key': `${id}:completed:passed` }],
  ];
  for (const [what, body, status, code, more = {}] of cases) {
    const answer = await user.post('/api/idv', body, { ...json, ...key, ...more });
    assert.deepEqual([answer.status, answer.body.error.code], [status, code], what);
    assert.equal(typeof answer.body.error.message, 'string', what);
    assert.ok(!answer.body.error.message.includes('Injected'), `${what}: the value is quoted`);
  }
  const noKey = await user.post('/api/idv', good);
  assert.deepEqual([noKey.status, noKey.body.error.code], [400, 'wrong_key']);
  assert.deepEqual(await user.sessions(), before);
});

test('other bad requests are refused clearly', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const call = async (method, path, headers = {}, body) => {
    const answer = await fetch(`${demo.url}${path}`, { method, headers, body });
    return [answer.status, (await answer.json()).error.code, answer.headers.get('allow')];
  };
  const json = { ...user.headers, 'Content-Type': 'application/json' };
  assert.deepEqual(await call('GET', '/api/idv', user.headers), [405, 'method_not_allowed', 'POST']);
  assert.deepEqual(await call('DELETE', '/api/verifications', user.headers), [405, 'method_not_allowed', 'GET, HEAD']);
  assert.deepEqual(await call('POST', '/', json, '{}'), [405, 'method_not_allowed', 'GET, HEAD']);
  assert.deepEqual(await call('GET', '/nothing'), [404, 'not_found', null]);
  assert.deepEqual(await call('GET', '/constructor'), [404, 'not_found', null]);
  assert.deepEqual(await call('GET', '/..%2fserver.mjs'), [404, 'not_found', null]);
  assert.deepEqual(await call('GET', '/api/verifications'), [401, 'signed_out', null]);
  assert.deepEqual(await call('POST', '/api/link-token', json, '{"scenario":"nonsense"}'), [422, 'unknown_scenario', null]);
  assert.deepEqual(await call('POST', '/api/link-token', json, '{"scenario":"pass","resume":1}'), [422, 'invalid_request', null]);
  assert.deepEqual(await call('POST', '/api/faults', json, '{"mode":"fire"}'), [422, 'invalid_fault', null]);
  assert.deepEqual(await call('POST', '/api/faults', json, '{"mode":"down","seconds":-1}'), [422, 'invalid_fault', null]);
  assert.deepEqual(await call('POST', '/stand-in/link/tell', json, '{"link_token":"x","change":{"kind":"begun"}}'), [404, 'unknown_token', null]);
  assert.deepEqual(await call('POST', '/stand-in/link/tell', json, '{"link_token":"x","change":{"kind":"won"}}'), [422, 'invalid_request', null]);
});

test('another site cannot make a browser send anything', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  const sent = JSON.stringify(report(id, 'completed', 'passed'));
  const send = (headers) =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: demo.port, path: '/api/idv', method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject).end(sent);
    });
  const base = { Cookie: user.cookie, 'Content-Type': 'application/json', 'Idempotency-Key': `${id}:completed:passed` };
  assert.equal(await send(base), 403);
  assert.equal(await send({ ...base, ...requestedWith, Origin: 'https://elsewhere.example' }), 403);
  assert.equal(await send({ ...base, ...requestedWith, 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await send({ ...base, ...requestedWith, Host: 'elsewhere.example' }), 421);
  assert.deepEqual(await user.sessions(), []);
  const own = { Origin: `http://127.0.0.1:${demo.port}`, 'Sec-Fetch-Site': 'same-origin' };
  assert.equal(await send({ ...base, ...requestedWith, ...own }), 200);
});

test('the login is a random cookie that no script can read', async (t) => {
  const demo = await backend(t);
  const [cookie] = (await fetch(demo.url)).headers.getSetCookie();
  assert.match(cookie, /^linktrail_demo=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  const made_up = await signIn(demo, 'linktrail_demo=guessed');
  const answer = await fetch(`${demo.url}/api/verifications`, { headers: made_up.headers });
  assert.equal(answer.status, 401);
});

test('the page is served under exactly the policy it promises', async (t) => {
  const demo = await backend(t);
  const answer = await fetch(demo.url);
  assert.equal(
    answer.headers.get('content-security-policy'),
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const html = await answer.text();
  assert.ok(html.includes('<script src="/link/link-initialize.js"></script>'));
  assert.ok(!/\sstyle=|<style|\son\w+=/.test(html), 'nothing inline');
  const link = await fetch(`${demo.url}/link/link-initialize.js`);
  assert.equal(link.headers.get('content-type'), 'text/javascript; charset=utf-8');
});

test('with Plaid’s keys the policy lets in Plaid’s own script and no other, and no stand-in is there', async (t) => {
  const keys = { clientId: 'none', secret: 'none', templateId: 'idvtmp_none' };
  const demo = await backend(t, { keys });
  const answer = await fetch(demo.url);
  const policy = answer.headers.get('content-security-policy');
  assert.match(policy, /; script-src 'self' 'wasm-unsafe-eval' https:\/\/cdn\.plaid\.com\/link\/v2\/stable\/link-initialize\.js; /);
  assert.match(policy, /frame-src https:\/\/cdn\.plaid\.com\/;/);
  assert.deepEqual((await answer.text()).match(/<script .*?>/g), ['<script type="module" src="/main.js">']);
  const user = await signIn(demo);
  assert.equal((await user.post('/stand-in/link/open', { link_token: 'x' })).status, 404);
});

test('no personal data reaches the page or the disk', async (t) => {
  const data = folder(t);
  const demo = await backend(t, { data });
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  const answer = await user.report(report(id, 'completed', 'passed'));
  const listed = await user.sessions();
  const bytes = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1')).join('');
  const token = (await user.post('/api/link-token', { scenario: 'pass' })).body.link_token;
  for (const text of [JSON.stringify(answer.body), JSON.stringify(listed), bytes]) {
    assert.ok(!/Leslie|Knope|1975-01-18|2345678909|Pawnee/.test(text));
  }
  assert.ok(!JSON.stringify([answer.body, listed]).includes(token));
});

test('trouble on request: 503 with Retry-After for as long as asked, then well again', async (t) => {
  let clock = Date.now();
  const demo = await backend(t, { now: () => clock });
  const user = await signIn(demo);
  const other = await signIn(demo);
  const id = await user.atPlaid('passed');
  await user.post('/api/faults', { mode: 'down', seconds: 5 });
  const down = await user.report(report(id, 'completed', 'passed'));
  assert.deepEqual([down.status, down.body.error.code, down.headers.get('retry-after')], [503, 'down', '5']);
  assert.equal((await other.report(report(await other.atPlaid(), 'in_progress'))).status, 200);
  clock += 3_500;
  assert.equal((await user.report(report(id, 'completed', 'passed'))).headers.get('retry-after'), '2');
  clock += 1_501;
  assert.equal((await user.report(report(id, 'completed', 'passed'))).status, 200);
});

test('trouble can wait for the report of a completed session, and can drop connections', async (t) => {
  const demo = await backend(t);
  const user = await signIn(demo);
  const id = await user.atPlaid('passed');
  await user.post('/api/faults', { mode: 'drop', seconds: 60, starts: 'on_completed' });
  assert.equal((await user.report(report(id))).status, 200);
  await assert.rejects(user.report(report(id, 'completed', 'passed')));
  await assert.rejects(user.report(report(id, 'exited')));
  await user.post('/api/faults', { mode: 'none' });
  const [session] = await user.sessions();
  assert.deepEqual([session.flow, session.reports], ['in_progress', 1]);
  assert.equal((await user.report(report(id, 'completed', 'passed'))).status, 200);
});

test('a demanded port that is taken is refused', async (t) => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  await assert.rejects(startDemo({ data: folder(t), port: taken.address().port }), { code: 'EADDRINUSE' });
});
