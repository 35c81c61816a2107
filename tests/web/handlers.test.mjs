// What Link gets: three functions that never throw, whatever they are given and whatever the page does.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLinkTrail } from 'linktrail';
import { keysOf, metadata, openBrowser, until } from './fake_page.mjs';

function hostileValues() {
  const cyclic = {};
  cyclic.self = cyclic;
  cyclic.link_session_id = cyclic;
  let deep = {};
  for (let level = 0; level < 1_000; level++) deep = { deep };
  const throwing = Object.defineProperties({}, {
    link_session_id: { enumerable: true, get: () => { throw new Error('getter'); } },
    view_name: { enumerable: true, get: () => { throw new Error('getter'); } },
  });
  const proxy = new Proxy({}, {
    get: () => { throw new Error('trap'); },
    has: () => { throw new Error('trap'); },
    ownKeys: () => { throw new Error('trap'); },
    getPrototypeOf: () => { throw new Error('trap'); },
  });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const megabytes = 'x'.repeat(3_000_000);
  return [
    undefined, null, true, 0, -0, NaN, Infinity, 2 ** 60, 10n, Symbol('s'), '', ' ', '\ud800', 'a\udc00b', '\0', megabytes,
    [], [[]], {}, () => {}, class {}, new Date(NaN), new Map([[1, 2]]), new Error('e'), cyclic, deep, throwing, proxy,
    revoked.proxy, Object.create(null), JSON.parse('{"__proto__":{"link_session_id":"idv_polluted"}}'),
    { link_session_id: megabytes }, { link_session_id: '\ud800' }, { link_session_id: 10n }, { link_session_id: ['idv_x'] },
    { link_session_id: 'idv_x\r\nX-Injected: 1' }, { link_session_id: { toString: () => 'idv_x' } },
    { view_name: megabytes, timestamp: megabytes, request_id: megabytes },
    { timestamp: 1768471200000 }, { timestamp: '9999-99-99T99:99:99Z' }, { toJSON: () => { throw new Error('toJSON'); } },
    { link_session_id: '__proto__', view_name: 'constructor' },
  ];
}

test('nothing that Link hands over makes a handler throw, corrupts the state, or goes uncounted', async () => {
  const browser = openBrowser();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const { onEvent, onSuccess, onExit } = trail.handlers;
  const values = hostileValues();
  for (const value of values) {
    for (const other of values) {
      assert.equal(onEvent(value, other), undefined);
      assert.equal(onEvent('IDENTITY_VERIFICATION_START_STEP', other), undefined);
      assert.equal(onExit(value, other), undefined);
    }
    assert.equal(onSuccess(value, value), undefined);
    assert.equal(Reflect.apply(onSuccess, value, [undefined]), undefined);
  }
  assert.equal(onEvent(), undefined);
  assert.equal(onExit(), undefined);
  assert.equal(onSuccess(), undefined);
  assert.ok(trail.progress.rejected > values.length * 10, `${trail.progress.rejected} were counted`);
  assert.deepEqual(browser.errors, []);
  assert.equal({}.link_session_id, undefined);
  // What is kept of it is bounded, and fit for a header.
  for (const { headers, report } of browser.requests) {
    assert.match(headers['Idempotency-Key'], /^[\x21-\x7e]{1,400}$/);
    assert.ok(JSON.stringify(report).length < 20_000);
  }
  // And the trail still works.
  onSuccess('', { link_session_id: 'idv_after' });
  assert.equal(trail.progress.linkSessionId, 'idv_after');
  assert.equal((await trail.delivered('idv_after')).state, 'delivered');
  trail.dispose();
});

test('one field that cannot be read costs that field, not the event', async () => {
  openBrowser();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const half = { link_session_id: 'idv_half', get view_name() { throw new Error('getter'); } };
  trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', half);
  assert.equal(trail.progress.linkSessionId, 'idv_half');
  assert.equal(trail.progress.outcome, 'passed');
  assert.equal(trail.progress.rejected, 1);
  trail.dispose();
});

test('the handlers exist at once, and what comes before the core is replayed in order', async () => {
  const browser = openBrowser();
  const seen = [];
  const trail = createLinkTrail({ endpoint: '/idv', onEvent: (name) => seen.push(name) });
  assert.equal(trail.progress.flow, 'idle');
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_early', { view_name: 'KYC_CHECK' }));
  trail.handlers.onEvent('IDENTITY_VERIFICATION_FAIL_STEP', metadata('idv_early', { view_name: 'KYC_CHECK' }));
  trail.handlers.onSuccess('', { link_session_id: 'idv_early' });
  assert.equal(seen.length, 2, 'the page hears of it at once');
  const [kept] = [...browser.localStorage.texts.values()];
  assert.equal(JSON.parse(kept).length, 3, 'and it is kept at once');
  await trail.ready;
  assert.equal(trail.progress.flow, 'completed');
  assert.equal(trail.progress.steps[0].status, 'failed');
  assert.equal((await trail.delivered()).state, 'delivered');
  await until('the journal to be empty', () => browser.localStorage.length === 0);
  trail.dispose();
});

test('a page that dies before its core has loaded leaves its callbacks to the next one', async () => {
  const browser = openBrowser();
  const first = createLinkTrail({ endpoint: '/idv', owner: 'a' });
  first.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_lost'));
  const kept = new Map(browser.localStorage.texts);
  first.dispose();
  await first.ready;
  await first.delivered();
  browser.requests.length = 0;
  // The browser of a page that died at once: what was in storage then, and nothing since.
  browser.localStorage.texts = kept;
  browser.reload();
  const stranger = createLinkTrail({ endpoint: '/idv', owner: 'b' });
  await stranger.ready;
  await until('the stranger to have looked', () => browser.locks.waiting.length === 0);
  assert.equal(browser.requests.length, 0, "nobody sends it as somebody else's");
  browser.reload();
  const second = createLinkTrail({ endpoint: '/idv', owner: 'a' });
  await until('the delivery', () => keysOf(browser).includes('idv_lost:completed:passed'));
  await until('the journal to be empty', () => browser.localStorage.length === 0);
  second.dispose();
});

test("the page's callbacks get Link's own arguments, once, and the newest function is called", async () => {
  openBrowser();
  const calls = [];
  const options = { endpoint: '/idv', onSuccess: (...args) => calls.push(['old', args]) };
  const trail = createLinkTrail(options);
  await trail.ready;
  const own = { link_session_id: 'idv_args', anything: {} };
  trail.handlers.onSuccess('public', own, 'third');
  options.onSuccess = (...args) => calls.push(['new', args]);
  options.onExit = (...args) => calls.push(['exit', args]);
  trail.handlers.onSuccess('public', own);
  trail.handlers.onExit(null, own);
  assert.deepEqual(calls.map(([name, args]) => [name, args.length]), [['old', 3], ['new', 2], ['exit', 2]]);
  assert.equal(calls[0][1][1], own, 'the very object, not a copy');
  trail.dispose();
});

test('a page whose callbacks, listeners and error handler throw harms nobody', async () => {
  const browser = openBrowser();
  const boom = () => { throw new Error('page'); };
  const trail = createLinkTrail({
    endpoint: '/idv', onSuccess: boom, onExit: boom, onEvent: boom, onError: boom, onUndelivered: boom, headers: boom, body: boom,
  });
  trail.subscribe(boom);
  await trail.ready;
  for (const callback of Object.values(trail.handlers)) callback('', { link_session_id: 'idv_boom' });
  assert.equal((await trail.delivered('idv_boom')).state, 'delivered');
  assert.equal(browser.requests.at(-1).report.schema, 'linktrail.report.v1');
  assert.ok(browser.errors.length >= 5, 'and every one of them is reported');
  trail.dispose();
});

test("an error handler that throws does not reach Link, nor does a page's own reportError that does", (t) => {
  openBrowser();
  const onSuccess = () => { throw new Error('page'); };
  const throwing = t.mock.fn(() => { throw new Error('reporter'); });
  globalThis.reportError = throwing;
  for (const options of [{}, { onError: throwing }]) {
    const trail = createLinkTrail({ endpoint: '/idv', onSuccess, ...options });
    trail.handlers.onSuccess('', { link_session_id: 'idv_reported' });
    trail.dispose();
  }
  assert.equal(throwing.mock.callCount(), 3);
});

test('Link cannot change the handlers, and what it says is stored and on its way before the page hears of it', async () => {
  const browser = openBrowser();
  const before = [];
  const trail = createLinkTrail({ endpoint: '/idv', onSuccess: () => before.push(keysOf(browser).at(-1)) });
  await trail.ready;
  assert.ok(Object.isFrozen(trail.handlers));
  trail.handlers.onSuccess('', { link_session_id: 'idv_before' });
  assert.deepEqual(before, ['idv_before:completed:unknown']);
  trail.dispose();
});

test('a listener that throws keeps nothing from the others, and one that listens anew is told once', async () => {
  const browser = openBrowser();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  let told = 0;
  trail.subscribe(() => { throw new Error('listener'); });
  const anew = () => {
    told += 1;
    end();
    end = trail.subscribe(anew);
  };
  let end = trail.subscribe(anew);
  trail.handlers.onEvent('IDENTITY_VERIFICATION_OPEN_UI', metadata('idv_listeners'));
  assert.equal(told, browser.errors.length);
  assert.ok(told > 0);
  trail.dispose();
});

test('the fields of an exit come to the page and to the backend, and nothing that is missing counts as unreadable', async () => {
  const browser = openBrowser();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const { onEvent, onExit, onSuccess } = trail.handlers;
  const id = 'i'.repeat(256);
  onEvent('IDENTITY_VERIFICATION_START_STEP', metadata(id, { view_name: 'KYC_CHECK' }));
  onExit({ error_type: 'API_ERROR', error_code: 'INTERNAL_SERVER_ERROR' }, { link_session_id: id, status: 'requires_credentials' });
  const { at, ...exit } = trail.progress.exit;
  assert.deepEqual(exit, { errorType: 'API_ERROR', errorCode: 'INTERNAL_SERVER_ERROR', status: 'requires_credentials' });
  assert.equal(Date.parse(at) > 0, true);
  await trail.delivered();
  const report = browser.requests.at(-1).report;
  assert.deepEqual([report.link_session_id, report.exit.error_code, report.exit.status], [id, 'INTERNAL_SERVER_ERROR', 'requires_credentials']);
  onExit(null, null);
  onExit();
  onSuccess('', { link_session_id: null });
  assert.equal(trail.progress.rejected, 0);
  onExit(null, 7);
  assert.equal(trail.progress.rejected, 1);
  trail.dispose();
});

test('Link tells of an error and of the way out in events alone', async () => {
  openBrowser();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const why = { error_type: 'ITEM_ERROR', error_code: 'INVALID_CREDENTIALS', exit_status: 'requires_credentials' };
  trail.handlers.onEvent('EXIT', metadata('idv_exit_event', why));
  const { errorType, errorCode, status } = trail.progress.exit;
  assert.deepEqual({ errorType, errorCode, status }, { errorType: 'ITEM_ERROR', errorCode: 'INVALID_CREDENTIALS', status: 'requires_credentials' });
  trail.dispose();
});

test('an async page callback that rejects is reported', async () => {
  const browser = openBrowser();
  browser.answer = () => 422;
  const later = (message) => async () => { throw new Error(message); };
  const trail = createLinkTrail({ endpoint: '/idv', onSuccess: later('success'), onUndelivered: later('undelivered') });
  trail.subscribe(later('listener'));
  await trail.ready;
  trail.handlers.onSuccess('', { link_session_id: 'idv_async' });
  const told = () => new Set(browser.errors.map(({ message }) => message));
  await until('the reports', () => told().size === 3);
  trail.dispose();
});

test('nothing that is a token, a number of an account, a query or a message for people is kept or sent', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const written = [];
  browser.localStorage.onWrite = (key, text) => written.push(key + text);
  const trail = createLinkTrail({ endpoint: '/idv', owner: 'SECRET-owner@example.com' });
  const secret = {
    public_token: 'SECRET-public', link_token: 'SECRET-link', account_number_mask: 'SECRET-mask', routing_number: 'SECRET-routing',
    institution_search_query: 'SECRET-query', error_message: 'SECRET-message', display_message: 'SECRET-display',
    accounts: [{ name: 'SECRET-account' }], institution: { name: 'SECRET-bank' }, metadata_json: 'SECRET-json',
  };
  for (const early of [true, false]) {
    if (!early) await trail.ready;
    trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_private', { view_name: 'KYC_CHECK', ...secret }));
    trail.handlers.onExit({ error_type: 'API_ERROR', error_code: 'X', ...secret }, { link_session_id: 'idv_private', ...secret });
    trail.handlers.onSuccess('SECRET-public', { link_session_id: 'idv_private', ...secret });
  }
  await until('an answer', () => browser.requests.length > 0 && trail.progress.delivery?.state === 'waiting');
  const everything = JSON.stringify([written, browser.requests, trail.progress]);
  assert.ok(written.length > 0);
  assert.doesNotMatch(everything, /SECRET/);
  trail.dispose();
});
