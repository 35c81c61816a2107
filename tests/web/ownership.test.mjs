// Which page a record belongs to: a page holds its name while it has something, lets it go when it has not, and another waits for it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { keysOf, metadata, openBrowser } from './fake_page.mjs';
import { browserPlatform, createTime, createTrail, noCore, openByHand, settle, startCore } from './trail_by_hand.mjs';

const success = (trail, id) => trail.handlers.onSuccess('', { link_session_id: id });
const held = (browser) => browser.locks.held.size;
const hide = (browser) => browser.window.dispatchEvent(new Event('pagehide'));
const restore = (browser, persisted = true) => browser.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));

/** Every request for a lock, by its name. */
function noteRequests(browser) {
  const names = [];
  const { request } = browser.locks;
  browser.locks.request = (name, ...more) => (names.push(name), request.call(browser.locks, name, ...more));
  return names;
}

test('the reports of a session claim the name of the page once, and a second after the last of them it is let go', async () => {
  const browser = openBrowser();
  const names = noteRequests(browser);
  const { trail, pass } = await openByHand(browser);
  trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_held', { view_name: 'KYC_CHECK' }));
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  await pass(900);
  assert.equal(held(browser), 1);
  success(trail, 'idv_held');
  await settle();
  await pass(900);
  assert.equal(held(browser), 1, 'counted from the last report');
  await pass(200);
  assert.equal(held(browser), 0);
  assert.equal(names.length, 1);
  assert.equal(browser.locks.waiting.length, 0);
});

test('a page that goes into the history lets its name go only when it has nothing, and claims it when it comes back with something', async () => {
  const browser = openBrowser();
  const names = noteRequests(browser);
  const { trail, pass } = await openByHand(browser);
  success(trail, 'idv_first');
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  hide(browser);
  await settle();
  assert.equal(held(browser), 0, 'at once, or the page would not get into the history');
  restore(browser);
  await settle();
  assert.equal(held(browser), 0, 'there is nothing to own');

  browser.answer = ({ report }) => (report.link_session_id === 'idv_second' ? 503 : 200);
  success(trail, 'idv_second');
  success(trail, 'idv_third');
  await settle();
  assert.equal((await trail.delivered('idv_third')).state, 'delivered');
  const claimed = names.length;
  browser.answer = () => 'hang';
  hide(browser);
  await settle();
  assert.equal(held(browser), 1, 'one record still waits');
  assert.equal(names.length, claimed, 'nor was it let go for a moment');

  // WebKit takes the lock back on the way into the history.
  const [taken] = browser.locks.held.values();
  taken.reject(new DOMException('taken back', 'AbortError'));
  browser.locks.freeAll();
  await settle();
  assert.equal(held(browser), 0);
  restore(browser);
  await settle();
  assert.equal(held(browser), 1);
  await pass(5_000);
  assert.equal(held(browser), 1);
  assert.deepEqual(browser.errors, []);
});

test('a record that comes while the name is about to be let go keeps it', async () => {
  const browser = openBrowser();
  const names = noteRequests(browser);
  const { trail, pass } = await openByHand(browser);
  success(trail, 'idv_done');
  await settle();
  browser.answer = () => 503;
  success(trail, 'idv_waits');
  await pass(1_500);
  assert.equal(held(browser), 1);
  assert.equal(names.length, 1, 'nor was it let go for a moment');
});

test('a name that was let go and claimed anew at once is let go again', async () => {
  const browser = openBrowser();
  const { trail, pass } = await openByHand(browser);
  success(trail, 'idv_one');
  await settle();
  hide(browser);
  success(trail, 'idv_two');
  await settle();
  assert.equal(held(browser), 1);
  await pass(1_100);
  assert.equal(held(browser), 0);
});

test('forget lets the name go at once', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser);
  success(trail, 'idv_forgotten');
  await settle();
  assert.equal(held(browser), 1);
  trail.forget();
  await settle();
  assert.equal(held(browser), 0);
});

test('while the core is on its way the name protects what was kept, also in the history; once it is handled it is let go', async () => {
  const browser = openBrowser();
  const time = createTime();
  let start;
  const late = new Promise((resolve) => (start = resolve));
  const trail = createTrail({ endpoint: '/idv' }, time.platform, () => late.then(startCore));
  browser.trails.push(trail);
  trail.handlers.onEvent('OPEN', metadata(''));
  await settle();
  hide(browser);
  await settle();
  assert.equal(held(browser), 1);
  const { trail: other } = await openByHand(browser);
  await settle();
  assert.equal(browser.localStorage.length, 1, 'another page leaves it alone');
  assert.equal(other.progress.rejected, 0);
  start();
  await trail.ready;
  assert.equal(browser.localStorage.length, 0);
  await time.pass(1_100);
  await settle();
  assert.equal(held(browser), 0);
});

test('callbacks that a living page has kept are not told by another', async () => {
  const browser = openBrowser();
  const first = createTrail({ endpoint: '/idv' }, browserPlatform, noCore);
  success(first, 'idv_living');
  const { trail } = await openByHand(browser);
  await settle();
  assert.deepEqual(keysOf(browser), []);
  first.dispose();
  await settle();
  assert.deepEqual(keysOf(browser), ['idv_living:completed:unknown']);
  trail.dispose();
});

test('of two pages before it a page takes over what the dead one left, and not what the living one has', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const living = await openByHand(browser);
  const dead = await openByHand(browser);
  success(living.trail, 'idv_living');
  success(dead.trail, 'idv_dead');
  await settle();
  dead.trail.dispose();
  const keyOf = (id) => [...browser.localStorage.texts.keys()].find((key) => key.endsWith(id));
  const [ofLiving, ofDead] = [keyOf('/idv_living'), keyOf('/idv_dead')];
  await openByHand(browser);
  await settle();
  assert.equal(keyOf('/idv_living'), ofLiving);
  assert.notEqual(keyOf('/idv_dead'), ofDead);
});

test('a page that was waited for once is waited for again, however often something is written', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const first = await openByHand(browser);
  success(first.trail, 'idv_one');
  await settle();
  const second = await openByHand(browser);
  await settle();
  assert.equal(browser.locks.waiting.length, 1);
  browser.answer = () => 200;
  first.trail.flush();
  await first.pass(1_100);
  assert.equal(browser.locks.waiting.length, 0);
  browser.answer = () => 503;
  success(first.trail, 'idv_two');
  await settle();
  const [[key, newValue]] = browser.localStorage.texts;
  for (let times = 0; times < 3; times++) {
    browser.window.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));
    await second.pass(1_100);
  }
  assert.equal(browser.locks.waiting.length, 1);
  browser.answer = () => 200;
  browser.requests.length = 0;
  first.trail.dispose();
  await settle();
  assert.deepEqual(keysOf(browser), ['idv_two:completed:unknown']);
  second.trail.dispose();
  await settle();
  assert.deepEqual([browser.locks.waiting.length, held(browser), browser.errors.length], [0, 0, 0]);
});

test('a browser that refuses locks says so to the page, and the report is delivered', async () => {
  const browser = openBrowser();
  const refused = new DOMException('no locks here', 'SecurityError');
  browser.locks.request = () => Promise.reject(refused);
  const { trail } = await openByHand(browser);
  success(trail, 'idv_refused');
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.ok(browser.errors.includes(refused));
});

test('a trail that has ended waits for nothing, sets no timer and listens to nothing', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const listening = new Set();
  for (const target of [browser.window, browser.document]) {
    const { addEventListener: add, removeEventListener: remove } = target;
    // Without options: the `signal` of a listener is no option to browsers of 2020, which go on listening.
    target.addEventListener = (type, listener) => (listening.add(listener), add.call(target, type, listener));
    target.removeEventListener = (type, listener) => (listening.delete(listener), remove.call(target, type, listener));
  }
  const other = await openByHand(browser);
  success(other.trail, 'idv_other');
  await settle();
  const { trail, timers } = await openByHand(browser);
  success(trail, 'idv_ended');
  await settle();
  assert.equal(browser.locks.waiting.length, 1);
  trail.dispose();
  assert.deepEqual([timers.size, browser.locks.waiting.length], [0, 0]);
  success(trail, 'idv_late');
  await settle();
  assert.deepEqual([timers.size, held(browser)], [0, 1], 'its late records are for another page');
  assert.ok(listening.size > 5);
  other.trail.dispose();
  assert.equal(listening.size, 0);

  const time = createTime();
  const early = createTrail({ endpoint: '/idv' }, time.platform, startCore);
  success(early, 'idv_early');
  early.dispose();
  await early.ready;
  await settle();
  assert.ok(keysOf(browser).includes('idv_early:completed:unknown'));
  assert.equal(time.timers.size, 0, 'also one that ended before its core came');
  assert.deepEqual(browser.errors, []);
});
