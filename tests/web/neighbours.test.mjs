// What else is on the origin: other pages that write and forget, and other scripts, whose texts are none of ours.
import assert from 'node:assert/strict';
import test from 'node:test';
import { keysOf, openBrowser } from './fake_page.mjs';
import { createTime, createTrail, noCore, openByHand, settle } from './trail_by_hand.mjs';

const success = (trail, id) => trail.handlers.onSuccess('', { link_session_id: id });
/** What a browser tells the other pages of a write. */
const tellWrite = (browser, key, newValue) => browser.window.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));

/** A record that a page left which is gone. */
async function recordOf(id) {
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser);
  success(trail, id);
  await settle();
  return [...browser.localStorage.texts][0];
}

test('a page that forgets writes it for the others and leaves nothing; another page forgets as well', async () => {
  const first = openBrowser({ answer: () => 503 });
  const written = [];
  first.localStorage.onWrite = (key, text) => written.push([key, text]);
  const { trail } = await openByHand(first, { owner: 'ada' });
  success(trail, 'idv_here');
  await settle();
  written.length = 0;
  trail.forget();
  assert.deepEqual(written.map(([key]) => key), ['linktrail/forget']);
  assert.equal(first.localStorage.length, 0);
  const [[key, told]] = written;

  for (const [owner, isForgotten] of [['ada', true], ['bob', false]]) {
    const browser = openBrowser({ answer: () => 503 });
    const other = await openByHand(browser, { owner });
    success(other.trail, 'idv_there');
    await settle();
    tellWrite(browser, key, null);
    assert.equal(other.trail.progress.linkSessionId, 'idv_there', 'that it was removed says nothing');
    tellWrite(browser, key, told);
    assert.equal(other.trail.progress.linkSessionId, isForgotten ? null : 'idv_there');
    await settle();
    assert.equal(browser.localStorage.length, isForgotten ? 0 : 1);
    assert.equal(other.trail.progress.rejected, 0);
  }
});

test('what another page has written and left is taken over when the browser tells of it', async () => {
  const [key, text] = await recordOf('idv_written');
  const browser = openBrowser();
  const { pass } = await openByHand(browser);
  await settle();
  browser.localStorage.texts.set(key, text);
  tellWrite(browser, 'shop/basket', '1');
  await pass(2_000);
  assert.deepEqual(keysOf(browser), [], 'another script has written something');
  tellWrite(browser, key, text);
  await pass(900);
  assert.deepEqual(keysOf(browser), [], 'the page that wrote it may be taking its lock');
  await pass(200);
  assert.deepEqual(keysOf(browser), ['idv_written:completed:unknown']);
  assert.equal(browser.localStorage.length, 0);
});

test("texts of other scripts are not read, and what is ours but no page's is left alone", async () => {
  const browser = openBrowser();
  const foreign = [['shop/1/2/3/4', '{}'], ['a/b/c/d', 'secret'], ['', 'nameless']];
  const ours = [['linktrail/told/funnel', '["told"]']];
  browser.localStorage.texts = new Map([...foreign, ...ours]);
  const read = [];
  const { getItem } = browser.localStorage;
  browser.localStorage.getItem = (key) => (read.push(key), getItem.call(browser.localStorage, key));
  for (const locks of [true, false]) {
    if (!locks) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
    const { trail } = await openByHand(browser);
    await settle();
    trail.forget();
    await settle();
    assert.deepEqual([...new Set(read)], ['linktrail/told/funnel']);
    assert.deepEqual([...browser.localStorage.texts], [...foreign, ...ours]);
    assert.deepEqual([...browser.locks.held.keys(), ...browser.locks.waiting], []);
    assert.equal(trail.progress.rejected, 0);
  }
});

test('without Web Locks a page that is open takes over what another left when the lease has run out, and not before', async () => {
  const browser = openBrowser({ answer: () => 503, locks: false });
  const time = createTime();
  const first = await openByHand(browser, { time });
  success(first.trail, 'idv_lease');
  await settle();
  first.trail.dispose();
  browser.requests.length = 0;
  browser.answer = () => 200;
  const { pass } = await openByHand(browser, { time });
  await pass(29_000);
  assert.deepEqual(keysOf(browser), []);
  await pass(5_000);
  assert.deepEqual(keysOf(browser), ['idv_lease:completed:unknown']);
  assert.equal(browser.localStorage.length, 0);
});

test('without Web Locks a page that lives renews its lease, and no other takes its record', async () => {
  const wait = new Response(null, { status: 503, headers: { 'Retry-After': '600' } });
  const browser = openBrowser({ answer: () => wait, locks: false });
  const time = createTime();
  const { trail, pass } = await openByHand(browser, { time });
  success(trail, 'idv_living');
  await openByHand(browser, { time });
  const keys = () => [...browser.localStorage.texts.keys()];
  const before = keys();
  await pass(300_000);
  assert.deepEqual(keys(), before);
  assert.equal(browser.requests.length, 1);
});

test("a record that lies in the tab's storage alone is delivered by the tab's next page", async () => {
  const [key, text] = await recordOf('idv_tab');
  const browser = openBrowser();
  browser.sessionStorage.texts.set(key, text);
  await openByHand(browser);
  await settle();
  assert.deepEqual(keysOf(browser), ['idv_tab:completed:unknown']);
  assert.equal(browser.sessionStorage.length, 0);
});

test('a page that has come back from nowhere may have written since: what is newer than what was taken over stays', async () => {
  const [key, text] = await recordOf('idv_newer');
  const browser = openBrowser({ answer: () => new Promise((resolve) => (browser.accept = () => resolve(200))), locks: false });
  const time = createTime();
  await time.pass(31_000);
  browser.localStorage.texts.set(key, text);
  const newer = text.replace('"attempts":1', '"attempts":2');
  const setItem = browser.localStorage.setItem;
  browser.localStorage.setItem = (own, value) => {
    setItem.call(browser.localStorage, own, value);
    if (own !== key) browser.localStorage.texts.set(key, newer);
  };
  await openByHand(browser, { time });
  await settle();
  assert.equal(browser.localStorage.texts.get(key), newer);
});

test('coming back to a page that was never away is no reason to try', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser);
  success(trail, 'idv_shown');
  await settle();
  browser.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  assert.equal(browser.requests.length, 1);
});

test("forget erases what another page of the owner has kept for its core, and nobody else's", async () => {
  const browser = openBrowser();
  for (const owner of ['ada', 'bob']) success(createTrail({ endpoint: '/idv', owner }, createTime().platform, noCore), 'idv_kept');
  assert.equal(browser.localStorage.length, 2);
  const { trail } = await openByHand(browser, { owner: 'ada' });
  trail.forget();
  await settle();
  assert.equal(browser.localStorage.length, 1);
});

test('where there is no window, forget forgets', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser, { powers: { window: () => undefined } });
  success(trail, 'idv_worker');
  await settle();
  trail.forget();
  assert.equal(trail.progress.linkSessionId, null);
  assert.deepEqual(browser.errors, []);
});

test('pages have names of their own, also where there is no source of good randomness', async () => {
  const { crypto } = globalThis;
  const browser = openBrowser({ answer: () => 503 });
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true, writable: true });
  try {
    for (const id of ['idv_a', 'idv_b']) success((await openByHand(browser)).trail, id);
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true, writable: true });
  }
  const names = [...browser.localStorage.texts.keys()].map((key) => key.split('/')[3]);
  assert.equal(new Set(names).size, 2);
  for (const name of names) assert.match(name, /^[0-9a-f]{24}$/);
});

test('an owner is text or a number, or nobody; what all would be called the same is refused', async () => {
  const browser = openBrowser({ answer: () => 503 });
  for (const owner of [{ id: 'ada' }, ['ada'], () => 'ada']) {
    assert.throws(() => createTrail({ endpoint: '/idv', owner }, createTime().platform, noCore), { name: 'TypeError', message: 'linktrail: `owner` must be text.' });
  }
  const scopeOf = async (options) => {
    const { trail } = await openByHand(browser, options);
    success(trail, 'idv_whose');
    await settle();
    const [key] = [...browser.localStorage.texts.keys()];
    trail.forget();
    trail.dispose();
    return key.split('/')[2];
  };
  const [nobody, none, number, text, other] = [await scopeOf({}), await scopeOf({ owner: null }), await scopeOf({ owner: 17 }), await scopeOf({ owner: '17' }), await scopeOf({ owner: 'null' })];
  assert.deepEqual([nobody, number], [none, text]);
  assert.equal(new Set([nobody, number, other]).size, 3);
});
