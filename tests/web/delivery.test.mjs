// What the backend gets: stored before sent, in the callback's own task, until it says 2xx itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { createLinkTrail } from 'linktrail';
import { keysOf, metadata, openBrowser, until } from './fake_page.mjs';

async function openTrail(browser, options = {}) {
  const trail = createLinkTrail({ endpoint: '/idv', ...options });
  browser?.trails.push(trail);
  await trail.ready;
  return trail;
}

const stored = (browser) => [...browser.localStorage.texts.keys()];

test("onSuccess is stored, and its POST on its way, in the callback's own task", async () => {
  const browser = openBrowser();
  const trail = await openTrail(browser);
  browser.log.length = 0;
  trail.handlers.onSuccess('', { link_session_id: 'idv_task' });
  assert.deepEqual(browser.log, ['write idv_task', 'post idv_task:completed:unknown']);
  const [request] = browser.requests;
  assert.equal(request.url, 'https://shop.example/idv');
  assert.equal(request.method, 'POST');
  assert.equal(request.keepalive, true);
  assert.equal(request.redirect, 'manual');
  assert.equal(request.credentials, 'same-origin');
  assert.equal(request.headers['Content-Type'], 'application/json');
  assert.equal(request.report.idempotency_key, request.headers['Idempotency-Key']);
  assert.equal(request.report.link_session_id, 'idv_task');
  assert.equal((await trail.delivered()).state, 'delivered');
  assert.deepEqual(stored(browser), []);
  trail.dispose();
});

test('the outcome event before a lost onSuccess completes the session all the same', async () => {
  const browser = openBrowser();
  const trail = await openTrail(browser);
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_event', { view_name: 'KYC_CHECK' }));
  browser.log.length = 0;
  trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_event'));
  assert.deepEqual(browser.log, ['write idv_event', 'post idv_event:completed:passed']);
  assert.equal((await trail.delivered()).state, 'delivered');
  trail.dispose();
});

test('a fetch that throws, rejects, or answers 5xx is followed by another until it is acknowledged', async () => {
  const thrown = Object.assign(new TypeError('sync'), { isSynchronous: true });
  const answers = [thrown, new TypeError('network'), 500, 503, 429, 200];
  const browser = openBrowser({ answer: (request, count) => answers[count - 1] ?? 200 });
  const trail = await openTrail(browser);
  trail.handlers.onSuccess('', { link_session_id: 'idv_retry' });
  const receipt = await trail.delivered();
  assert.equal(receipt.state, 'delivered');
  assert.equal(receipt.attempts, answers.length);
  assert.equal(receipt.lastStatus, 200);
  assert.equal(new Set(keysOf(browser)).size, 1);
  assert.deepEqual(stored(browser), []);
  trail.dispose();
});

test('a Retry-After of the endpoint is kept to the millisecond', async () => {
  const answers = [new Response(null, { status: 429, headers: { 'Retry-After': '1' } }), 200];
  const browser = openBrowser({ answer: (request, count) => answers[count - 1] });
  const trail = await openTrail(browser);
  trail.handlers.onSuccess('', { link_session_id: 'idv_floor' });
  trail.flush();
  await trail.delivered();
  const waited = browser.requests[1].at - browser.requests[0].at;
  assert.ok(waited >= 1_000, `it waited ${waited} ms`);
  trail.dispose();
});

test('storage that refuses every write costs durability, which the receipt tells, and no report', async () => {
  const browser = openBrowser();
  const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
  browser.localStorage.onWrite = full;
  const first = await openTrail(browser);
  first.handlers.onSuccess('', { link_session_id: 'idv_tab' });
  assert.equal((await first.delivered()).durability, 'tab');
  assert.equal(browser.sessionStorage.length, 0, 'and it is erased there');
  assert.deepEqual(browser.errors.map(({ name }) => name), ['QuotaExceededError'], 'told once');
  first.dispose();

  browser.sessionStorage.onWrite = full;
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => { throw new DOMException('blocked', 'SecurityError'); } });
  const second = await openTrail(browser);
  second.handlers.onSuccess('', { link_session_id: 'idv_memory' });
  const receipt = await second.delivered();
  assert.equal(receipt.state, 'delivered');
  assert.equal(receipt.durability, 'memory');
  second.dispose();
});

test('a redirect is no acknowledgement: fresh headers are asked for, and the report is sent with them', async () => {
  let token = 0;
  const redirected = Object.defineProperty(new Response(null, { status: 200 }), 'type', { value: 'opaqueredirect' });
  const browser = openBrowser({ answer: (request, count) => (count === 1 ? redirected : count === 2 ? 401 : 200) });
  const trail = await openTrail(browser, { headers: async () => ({ Authorization: `Bearer ${++token}`, 'Idempotency-Key': 'forged' }) });
  trail.handlers.onSuccess('', { link_session_id: 'idv_login' });
  assert.equal((await trail.delivered()).state, 'delivered');
  const tokens = browser.requests.map(({ headers }) => headers.Authorization);
  assert.equal(new Set(tokens).size, 3, `a fresh one each time: ${tokens}`);
  assert.deepEqual(new Set(keysOf(browser)), new Set(['idv_login:completed:unknown']), 'the key is ours');
  trail.dispose();
});

test('a refusal is told to the page and kept', async () => {
  const browser = openBrowser({ answer: () => 422 });
  const undelivered = [];
  const trail = await openTrail(browser, { onUndelivered: (receipt) => undelivered.push(receipt) });
  trail.handlers.onSuccess('', { link_session_id: 'idv_refused' });
  const receipt = await trail.delivered();
  assert.equal(receipt.state, 'refused');
  assert.equal(receipt.lastStatus, 422);
  assert.ok(Date.parse(receipt.nextAttemptAt) > 0);
  assert.equal(undelivered.length, 1);
  assert.equal(stored(browser).length, 1);
  browser.answer = () => 200;
  trail.flush();
  await until('the delivery', () => trail.progress.delivery.state === 'delivered');
  assert.equal(undelivered.length, 1, 'of what was delivered nothing is told');
  trail.dispose();
});

test('a report that a dead page left is delivered by the next, and only for its owner and endpoint', async () => {
  const browser = openBrowser({ answer: () => new TypeError('offline') });
  const first = await openTrail(browser, { owner: 'a' });
  first.handlers.onEvent('IDENTITY_VERIFICATION_FAIL_SESSION', metadata('idv_left'));
  await until('the failure', () => first.progress.delivery.state === 'waiting');
  // Before the server is back: a wait that has just run out lets the first page send once more in its last moment.
  browser.reload();

  browser.requests.length = 0;
  browser.answer = () => 200;
  for (const options of [{ owner: 'b' }, {}, { owner: 'a', endpoint: '/other' }]) {
    const other = await openTrail(browser, options);
    await until('it to have looked', () => browser.locks.waiting.length === 0);
    other.flush();
    browser.reload();
  }
  assert.equal(browser.requests.length, 0);
  const second = await openTrail(browser, { owner: 'a' });
  assert.equal((await second.delivered('idv_left')).state, 'delivered', 'it is known as soon as it is asked for');
  assert.deepEqual(keysOf(browser), ['idv_left:completed:failed']);
  assert.equal((await second.delivered('idv_left')).state, 'delivered');
  await until('the record to be erased', () => stored(browser).length === 0);
  second.dispose();
});

test('as many records as a page keeps, each as long as it can be and in two places, are taken over by the next page', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const first = await openTrail(browser);
  const views = Array.from({ length: 32 }, (_, step) => `STEP_${step}_`.padEnd(96, 'X'));
  for (const view_name of views) first.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_long', { view_name }));
  first.handlers.onSuccess('', { link_session_id: 'idv_long' });
  await until('the failure', () => first.progress.delivery?.state === 'waiting');
  const [[key, text]] = browser.localStorage.texts;
  browser.reload();
  browser.requests.length = 0;
  browser.answer = () => 200;
  const ids = Array.from({ length: 64 }, (_, session) => `idv_${session}`);
  for (const { texts } of [browser.localStorage, browser.sessionStorage]) {
    texts.clear();
    for (const id of ids) texts.set(key.replace('idv_long', id), text.replaceAll('idv_long', id));
  }
  await openTrail(browser);
  await until('the deliveries', () => browser.localStorage.length + browser.sessionStorage.length === 0);
  assert.deepEqual(new Set(keysOf(browser)), new Set(ids.map((id) => `${id}:completed:unknown`)));
  assert.equal(browser.requests.length, ids.length);
});

test('a living page keeps its records; once it disposes, the other page in wait takes them over', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const first = await openTrail(browser);
  first.handlers.onSuccess('', { link_session_id: 'idv_two' });
  const second = await openTrail(browser);
  await until('the second to wait for the first', () => browser.locks.waiting.length > 0);
  const [key] = stored(browser);
  browser.answer = () => new TypeError('offline');
  first.dispose();
  await until('the second to own it', () => stored(browser).length === 1 && stored(browser)[0] !== key);
  browser.answer = () => 200;
  second.flush();
  await until('the delivery', () => stored(browser).length === 0);
  second.dispose();
});

test('without Web Locks a record left behind is taken over when its lease has run out', async () => {
  const browser = openBrowser({ answer: () => new TypeError('offline'), locks: false });
  const first = await openTrail(browser);
  first.handlers.onSuccess('', { link_session_id: 'idv_lease' });
  await until('the failure', () => first.progress.delivery.state === 'waiting');
  first.dispose();
  browser.requests.length = 0;
  browser.answer = () => 200;
  browser.reload();
  const now = Date.now;
  try {
    const early = await openTrail(browser);
    early.flush();
    assert.equal(browser.requests.length, 0);
    early.dispose();
    Date.now = () => now() + 31_000;
    const late = await openTrail(browser);
    await until('the delivery', () => browser.requests.length === 1);
    late.dispose();
  } finally {
    Date.now = now;
  }
});

test('after dispose a late callback is still stored and sent, and nobody is called', async () => {
  const browser = openBrowser();
  const trail = await openTrail(browser);
  const heard = [];
  trail.subscribe((progress) => heard.push(progress));
  trail.dispose();
  trail.dispose();
  trail.subscribe((progress) => heard.push(progress));
  trail.handlers.onSuccess('', { link_session_id: 'idv_late' });
  assert.deepEqual(keysOf(browser), ['idv_late:completed:unknown']);
  assert.equal(heard.length, 0);
  assert.equal((await trail.delivered('idv_never')).state, 'unknown');
});

test('dispose resolves whoever still waits for a delivery, with the receipt as it stands', async () => {
  const browser = openBrowser({ answer: () => 'hang' });
  const trail = await openTrail(browser);
  trail.handlers.onSuccess('', { link_session_id: 'idv_hang' });
  const waiting = [trail.delivered(), trail.delivered()];
  await Promise.resolve();
  await trail.ready;
  await new Promise((resolve) => setImmediate(resolve));
  trail.dispose();
  assert.deepEqual((await Promise.all(waiting)).map(({ state }) => state), ['sending', 'sending']);
  assert.equal((await trail.delivered()).state, 'sending', 'nor does anybody wait who asks later');
});

test('forget removes what is stored, and says so', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const trail = await openTrail(browser);
  for (const id of ['idv_one', 'idv_two', 'idv_forget']) trail.handlers.onSuccess('', { link_session_id: id });
  const waiting = trail.delivered();
  await until('the failure', () => trail.progress.delivery.state === 'waiting');
  assert.equal(stored(browser).length, 3);
  trail.forget();
  assert.equal((await waiting).state, 'forgotten');
  assert.deepEqual(stored(browser), []);
  assert.equal(trail.progress.linkSessionId, null);
  trail.dispose();
});

test('forget ends what waits for headers, whoever they will belong to', async () => {
  const browser = openBrowser();
  let release;
  const trail = await openTrail(browser, { headers: () => new Promise((resolve) => (release = resolve)) });
  trail.handlers.onSuccess('', { link_session_id: 'idv_former' });
  assert.deepEqual(browser.requests, []);
  trail.forget();
  trail.handlers.onSuccess('', { link_session_id: 'idv_next' });
  release({ Authorization: 'Bearer of the next person' });
  assert.equal((await trail.delivered('idv_next')).state, 'delivered');
  assert.deepEqual(keysOf(browser), ['idv_next:completed:unknown']);
  trail.dispose();
});

test("forget is heard by the owner's other trails of the same page, and by nobody else's", async () => {
  const browser = openBrowser({ answer: () => 503 });
  const ofOwner = (owner) => openTrail(browser, { owner });
  const [asked, other, stranger] = [await ofOwner('ada'), await ofOwner('ada'), await ofOwner('bob')];
  const trails = [asked, other, stranger];
  trails.forEach((trail, index) => trail.handlers.onSuccess('', { link_session_id: `idv_trail_${index}` }));
  const receipts = trails.slice(0, 2).map((trail) => trail.delivered());
  await until('the failures', () => trails.every(({ progress }) => progress.delivery.state === 'waiting'));
  const events = [];
  browser.window.addEventListener('storage', (event) => events.push(event));
  asked.forget();
  assert.equal(other.progress.linkSessionId, null);
  assert.deepEqual((await Promise.all(receipts)).map(({ state }) => state), ['forgotten', 'forgotten']);
  assert.deepEqual(stored(browser).map((key) => key.split('/')[4]), ['idv_trail_2']);
  assert.equal(stranger.progress.delivery.state, 'waiting');
  assert.deepEqual(events, [], "the page's own listeners for storage hear nothing of it");
  for (const trail of [asked, other]) trail.handlers.onSuccess('', { link_session_id: 'idv_later' });
  assert.equal(asked.progress.linkSessionId, 'idv_later');
  other.forget();
  assert.equal(asked.progress.linkSessionId, null, 'whoever has asked hears of it as well when another does');
  for (const trail of trails) trail.dispose();
});

test('an endpoint with a body of its own gets that body, and the key in the header all the same', async () => {
  const browser = openBrowser();
  const trail = await openTrail(browser, { body: (report) => ({ idvSession: report.link_session_id }) });
  trail.handlers.onSuccess('', { link_session_id: 'idv_body' });
  assert.deepEqual(browser.requests[0].report, { idvSession: 'idv_body' });
  assert.deepEqual(keysOf(browser), ['idv_body:completed:unknown']);
  trail.dispose();
});

test('a POST does not wait for headers that were resolved before', async () => {
  const browser = openBrowser();
  let release;
  let calls = 0;
  const headers = () => (++calls === 1 ? { 'X-Csrf': 'first' } : new Promise((resolve) => (release = () => resolve({ 'X-Csrf': 'second' }))));
  const trail = await openTrail(browser, { headers });
  trail.handlers.onSuccess('', { link_session_id: 'idv_csrf' });
  assert.equal(browser.requests[0].headers['X-Csrf'], 'first');
  release();
  trail.dispose();
});

test("a page's header takes the place of ours in whatever case it is written, but never the key's", async () => {
  const browser = openBrowser();
  const headers = { 'content-type': 'application/vnd.shop+json', 'X-Csrf': 'first', 'x-csrf': 'second', 'idempotency-key': 'forged' };
  const trail = await openTrail(browser, { headers });
  trail.handlers.onSuccess('', { link_session_id: 'idv_case' });
  assert.deepEqual(
    [...new Headers(browser.requests[0].headers)],
    [['content-type', 'application/vnd.shop+json'], ['idempotency-key', 'idv_case:completed:unknown'], ['x-csrf', 'second']],
  );
  trail.dispose();
});

test("an answer without headers counts, as a test's own `fetch` gives one", async () => {
  const browser = openBrowser();
  globalThis.fetch = async () => ({ ok: true, status: 200 });
  const trail = await openTrail(browser);
  trail.handlers.onSuccess('', { link_session_id: 'idv_bare' });
  assert.equal((await trail.delivered()).state, 'delivered');
  trail.dispose();
});

test("headers may come as another frame's promise", async () => {
  const browser = openBrowser();
  const trail = await openTrail(browser, { headers: () => runInNewContext("Promise.resolve({ 'X-Csrf': 'framed' })") });
  trail.handlers.onSuccess('', { link_session_id: 'idv_framed' });
  assert.equal((await trail.delivered()).state, 'delivered');
  assert.equal(browser.requests[0].headers['X-Csrf'], 'framed');
  trail.dispose();
});

test('an `onError` that is null is none', async () => {
  const browser = openBrowser();
  const refused = new Error('no headers today');
  const trail = await openTrail(browser, { onError: null, headers: () => Promise.reject(refused) });
  await until('the report', () => browser.errors.length > 0);
  assert.deepEqual(browser.errors, [refused]);
  trail.dispose();
});

/** An IndexedDB whose every request fails as a damaged one's does: the request first, then its transaction. */
function brokenDatabases(error) {
  const failing = (transaction) => {
    const request = { error };
    setImmediate(() => {
      request.onerror?.();
      transaction.onerror?.();
      transaction.error = error;
      transaction.onabort();
    });
    return request;
  };
  const transaction = () => {
    const opened = { error: null };
    const fail = () => failing(opened);
    return Object.assign(opened, { objectStore: () => ({ put: fail, delete: fail, get: fail, getAll: fail, getAllKeys: fail }) });
  };
  const open = () => {
    const request = { result: { transaction, close() {} } };
    setImmediate(() => request.onsuccess());
    return request;
  };
  return { open };
}

test("a disk that fails is told of once, by its own error, and is no unhandled rejection of the page's", async () => {
  const browser = openBrowser();
  const error = new DOMException('damaged', 'UnknownError');
  globalThis.indexedDB = brokenDatabases(error);
  try {
    const trail = await openTrail(browser);
    trail.handlers.onSuccess('', { link_session_id: 'idv_damaged' });
    const receipt = await trail.delivered('idv_damaged');
    assert.equal(receipt.state, 'delivered');
    assert.equal(receipt.durability, 'browser');
    await until('the disk', () => browser.errors.length > 0);
    assert.deepEqual(browser.errors, [error]);
    trail.dispose();
  } finally {
    delete globalThis.indexedDB;
  }
});

test('the page going away, coming back, and the network returning are each a reason to try', async () => {
  for (const [target, type, more] of [
    ['window', 'pagehide', {}],
    ['window', 'online', {}],
    ['window', 'pageshow', { persisted: true }],
    ['document', 'visibilitychange', {}],
    ['document', 'resume', {}],
  ]) {
    const browser = openBrowser({ answer: () => new Response(null, { status: 500 }) });
    const trail = await openTrail(browser);
    trail.handlers.onSuccess('', { link_session_id: 'idv_signal' });
    for (let failures = 1; failures < 9; failures++) {
      await until('the failure', () => trail.progress.delivery.state === 'waiting');
      const before = browser.requests.length;
      if (failures === 8) browser.answer = () => 200;
      browser[target].dispatchEvent(Object.assign(new Event(type), more));
      assert.equal(browser.requests.length, before + 1, `${type} sends at once`);
    }
    assert.equal((await trail.delivered()).state, 'delivered');
    trail.dispose();
  }
});

test('progress is an immutable value with a new identity only on change', async () => {
  openBrowser();
  const trail = await openTrail();
  const heard = [];
  const unsubscribe = trail.subscribe((progress) => heard.push(progress));
  const event = metadata('idv_value', { view_name: 'KYC_CHECK' });
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', event);
  const first = trail.progress;
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', event);
  assert.equal(trail.progress, first);
  assert.equal(heard.at(-1), first);
  assert.throws(() => (first.steps[0].status = 'passed'), TypeError);
  assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
  await trail.delivered();
  assert.notEqual(trail.progress, first);
  const still = [];
  trail.subscribe((progress) => still.push(progress));
  unsubscribe();
  const count = heard.length;
  trail.handlers.onSuccess('', { link_session_id: 'idv_value' });
  assert.equal(heard.length, count);
  assert.equal(still.at(-1), trail.progress, 'the others go on');
  trail.dispose();
});

test('endpoints that would send in the clear, or nowhere, are refused with a clear error', () => {
  openBrowser();
  for (const endpoint of ['https://api.example/idv', '/idv', 'idv', 'http://localhost:3000/x', 'http://127.0.0.1:1/x', 'http://[::1]:8/x', 'http://shop.localhost:3000/x', new URL('https://a.b/c')]) {
    createLinkTrail({ endpoint }).dispose();
  }
  for (const endpoint of ['http://api.example/idv', 'ftp://x/y', 'http://127.0.0.1.evil.example/', 'data:,x', 'https://', '', undefined, 7]) {
    assert.throws(() => createLinkTrail({ endpoint }), { name: 'TypeError', message: /^linktrail: `endpoint`/ }, String(endpoint));
  }
  assert.throws(() => createLinkTrail(), { name: 'TypeError', message: /`endpoint` must be a URL/ });
});
