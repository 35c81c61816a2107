// The callbacks that came before the core: kept in few texts, replayed whole and in order, for the same owner and endpoint alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { keysOf, metadata, openBrowser } from './fake_page.mjs';
import { createTime, createTrail, noCore, openByHand, settle, startCore } from './trail_by_hand.mjs';

/** What a page leaves that died before its core came: `tell` is given its handlers. */
function leave(browser, tell, { time = createTime(), ...options } = {}) {
  const trail = createTrail({ endpoint: '/idv', ...options }, time.platform, noCore);
  tell(trail.handlers);
  browser.reload();
}
const success = (id) => ({ onSuccess }) => onSuccess('', { link_session_id: id });
const journals = ({ localStorage }) => [...localStorage.texts].filter(([key]) => key.startsWith('linktrail/journal/'));

test('however many callbacks came, each is kept once, 64 under a key, and all are told to the next page', async () => {
  const browser = openBrowser();
  const ids = Array.from({ length: 66 }, (_, index) => `idv_${index}`);
  leave(browser, ({ onSuccess, onEvent }) => {
    for (const id of ids.slice(0, 60)) onSuccess('', { link_session_id: id });
    for (let repeats = 0; repeats < 5; repeats++) onEvent('OPEN', metadata(''));
    for (const id of ids.slice(60)) onSuccess('', { link_session_id: id });
  });
  const kept = journals(browser);
  assert.deepEqual(kept.map(([key]) => key.slice(-7)), ['/000001', '/000002']);
  assert.deepEqual(kept.map(([, text]) => JSON.parse(text).length), [64, 7]);
  const { trail } = await openByHand(browser);
  await settle();
  assert.deepEqual(keysOf(browser), ids.map((id) => `${id}:completed:unknown`));
  assert.equal(browser.localStorage.length, 0);
  assert.equal(trail.progress.rejected, 0);
});

test('they are told in their order whatever order storage has, and the longest copy of a text is the newest', async () => {
  const browser = openBrowser();
  const ids = Array.from({ length: 66 }, (_, index) => `idv_${index}`);
  leave(browser, ({ onSuccess }) => ids.forEach((id) => onSuccess('', { link_session_id: id })));
  const [first, [key, text]] = journals(browser);
  browser.localStorage.texts = new Map([[key, text], first]);
  browser.sessionStorage.texts.set(key, JSON.stringify(JSON.parse(text).slice(0, 1)));
  await openByHand(browser);
  await settle();
  assert.deepEqual(keysOf(browser), ids.map((id) => `${id}:completed:unknown`));
  assert.deepEqual([browser.localStorage.length, browser.sessionStorage.length], [0, 0]);
});

test("nobody else's trail tells them: another owner, none, one without a name, another endpoint", async () => {
  const everybody = [{}, { owner: '' }, { owner: 'a' }, { owner: 'b' }, { owner: 'a', endpoint: '/other' }];
  for (const mine of everybody) {
    const browser = openBrowser();
    leave(browser, success('idv_mine'), mine);
    for (const other of everybody.filter((one) => one !== mine)) {
      await openByHand(browser, other);
      await settle();
      browser.reload();
    }
    assert.equal(browser.requests.length, 0, JSON.stringify(mine));
    await openByHand(browser, mine);
    await settle();
    assert.equal(browser.requests.length, 1, JSON.stringify(mine));
  }
});

test('a journal that somebody has damaged is counted and erased', async () => {
  for (const damaged of ['{', '5', '[null]', '[{"text":7}]', '[{}]']) {
    const browser = openBrowser();
    leave(browser, success('idv_damaged'));
    const [[key]] = journals(browser);
    browser.localStorage.texts.set(key, damaged);
    const { trail } = await openByHand(browser);
    await settle();
    assert.equal(trail.progress.rejected, 1, damaged);
    assert.equal(browser.localStorage.length, 0, damaged);
    assert.deepEqual(browser.errors, [], damaged);
  }
});

test('what Link said keeps its time, though it is told an hour later', async () => {
  const browser = openBrowser();
  const time = createTime();
  leave(browser, ({ onExit }) => onExit(null, { link_session_id: 'idv_left' }), { time });
  await time.pass(3_600_000);
  const { trail } = await openByHand(browser, { time });
  await settle();
  assert.equal(trail.progress.exit.at, '2026-01-15T10:00:00.000Z');
});

test('without Web Locks a journal is told once all of it is a minute old, by a clock that may have been set back', async () => {
  for (const [ms, isTold] of [[60_000, false], [60_001, true], [-60_001, true]]) {
    const browser = openBrowser({ locks: false });
    const time = createTime();
    leave(browser, success('idv_one'), { time });
    const moved = { ...time.platform, wallMs: () => time.platform.wallMs() + ms };
    const { trail } = await openByHand(browser, { powers: { wallMs: moved.wallMs } });
    await settle();
    assert.equal(browser.requests.length, isTold ? 1 : 0, `${ms} ms later`);
    assert.equal(trail.progress.rejected, 0, 'it is no record');
  }
  const browser = openBrowser({ locks: false });
  const time = createTime();
  const trail = createTrail({ endpoint: '/idv' }, time.platform, noCore);
  success('idv_old')(trail.handlers);
  await time.pass(90_000);
  success('idv_fresh')(trail.handlers);
  await openByHand(browser, { time });
  await settle();
  assert.equal(browser.requests.length, 0, 'whoever has just heard of something may still be alive');
});

test('what the tab alone holds keeps the journal, which the disk may have', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const time = createTime();
  const trail = createTrail({ endpoint: '/idv' }, time.platform, startCore);
  browser.trails.push(trail);
  success('idv_weak')(trail.handlers);
  browser.localStorage.onWrite = () => { throw new DOMException('full', 'QuotaExceededError'); };
  await trail.ready;
  await settle();
  assert.equal(trail.progress.delivery.durability, 'tab');
  assert.equal(journals(browser).length, 1);
  trail.forget();
  await settle();
  assert.deepEqual([browser.localStorage.length, browser.sessionStorage.length], [0, 0], 'forget erases both');
});

test('what became a record already waits as long as the record says, though the journal tells of it as well', async () => {
  const browser = openBrowser({ answer: () => new Response(null, { status: 503, headers: { 'Retry-After': '40' } }) });
  const time = createTime();
  const trail = createTrail({ endpoint: '/idv' }, time.platform, startCore);
  browser.trails.push(trail);
  success('idv_both')(trail.handlers);
  browser.localStorage.onWrite = () => { throw new DOMException('full', 'QuotaExceededError'); };
  await trail.ready;
  await settle();
  browser.reload();
  browser.localStorage.onWrite = () => {};
  assert.deepEqual([browser.localStorage.length, browser.sessionStorage.length], [1, 1]);
  browser.requests.length = 0;
  browser.answer = () => 200;
  const next = await openByHand(browser, { time });
  await next.pass(39_000);
  assert.deepEqual(keysOf(browser), []);
  // Up to a tenth longer than asked.
  await next.pass(5_500);
  await settle();
  assert.deepEqual(keysOf(browser), ['idv_both:completed:unknown']);
  assert.deepEqual([browser.localStorage.length, browser.sessionStorage.length], [0, 0]);
});

test('what Link says of a session before the core is bounded, whatever its length', () => {
  const browser = openBrowser();
  leave(browser, ({ onEvent }) => onEvent('x'.repeat(1e6), { link_session_id: 'y'.repeat(1e6), view_name: 'z'.repeat(1e6) }));
  const [[, text]] = journals(browser);
  assert.ok(text.length < 5_000, `${text.length} characters`);
});
