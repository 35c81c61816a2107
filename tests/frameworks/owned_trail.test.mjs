// What a component's trail does when frameworks and pages do what they seldom do, in Node: hidden and shown again, options changed
// in place. Real frameworks in a real browser are in frameworks.test.mjs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { useLinkTrail } from 'linktrail/vue';
import { effectScope, reactive, ref } from 'vue';
import { keysOf, metadata, openBrowser, until } from '../web/fake_page.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'linktrail-owned-'));
after(() => rmSync(folder, { recursive: true }));

/** The source itself, over the built main entry: only React begins a trail again that has ended. */
const overMain = {
  name: 'over-main',
  setup: (build) => build.onResolve({ filter: /\/src\/index\.js$/ }, () => ({ path: pathToFileURL(at('dist/index.mjs')).href, external: true })),
};
const outfile = join(folder, 'owned_trail.mjs');
await build({ entryPoints: [at('web/bindings/owned_trail.ts')], bundle: true, format: 'esm', outfile, plugins: [overMain], logLevel: 'error' });
const { ownTrail } = await import(pathToFileURL(outfile).href);

/** How many listeners to the page's life there are: none once all trails have ended. */
function countListeners(browser) {
  let count = 0;
  for (const target of [browser.window, browser.document]) {
    const { addEventListener: add, removeEventListener: remove } = target;
    target.addEventListener = (...args) => (count++, add.apply(target, args));
    target.removeEventListener = (...args) => (count--, remove.apply(target, args));
  }
  return () => count;
}

const step = ({ handlers }, id) => handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata(id, { view_name: 'KYC_CHECK' }));
const success = ({ handlers }, id) => handlers.onSuccess('', { link_session_id: id });

test('nothing begins before the component is on the page, and when it is gone all ends once it is delivered', async () => {
  const browser = openBrowser();
  const listeners = countListeners(browser);
  const options = Object.freeze({ endpoint: '/idv', owner: 'ana' });
  const owned = ownTrail(options);
  let told = 0;
  const unsubscribe = owned.subscribe(() => told++);
  owned.update({ ...options, owner: 'bo' });
  owned.update(options);
  assert.deepEqual([owned.trail(), listeners()], [null, 0]);
  assert.equal(told, 2, 'other handlers each time');
  told = 0;
  owned.begin();
  assert.notEqual(owned.trail(), null);
  assert.equal(told, 1, 'the trail is there');
  await owned.trail().ready;
  let answer;
  browser.answer = () => new Promise((resolve) => (answer = resolve));
  success(owned.inUse(), 'idv_gone');
  assert.equal(owned.progress().flow, 'completed');
  owned.end();
  assert.equal(owned.trail(), null, 'though it still delivers');
  assert.ok(listeners() > 0);
  answer(200);
  await until('the end', () => listeners() === 0);
  browser.answer = () => 200;
  success(owned.inUse(), 'idv_late');
  await until('the late report', () => keysOf(browser).includes('idv_late:completed:unknown'));
  await until('the end of what it took', () => listeners() === 0);
  unsubscribe();
  const before = told;
  const bo = ownTrail({ ...options, owner: 'bo' });
  bo.begin();
  bo.end();
  owned.begin();
  assert.equal(told, before);
  step(owned.inUse(), 'idv_again');
  await until('the report of the first step', () => keysOf(browser).includes('idv_again:in_progress:unknown'));
  assert.equal(browser.requests.at(-1).credentials, 'same-origin', 'who had ended long before is not suspected');
  await until('the progress of a living trail', () => owned.progress().linkSessionId === 'idv_again');
  owned.end();
  owned.update({ ...options, owner: 'bo' });
  assert.equal(owned.trail(), null, 'another owner begins nothing either');
  await until('the end', () => listeners() === 0);
});

test('a component that is shown again before all is delivered keeps its trail', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const owned = ownTrail({ endpoint: '/idv', owner: 'ana' });
  owned.begin();
  const trail = owned.trail();
  await trail.ready;
  success(owned.inUse(), 'idv_strict');
  owned.end();
  owned.begin();
  browser.answer = () => 200;
  owned.inUse().flush();
  assert.equal((await owned.inUse().delivered()).state, 'delivered');
  // Nor does somebody else's component beside it end it: it waits no more.
  const bo = ownTrail({ endpoint: '/idv', owner: 'bo' });
  bo.begin();
  assert.equal(owned.trail(), trail);
  step(owned.inUse(), 'idv_living');
  await until('the progress', () => owned.progress().linkSessionId === 'idv_living');
  for (const one of [owned, bo]) one.end();
});

test('another owner or endpoint is another trail at once; what Link still says is the former owner’s, and without cookies', async () => {
  for (const other of [{ owner: 'bo' }, { endpoint: '/other' }]) {
    const browser = openBrowser();
    const listeners = countListeners(browser);
    const ana = { endpoint: new URL('https://shop.example/idv'), owner: 'ana', credentials: 'include', onEvent: () => calls.push('first') };
    const calls = [];
    const owned = ownTrail(ana);
    owned.begin();
    const { inUse, trail } = { inUse: owned.inUse(), trail: owned.trail() };
    await trail.ready;
    const ofOne = listeners();
    step(inUse, 'idv_ana');
    assert.equal(browser.requests.at(-1).credentials, 'include');
    owned.update({ ...ana, endpoint: new URL('https://shop.example/idv'), onEvent: () => calls.push('newest') });
    assert.equal(owned.trail(), trail, 'an address that says the same is the same');
    step(inUse, 'idv_ana');
    owned.update({ endpoint: ana.endpoint, owner: 'ana', credentials: 'include' });
    step(inUse, 'idv_ana');
    assert.deepEqual(calls, ['first', 'newest'], 'what is no longer given is no longer called');
    let told = 0;
    owned.update({ ...ana, ...other });
    owned.subscribe(() => told++);
    assert.notEqual(owned.trail(), trail);
    assert.notEqual(owned.inUse(), inUse);
    assert.equal(listeners(), ofOne, 'the former one listens no more');
    await owned.trail().ready;
    told = 0;
    browser.requests.length = 0;
    success(inUse, 'idv_ana');
    assert.deepEqual(browser.requests.map(({ url, credentials }) => [url, credentials]), [['https://shop.example/idv', 'omit']]);
    assert.equal(owned.progress().linkSessionId, null);
    assert.equal(told, 0, 'nor is anybody told');
    owned.end();
    await until('the end', () => listeners() === 0);
  }
});

test("a component of the same owner does not end another's delivery", async () => {
  const browser = openBrowser({ answer: () => 503 });
  const [first, second] = [ownTrail({ endpoint: '/idv', owner: 'ana' }), ownTrail({ endpoint: '/idv', owner: 'ana' })];
  first.begin();
  await first.trail().ready;
  success(first.inUse(), 'idv_first');
  const receipt = first.inUse().delivered();
  await until('the failure', () => first.progress().delivery.state === 'waiting');
  first.end();
  second.begin();
  browser.answer = () => 200;
  assert.equal((await receipt).state, 'delivered');
  second.end();
});

test('shown and hidden at once after somebody else had been there, nothing stays behind', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const listeners = countListeners(browser);
  const ana = ownTrail({ endpoint: '/idv', owner: 'ana' });
  ana.begin();
  await ana.trail().ready;
  success(ana.inUse(), 'idv_ana');
  await until('the failure', () => ana.progress().delivery.state === 'waiting');
  ana.end();
  const bo = ownTrail({ endpoint: '/idv', owner: 'bo' });
  bo.begin();
  ana.begin();
  ana.end();
  bo.end();
  browser.answer = () => 200;
  await until('the end of all', () => listeners() === 0);
  ana.begin();
  step(ana.inUse(), 'idv_next');
  await until('the progress of a living trail', () => ana.progress().linkSessionId === 'idv_next');
  ana.end();
});

test('in Vue the scope ends the trail, and the methods are those of the present one', async () => {
  const browser = openBrowser();
  const listeners = countListeners(browser);
  const scope = effectScope();
  const { handlers, trail, progress, delivered, flush, forget } = scope.run(() => useLinkTrail({ endpoint: '/idv', owner: 'ana' }));
  await trail.value.ready;
  browser.answer = () => 503;
  handlers.value.onSuccess('', { link_session_id: 'idv_vue' });
  assert.equal(progress.value.linkSessionId, 'idv_vue');
  await until('the failure', () => progress.value.delivery.state === 'waiting');
  browser.answer = () => 200;
  flush();
  assert.equal((await delivered('idv_vue')).linkSessionId, 'idv_vue');
  assert.equal((await delivered('idv_other')).state, 'unknown');
  forget();
  assert.equal(progress.value.linkSessionId, null);
  scope.stop();
  await until('the end', () => listeners() === 0);
});

test('a component that was hidden while somebody else was signed in has a living trail when it is shown again', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const options = { endpoint: '/idv', owner: 'ana' };
  const ana = ownTrail(options);
  ana.begin();
  const before = ana.trail();
  ana.inUse().handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_ana', { view_name: 'KYC_CHECK' }));
  await until('the report', () => browser.requests.length > 0);
  // As React's <Activity> does; ana's report has not been accepted yet.
  ana.end();
  const bo = ownTrail({ endpoint: '/idv', owner: 'bo' });
  bo.begin();
  bo.end();
  browser.answer = () => 200;
  ana.update(options);
  ana.begin();
  assert.notEqual(ana.trail(), before);
  ana.inUse().handlers.onSuccess('', { link_session_id: 'idv_ana' });
  await until('the progress', () => ana.progress().flow === 'completed');
  await until('the delivery', () => keysOf(browser).includes('idv_ana:completed:unknown'));
  assert.equal((await ana.inUse().delivered()).state, 'delivered');
  ana.end();
});

for (const [what, make] of Object.entries({ ref, reactive })) {
  test(`in Vue an owner that is changed within a ${what} is another owner`, () => {
    openBrowser();
    const options = make({ endpoint: '/idv', owner: 'ana' });
    const scope = effectScope();
    const { handlers, trail } = scope.run(() => useLinkTrail(options));
    const ofAna = [handlers.value, trail.value];
    (options.value ?? options).owner = 'bo';
    assert.notEqual(handlers.value, ofAna[0]);
    assert.notEqual(trail.value, ofAna[1]);
    scope.stop();
  });
}

test('a component without options is told what is missing', () => {
  openBrowser();
  const missing = { name: 'TypeError', message: /^linktrail: `endpoint` must be a URL/ };
  for (const nothing of [undefined, null]) {
    const owned = ownTrail(nothing);
    // As React does in the first commit.
    assert.throws(() => (owned.update(nothing), owned.begin()), missing);
    const scope = effectScope();
    assert.throws(() => scope.run(() => useLinkTrail(nothing)), missing);
    scope.stop();
  }
});

test('in Vue an endpoint that is refused for a moment costs that moment only', async () => {
  const browser = openBrowser();
  const options = reactive({ endpoint: '/idv', owner: 'ana' });
  const scope = effectScope();
  const { handlers, progress } = scope.run(() => useLinkTrail(options));
  // Where there is an app, its error handler is told.
  assert.throws(() => (options.endpoint = undefined), /^TypeError: linktrail: `endpoint`/);
  options.endpoint = '/idv';
  handlers.value.onSuccess('', { link_session_id: 'idv_ana' });
  await until('the progress', () => progress.value.flow === 'completed');
  await until('the delivery', () => browser.requests.length > 0);
  scope.stop();
});
