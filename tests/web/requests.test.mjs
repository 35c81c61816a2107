// One request: how long it may take, how much of the page's budget it holds, whose clock its answer goes by.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from './fake_page.mjs';
import { openByHand, settle } from './trail_by_hand.mjs';

const success = (trail, id) => trail.handlers.onSuccess('', { link_session_id: id });

/** A server that answers when it is told to. */
function slowServer() {
  const waiting = [];
  const browser = openBrowser({ answer: () => new Promise((resolve) => waiting.push(resolve)) });
  const answerAll = () => waiting.splice(0).forEach((resolve) => resolve(200));
  return { browser, answer: (said) => waiting.shift()(said), answerAll, keepalives: () => browser.requests.map(({ keepalive }) => keepalive) };
}

test('a request that gets no answer in time is given up and followed by another; nothing stays armed', async () => {
  const browser = openBrowser({ answer: (request, count) => (count === 1 ? 'hang' : 200) });
  const { trail, pass, timers } = await openByHand(browser);
  success(trail, 'idv_hangs');
  await settle();
  assert.equal(browser.requests[0].signal.aborted, false);
  await pass(120_000);
  assert.equal(browser.requests[0].signal.aborted, true);
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.equal(trail.progress.delivery.attempts, 2);
  assert.equal(browser.requests[1].signal.aborted, false);
  assert.equal(timers.size, 0);
});

test('an answer leaves no timer behind, nor do headers that came in time', async () => {
  const browser = openBrowser();
  const { trail, pass, timers } = await openByHand(browser, { headers: async () => ({ 'X-Csrf': 'in time' }) });
  success(trail, 'idv_quick');
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  await pass(1_000); // After it the name of the page is let go.
  assert.equal(timers.size, 0);
});

test('eight requests may outlive the page, and what has been answered makes room for others', async () => {
  const { browser, answer, answerAll, keepalives } = slowServer();
  const { trail } = await openByHand(browser);
  for (let session = 0; session < 9; session++) success(trail, `idv_${session}`);
  assert.deepEqual(keepalives(), [...Array.from({ length: 8 }, () => true), false]);
  answer(200);
  answer(new TypeError('network'));
  await settle();
  for (const session of ['next', 'after', 'last']) success(trail, `idv_${session}`);
  assert.deepEqual(keepalives().slice(9), [true, true, false]);
  answerAll();
  await settle();
});

test('60 KiB may outlive the page together, counted in bytes as they are sent', async () => {
  for (const [what, sizes, expected] of [
    ['together', [40_000, 21_440, 21_441], [true, true, false]],
    ['too much for the rest', [40_000, 21_441, 21_440], [true, false, true]],
    ['alone', [61_441], [false]],
  ]) {
    const { browser, answerAll, keepalives } = slowServer();
    const bodies = [...sizes];
    const { trail } = await openByHand(browser, { body: () => ['é'.repeat(Math.floor((bodies[0] - 4) / 2)) + 'x'.repeat(bodies.shift() % 2)] });
    sizes.forEach((_, session) => success(trail, `idv_${session}`));
    assert.deepEqual(browser.requests.map(({ body }) => new TextEncoder().encode(body).length), sizes);
    assert.deepEqual(keepalives(), expected, what);
    answerAll();
    await settle();
    trail.dispose();
  }
});

test('a request whose answer has not been read to its end still holds its share', async () => {
  let end;
  const body = () => new ReadableStream({ start: (stream) => void (end = () => stream.close()) });
  const browser = openBrowser({ answer: (request, count) => (count === 1 ? new Response(body()) : 200) });
  const { trail } = await openByHand(browser, { body: () => ['x'.repeat(50_000)] });
  success(trail, 'idv_slow');
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  success(trail, 'idv_second');
  end();
  await settle();
  success(trail, 'idv_third');
  await settle();
  assert.deepEqual(browser.requests.map(({ keepalive }) => keepalive), [true, false, true]);
});

test('headers that do not come within ten seconds count as failed: the page is told, and the report is sent without', async () => {
  const browser = openBrowser();
  const { trail, pass } = await openByHand(browser, { headers: () => new Promise(() => {}) });
  success(trail, 'idv_headers');
  await pass(9_000);
  assert.equal(browser.requests.length, 0);
  await pass(1_000);
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.deepEqual(browser.errors.map(({ message }) => message), ['linktrail: `headers` did not settle within 10000 ms.']);
});

test('headers that fail after a 401 do not keep the report for ever', async () => {
  const refused = new Error('no login');
  const browser = openBrowser();
  browser.answer = (request, count) => (count === 1 ? 401 : 200);
  let asked = 0;
  const headers = () => (++asked === 2 ? Promise.reject(refused) : { 'X-Login': String(asked) });
  const { trail, pass } = await openByHand(browser, { headers });
  success(trail, 'idv_login');
  await pass(120_000);
  assert.deepEqual(browser.errors, [refused]);
  assert.equal(trail.progress.delivery.state, 'delivered');
});

test('headers may be whatever can be waited for', async () => {
  const browser = openBrowser();
  const { trail } = await openByHand(browser, { headers: () => ({ then: (resolve) => queueMicrotask(() => resolve({ 'X-Csrf': 'thenable' })) }) });
  success(trail, 'idv_thenable');
  await settle();
  assert.equal(browser.requests[0].headers['X-Csrf'], 'thenable');
});

test("a Retry-After that is a date goes by the server's own clock", async () => {
  const headers = { Date: 'Thu, 15 Jan 2026 17:00:00 GMT', 'Retry-After': 'Thu, 15 Jan 2026 17:00:40 GMT' };
  const browser = openBrowser({ answer: (request, count) => (count === 1 ? new Response(null, { status: 503, headers }) : 200) });
  const { trail, pass } = await openByHand(browser);
  success(trail, 'idv_dated');
  await pass(39_900);
  assert.equal(browser.requests.length, 1);
  await pass(5_000);
  assert.equal(trail.progress.delivery.state, 'delivered');
});

test("a body of the page's that throws is told, and the report itself is sent", async () => {
  const thrown = new Error('no body');
  const browser = openBrowser();
  const { trail } = await openByHand(browser, { body: () => { throw thrown; } });
  success(trail, 'idv_body');
  await settle();
  assert.equal(browser.requests[0].report.schema, 'linktrail.report.v1');
  assert.deepEqual(browser.errors, [thrown]);
});

test('however much waits, one timer is enough', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const { trail, timers } = await openByHand(browser);
  for (const id of ['idv_one', 'idv_two', 'idv_three']) {
    success(trail, id);
    await settle();
  }
  assert.equal(timers.size, 1);
});

test('a body that is no plain object by itself is told to the page, and the report is sent in its place', async () => {
  const made = [Promise.resolve({ id: 1 }), new URLSearchParams('id=1'), new FormData(), '{"id":1}', 7, null, undefined, () => ({}), {}];
  for (const body of made) {
    const browser = openBrowser();
    const errors = [];
    const { trail } = await openByHand(browser, { body: () => body, onError: (error) => errors.push(error.message) });
    success(trail, 'idv_body');
    await settle();
    assert.deepEqual(errors, ['linktrail: `body` must return a plain object, at once; the report was sent as it is.'], String(body));
    assert.equal(JSON.parse(browser.requests[0].body).link_session_id, 'idv_body');
  }
  for (const body of [{ id: 1 }, [1], { toJSON: () => ({ id: 1 }) }]) {
    const browser = openBrowser();
    const { trail } = await openByHand(browser, { body: () => body });
    success(trail, 'idv_body');
    await settle();
    assert.deepEqual([browser.errors, browser.requests[0].body], [[], JSON.stringify(body)]);
  }
});

test('what `fetch` refuses to send at all is told to the page once, however often it is repeated', async () => {
  for (const options of [{ headers: { 'X-User': 'José 日本' } }, { credentials: 'always' }, { endpoint: 'https://ada:secret@api.example/idv' }]) {
    const browser = openBrowser({ answer: (request) => (new Request(request.url, request), 200) });
    const errors = [];
    const { trail, pass } = await openByHand(browser, { ...options, onError: (error) => errors.push(error) });
    success(trail, 'idv_refused');
    await settle();
    for (let repetition = 0; repetition < 3; repetition++) {
      trail.flush();
      await settle();
    }
    assert.equal(errors.length, 1, JSON.stringify(options));
    assert.equal(errors[0].name, 'TypeError');
    assert.equal(trail.progress.delivery.state, 'waiting');
    trail.dispose();
  }
});

test('a network that is down is no fault of the page', async () => {
  const browser = openBrowser({ answer: () => new TypeError('Failed to fetch') });
  const errors = [];
  const { trail } = await openByHand(browser, { onError: (error) => errors.push(error) });
  success(trail, 'idv_down');
  await settle();
  assert.deepEqual([errors, trail.progress.delivery.state], [[], 'waiting']);
});
