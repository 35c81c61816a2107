// The copy on the disk: written, read, erased, and an IndexedDB that is lost, shared with another version, or never answers.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { createDisk, keyRange } from './fake_disk.mjs';
import { keysOf, openBrowser, until } from './fake_page.mjs';
import { createTime, createTrail, noCore, openByHand, settle, startCore } from './trail_by_hand.mjs';

globalThis.IDBKeyRange = keyRange;
after(() => delete globalThis.IDBKeyRange);

const on = (disk) => ({ powers: { indexedDB: () => disk } });
const lost = () => { throw new DOMException('lost', 'InvalidStateError'); };
const success = (trail, id) => trail.handlers.onSuccess('', { link_session_id: id });

/** A page that has left one record on the disk, and nothing of it elsewhere. */
async function leaveOnDisk(browser, disk, id) {
  browser.answer = () => 503;
  const { trail } = await openByHand(browser, on(disk));
  success(trail, id);
  await settle();
  browser.reload();
  browser.localStorage.texts.clear();
  browser.requests.length = 0;
  browser.answer = () => 200;
}

test('a record is on the disk once it is committed, strictly, and the receipt says so; delivered, it is gone', async () => {
  const disk = createDisk();
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser, on(disk));
  success(trail, 'idv_disk');
  await Promise.resolve();
  assert.equal(trail.progress.delivery.durability, 'browser', 'not yet');
  await settle();
  assert.equal(trail.progress.delivery.durability, 'disk');
  assert.deepEqual([...disk.texts], [...browser.localStorage.texts]);
  assert.deepEqual(new Set(disk.durabilities), new Set(['strict']));
  browser.answer = () => 200;
  trail.flush();
  await settle();
  assert.equal(trail.progress.delivery.state, 'delivered');
  assert.deepEqual([...disk.texts], []);
  assert.equal(disk.connections.length, 1, 'one connection is enough');
  trail.dispose();
  await settle();
  assert.ok(disk.connections[0].isClosed, 'a trail that has ended keeps nobody from the database');
});

test('what lies on the disk alone is delivered by the next page, and known as soon as it is asked for', async () => {
  const disk = createDisk();
  const browser = openBrowser();
  await leaveOnDisk(browser, disk, 'idv_left');
  const { trail } = await openByHand(browser, on(disk));
  assert.equal((await trail.delivered('idv_left')).state, 'delivered');
  assert.deepEqual(keysOf(browser), ['idv_left:completed:unknown']);
  await settle();
  assert.deepEqual([...disk.texts], []);
});

test('of a record whose copies differ all are erased once it is delivered', async () => {
  const disk = createDisk();
  const browser = openBrowser();
  await leaveOnDisk(browser, disk, 'idv_copies');
  const [[key, text]] = disk.texts;
  browser.localStorage.texts.set(key, text.replace('"attempts":1', '"attempts":2'));
  browser.sessionStorage.texts.set(key, text.replace('"attempts":1', '"attempts":3'));
  assert.notEqual(browser.localStorage.texts.get(key), text);
  await openByHand(browser, on(disk));
  await settle();
  assert.deepEqual(keysOf(browser), ['idv_copies:completed:unknown']);
  assert.deepEqual([browser.localStorage, browser.sessionStorage, disk].map(({ texts }) => texts.size), [0, 0, 0]);
});

test('forget erases what is on the disk, and nobody else’s', async () => {
  const disk = createDisk();
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser, { owner: 'ada', ...on(disk) });
  const { trail: other } = await openByHand(browser, { owner: 'bob', ...on(disk) });
  success(trail, 'idv_ada');
  success(other, 'idv_bob');
  await settle();
  assert.equal(disk.texts.size, 2);
  trail.forget();
  await settle();
  assert.deepEqual([...disk.texts.keys()].map((key) => key.split('/')[4]), ['idv_bob']);
});

test('what is forgotten while the disk is being read is not told from what was read', async () => {
  const disk = createDisk();
  const browser = openBrowser();
  const platform = { ...createTime().platform, ...on(disk).powers };
  success(createTrail({ endpoint: '/idv' }, platform, noCore), 'idv_forgotten');
  await settle();
  browser.reload();
  assert.equal(disk.texts.size, 1, 'the callback is kept');
  const trail = createTrail({ endpoint: '/idv' }, platform, startCore);
  browser.trails.push(trail);
  let reads = 0;
  disk.onTransaction = (mode) => mode !== 'readwrite' && ++reads === 1 && queueMicrotask(trail.forget);
  await trail.ready;
  await settle();
  assert.ok(reads > 1, 'it is read again');
  assert.deepEqual(keysOf(browser), []);
  assert.equal(trail.progress.flow, 'idle');
  assert.deepEqual([browser.localStorage, browser.sessionStorage, disk].map(({ texts }) => texts.size), [0, 0, 0]);
});

test('a connection that the browser has lost is opened again, and the record is written all the same', async () => {
  const disk = createDisk();
  const browser = openBrowser({ answer: () => 503 });
  const { trail } = await openByHand(browser, on(disk));
  await settle();
  let failures = 0;
  disk.onTransaction = () => ++failures === 1 && lost();
  success(trail, 'idv_again');
  await settle();
  assert.equal(disk.texts.size, 1);
  assert.equal(disk.connections.length, 2);
  assert.deepEqual(browser.errors, [], 'nobody needs to hear of it');
});

test('a disk that fails again and again is told of once, and used anew when it works again', async () => {
  const disk = createDisk();
  const browser = openBrowser({ answer: () => 503 });
  disk.onTransaction = lost;
  const { trail } = await openByHand(browser, on(disk));
  success(trail, 'idv_first');
  await settle();
  assert.equal(browser.errors.length, 1);
  disk.onTransaction = () => {};
  success(trail, 'idv_second');
  await settle();
  assert.deepEqual([...disk.texts.keys()].map((key) => key.split('/')[4]), ['idv_second']);
  assert.equal(trail.progress.delivery.durability, 'disk');
});

test('a database that another version wants to change is let go, and one that was closed is opened again', async () => {
  for (const end of ['onversionchange', 'onclose']) {
    const disk = createDisk();
    const browser = openBrowser({ answer: () => 503 });
    const { trail } = await openByHand(browser, on(disk));
    await settle();
    const [connection] = disk.connections;
    connection[end]();
    if (end === 'onversionchange') assert.ok(connection.isClosed);
    disk.onTransaction = () => disk.connections.at(-1) === connection && assert.fail('the former connection is not used');
    success(trail, 'idv_version');
    await settle();
    assert.equal(disk.texts.size, 1, end);
    assert.equal(disk.connections.length, 2, end);
    assert.deepEqual(browser.errors, []);
  }
});

test('for a disk that never answers what lies elsewhere waits one second, and a trail that has ended takes nothing over', async () => {
  for (const [isDisposed, locks] of [[false, true], [true, true], [false, false], [true, false]]) {
    const browser = openBrowser({ answer: () => 503, locks });
    const left = await openByHand(browser);
    success(left.trail, 'idv_elsewhere');
    await settle();
    browser.reload();
    browser.requests.length = 0;
    browser.answer = () => 200;
    const time = createTime();
    await time.pass(60_000);
    const disk = createDisk();
    disk.ready = new Promise(() => {});
    const { trail, pass } = await openByHand(browser, { time, ...on(disk) });
    await settle();
    if (isDisposed) trail.dispose();
    await pass(1_000);
    await settle();
    assert.equal(browser.requests.length, isDisposed ? 0 : 1);
    assert.equal(browser.localStorage.length, isDisposed ? 1 : 0);
    assert.deepEqual(browser.errors, []);
  }
});

test('callbacks that were kept on the disk alone are told to the next page and erased there, and nobody else’s', async () => {
  const disk = createDisk();
  const browser = openBrowser();
  for (const owner of ['ada', 'bob', 'cyd']) {
    const time = createTime();
    success(createTrail({ endpoint: '/idv', owner }, { ...time.platform, indexedDB: () => disk }, noCore), `idv_${owner}`);
  }
  await settle();
  assert.equal(disk.texts.size, 3);
  browser.reload();
  browser.locks.freeAll();
  browser.localStorage.texts.clear();
  for (const [owner, left] of [['bob', 2], ['cyd', 1], ['ada', 0]]) {
    await openByHand(browser, { owner, ...on(disk) });
    await settle();
    assert.equal(keysOf(browser).at(-1), `idv_${owner}:completed:unknown`);
    assert.equal(disk.texts.size, left);
  }
  assert.deepEqual(browser.errors, []);
});

test('operations are done one after the other: what was erased is not written again', async () => {
  const disk = createDisk();
  let open;
  disk.ready = new Promise((resolve) => (open = resolve));
  const browser = openBrowser();
  const { trail } = await openByHand(browser, on(disk));
  success(trail, 'idv_order');
  assert.equal((await trail.delivered()).state, 'delivered');
  open();
  await until('the disk', () => disk.durabilities.length > 2);
  await settle();
  assert.deepEqual([...disk.texts], []);
});
