// Texts that Link never gives but a page or another script may: half of a surrogate pair, which a strict reader of JSON refuses, and
// what is no text at all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLinkTrail } from 'linktrail';
import { keysOf, openBrowser, until } from './fake_page.mjs';

async function openTrail(browser, options = {}) {
  const trail = createLinkTrail({ endpoint: '/idv', ...options });
  browser.trails.push(trail);
  await trail.ready;
  return trail;
}

const stored = (browser) => [...browser.localStorage.texts.keys()];

test('a receipt that is asked for by an odd id is unknown, and the next one is answered for itself', async () => {
  const trail = await openTrail(openBrowser());
  trail.handlers.onSuccess('', { link_session_id: 'idv_good' });
  const odd = ['\ud800', 'a\udc00\ud83db', '\\ud800', '\\\udfff"', '\0', '\u{1f600}', '\uffff'].map((id) => trail.delivered(id));
  assert.equal((await trail.delivered('idv_good')).linkSessionId, 'idv_good');
  const found = (await Promise.all(odd)).map(({ state, linkSessionId }) => [state, linkSessionId]);
  const ids = ['\ufffd', 'a\ufffd\ufffdb', '\\ud800', '\\\ufffd"', '\0', '\u{1f600}', '\uffff'];
  assert.deepEqual(found, ids.map((id) => ['unknown', id]));
});

test('a receipt that is asked for by what is no text is unknown, and the next one is answered for itself', async () => {
  const trail = await openTrail(openBrowser());
  trail.handlers.onSuccess('', { link_session_id: 'idv_good' });
  const circular = { toString: () => 'a ring' };
  circular.self = circular;
  const odd = [10n, 7, circular].map((id) => trail.delivered(id));
  assert.equal((await trail.delivered('idv_good')).linkSessionId, 'idv_good');
  const found = (await Promise.all(odd)).map(({ state, linkSessionId }) => [state, linkSessionId]);
  assert.deepEqual(found, [['unknown', '10'], ['unknown', '7'], ['unknown', 'a ring']]);
});

test("an owner's name that was cut within a character is an owner: the records are theirs, and the next page delivers them", async () => {
  const browser = openBrowser({ answer: () => 503 });
  const owner = 'Ada \u{1f600}'.slice(0, -1);
  const trail = await openTrail(browser, { owner });
  trail.handlers.onSuccess('', { link_session_id: 'idv_cut' });
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  assert.match(stored(browser).join(), /^linktrail\/1\/[0-9a-f]{32}\/[0-9a-f]{24}\/idv_cut$/);
  browser.reload();
  browser.requests.length = 0;
  browser.answer = () => 200;
  await openTrail(browser, { owner: 'somebody else' });
  await openTrail(browser, { owner });
  await until('the delivery', () => stored(browser).length === 0);
  assert.deepEqual(keysOf(browser), ['idv_cut:completed:unknown']);
});

test('a damaged text beside a record does not keep it from being delivered', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const trail = await openTrail(browser);
  trail.handlers.onSuccess('', { link_session_id: 'idv_whole' });
  await until('the failure', () => trail.progress.delivery?.state === 'waiting');
  const damaged = stored(browser)[0].replace('idv_whole', 'idv_damaged');
  browser.reload();
  browser.requests.length = 0;
  browser.answer = () => 200;
  browser.localStorage.texts.set(damaged, '{"version":1,"report":"\ud800');
  const next = await openTrail(browser);
  await until('the delivery', () => stored(browser).length === 0);
  assert.deepEqual(keysOf(browser), ['idv_whole:completed:unknown']);
  assert.equal(next.progress.rejected, 1, 'the damaged text was counted');
});
