// What the backend says of a session in the body of its answer: read within limits, never waited for, asked for again.
import assert from 'node:assert/strict';
import test from 'node:test';
import { idleProgress } from 'linktrail';
import { keysOf, metadata, openBrowser, until } from './fake_page.mjs';
import { openByHand, settle } from './trail_by_hand.mjs';

const json = (body, init) => new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
const told = (word) => json({ identity_verification_status: word });

async function openTrail(browser, options) {
  const opened = await openByHand(browser, options);
  const complete = async (id) => {
    opened.trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata(id));
    await settle();
  };
  return { ...opened, complete };
}

test('before a backend has said anything, and where it never does, the verdict is null', async () => {
  assert.equal(idleProgress.verdict, null);
  const browser = openBrowser();
  const { trail, pass, complete } = await openTrail(browser);
  assert.equal(trail.progress.verdict, null);
  await complete('idv_silent');
  await pass(3_600_000);
  assert.equal(trail.progress.verdict, null);
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.equal(browser.requests.length, 1);
});

test('the word in the answer is the verdict, apart from flow and outcome', async () => {
  for (const status of ['success', 'failed', 'pending_review', 'expired', 'canceled']) {
    const browser = openBrowser({ answer: () => told(status) });
    const { trail, pass, complete } = await openTrail(browser);
    await complete(`idv_${status}`);
    const { flow, outcome, verdict } = trail.progress;
    assert.deepEqual({ flow, outcome, verdict }, { flow: 'completed', outcome: 'passed', verdict: status });
    await pass(3_600_000);
    assert.equal(browser.requests.length, 1, 'what is decided, or waits for a person, is not asked for again');
  }
});

test('a generic status is no verdict: what a backend answers to anything says nothing of a session', async () => {
  const jsend = { status: 'success', data: null };
  const events = { 'under way': 'IDENTITY_VERIFICATION_START_STEP', failed: 'IDENTITY_VERIFICATION_FAIL_SESSION', completed: 'IDENTITY_VERIFICATION_PASS_SESSION' };
  for (const [how, event] of Object.entries(events)) {
    for (const body of [jsend, { ...jsend, data: { identity_verification_status: 'success' } }, { status: 'active' }]) {
      const browser = openBrowser({ answer: () => json(body) });
      const { trail, pass } = await openTrail(browser);
      trail.handlers.onEvent(event, metadata('idv_envelope', { view_name: 'KYC_CHECK' }));
      await settle();
      await pass(60_000);
      const { verdict, delivery } = trail.progress;
      assert.deepEqual({ verdict, state: delivery.state }, { verdict: null, state: 'delivered' }, `${how}: ${JSON.stringify(body)}`);
      assert.equal(browser.requests.length, 1, 'nothing is asked');
    }
  }
});

test('while the verdict is active the same report asks again, and stores nothing, until it is decided', async () => {
  const failed = (status) => json({ identity_verification_status: 'failed' }, { status });
  const answers = [told('active'), told('active'), failed(503), failed(401), told('success')];
  const browser = openBrowser({ answer: (request, count) => answers[count - 1] });
  const seen = [];
  const { trail, pass, complete } = await openTrail(browser, { headers: () => ({ 'X-Asked': String(browser.requests.length) }) });
  trail.subscribe(({ verdict, delivery }) => seen.push(`${delivery?.state} ${verdict}`));
  await complete('idv_asks');
  assert.equal(trail.progress.verdict, 'active');
  const writes = browser.log.filter((line) => line.startsWith('write')).length;
  await pass(120_000);
  assert.equal(trail.progress.verdict, 'success');
  assert.equal(trail.progress.delivery.attempts, 1);
  assert.equal(trail.progress.delivery.lastStatus, 200);
  assert.deepEqual(new Set(keysOf(browser)), new Set(['idv_asks:completed:passed']));
  assert.equal(new Set(browser.requests.map(({ body }) => body)).size, 1);
  assert.deepEqual(browser.requests.map(({ keepalive }) => keepalive), [true, false, false, false, false]);
  assert.equal(browser.requests[4].headers['X-Asked'], '4', 'after a 401 the headers are fresh');
  assert.equal(browser.log.filter((line) => line.startsWith('write')).length, writes);
  assert.deepEqual([...new Set(seen)].slice(-3), ['delivered null', 'delivered active', 'delivered success']);
});

test('asking ends after twenty asks, and flush asks once more', async () => {
  const browser = openBrowser({ answer: () => told('active') });
  const { trail, pass, complete } = await openTrail(browser);
  await complete('idv_undecided');
  await pass(3_600_000);
  assert.equal(browser.requests.length, 21);
  assert.equal(trail.progress.verdict, 'active');
  trail.flush();
  await pass(3_600_000);
  assert.equal(browser.requests.length, 22);
});

test('a hidden page does not ask; seen again, it does', async () => {
  const browser = openBrowser({ answer: () => told('active') });
  const { pass, complete } = await openTrail(browser);
  await complete('idv_hidden');
  browser.document.visibilityState = 'hidden';
  browser.document.dispatchEvent(new Event('visibilitychange'));
  await pass(3_600_000);
  assert.equal(browser.requests.length, 1);
  browser.document.visibilityState = 'visible';
  browser.document.dispatchEvent(new Event('visibilitychange'));
  await settle();
  assert.equal(browser.requests.length, 2);
});

test('dispose, forget and the next session end the asking', async () => {
  const ends = {
    dispose: ({ trail }) => trail.dispose(),
    forget: ({ trail }) => trail.forget(),
    'the next session': ({ trail }) => trail.handlers.onEvent('IDENTITY_VERIFICATION_OPEN_UI', metadata('idv_next')),
  };
  for (const [how, end] of Object.entries(ends)) {
    const browser = openBrowser({ answer: ({ report }) => (report.link_session_id === 'idv_first' ? told('active') : 200) });
    const opened = await openTrail(browser);
    await opened.complete('idv_first');
    end(opened);
    await opened.pass(3_600_000);
    assert.deepEqual(browser.requests.filter(({ report }) => report.link_session_id === 'idv_first').length, 1, how);
    assert.equal(opened.trail.progress.verdict, how === 'dispose' ? 'active' : null, how);
  }
});

test('a body that says nothing usable costs nothing: no verdict, no error, no further request', async () => {
  const long = 'x'.repeat(4_096);
  for (const body of [
    '', 'OK', '{', 'null', '[]', '"success"', '42', '{}', '\u0000', '<!doctype html>',
    ...['null', '["success"]', '{"toString":1}', '"approved"', '"SUCCESS"', '"\\ud800"', '"success"}', `"success","page":"${long}"`, '"Leslie Knope"', `"${long}"`]
      .map((value) => `{"identity_verification_status":${value}}`),
  ]) {
    const browser = openBrowser({ answer: () => json(body) });
    const errors = [];
    const { trail, pass, complete } = await openTrail(browser, { onError: (error) => errors.push(error) });
    await complete('idv_hostile');
    await pass(60_000);
    const { verdict, rejected, delivery } = trail.progress;
    assert.deepEqual({ verdict, rejected, state: delivery.state }, { verdict: null, rejected: 0, state: 'delivered' }, body.slice(0, 40));
    assert.deepEqual(errors, []);
    assert.equal(browser.requests.length, 1);
  }
});

test('the body of an answer that is not 2xx says nothing', async () => {
  const answers = [json({ identity_verification_status: 'success' }, { status: 503 }), 200];
  const browser = openBrowser({ answer: (request, count) => answers[count - 1] });
  const { trail, pass, complete } = await openTrail(browser);
  await complete('idv_busy');
  assert.equal(trail.progress.verdict, null);
  await pass(60_000);
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.equal(trail.progress.verdict, null);
});

test('a body that hangs delays nothing: the report is delivered, and the next one leaves', async () => {
  const hanging = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"identity_verification_status":')) }));
  const browser = openBrowser({ answer: hanging });
  const { trail, complete } = await openTrail(browser);
  await complete('idv_hangs');
  const receipt = await trail.delivered();
  assert.equal(receipt.state, 'delivered');
  assert.equal(browser.localStorage.length, 0);
  assert.equal(trail.progress.verdict, null);
});

test('a body without end is given up after its first kilobytes, in chunks however they are cut', async () => {
  let chunks = 0;
  let isCancelled = false;
  const endless = () => new Response(new ReadableStream({
    pull: (body) => (chunks++, body.enqueue(new Uint8Array(1_000).fill(0x20))),
    cancel: () => void (isCancelled = true),
  }));
  const browser = openBrowser({ answer: endless });
  const { trail, complete } = await openTrail(browser);
  await complete('idv_endless');
  await until('the end of reading', () => isCancelled);
  assert.ok(chunks <= 8, `${chunks} chunks were read`);
  assert.equal(trail.progress.delivery.state, 'delivered');

  const bytes = new TextEncoder().encode('{"identity_verification_status":"failed","note":"é"}');
  const cut = () => new Response(new ReadableStream({
    start(body) {
      for (const byte of bytes) body.enqueue(Uint8Array.of(byte));
      body.close();
    },
  }));
  browser.answer = cut;
  await complete('idv_cut');
  await until('the verdict', () => trail.progress.verdict === 'failed');
});

test('the answer to an older report that comes late overwrites nothing', async () => {
  let finish;
  const slow = new Response(new ReadableStream({ start: (body) => void (finish = () => (body.enqueue(new TextEncoder().encode('{"identity_verification_status":"active"}')), body.close())) }));
  const answers = [slow, told('success')];
  const browser = openBrowser({ answer: (request, count) => answers[count - 1] });
  const { trail, pass, complete } = await openTrail(browser);
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_late', { view_name: 'KYC_CHECK' }));
  await settle();
  await complete('idv_late');
  assert.equal(trail.progress.verdict, 'success');
  finish();
  await pass(60_000);
  assert.equal(trail.progress.verdict, 'success');
  assert.equal(browser.requests.length, 2);
});
