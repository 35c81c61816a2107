// The driver's hands on a page of Node: which tag is added when, what a page's function may do wrong, when a handler is destroyed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLinkTrail } from 'linktrail';
import { createLinkDriver } from 'linktrail/link';
import { metadata } from '../web/fake_page.mjs';
import { createClock, openPage } from './support.mjs';

const address = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const clock = createClock();

/** A page with a trail and a driver, the core running. */
async function start(t, { page = openPage(), fetchLinkToken = () => 'link-sandbox-1', ...options } = {}) {
  const errors = [];
  const trail = createLinkTrail({ endpoint: '/idv', onError: (error) => errors.push(error) });
  t.after(() => trail.dispose());
  await trail.ready;
  const link = createLinkDriver({ trail, fetchLinkToken, ...options });
  return { page, trail, link, errors };
}

/** The same, with Link open. */
async function open(t, options) {
  const world = await start(t, options);
  const result = world.link.open();
  await clock.settle();
  if (world.page.scripts.length > 0) world.page.load();
  await clock.settle();
  return { ...world, result, handler: world.page.handlers.at(-1) };
}

const isSettled = async (promise) => {
  let settled = false;
  void promise.then(() => (settled = true));
  await clock.settle();
  return settled;
};

test("the tag has Plaid's address and the page's nonce, and no integrity", async (t) => {
  const { page, link } = await start(t, { nonce: 'n1' });
  void link.open();
  await clock.settle();
  assert.equal(page.scripts.length, 1);
  const [{ src, nonce, integrity }] = page.scripts;
  assert.deepEqual({ src, nonce, integrity }, { src: address, nonce: 'n1', integrity: undefined });
});

test('nothing is loaded before Link is wanted', async (t) => {
  const { page } = await start(t);
  assert.equal(page.scripts.length, 0);
});

test('where the page demands Trusted Types the address comes from one policy', async (t) => {
  const made = [];
  const page = openPage();
  page.browser.window.trustedTypes = {
    createPolicy(name, { createScriptURL }) {
      made.push(name);
      return { createScriptURL: (url) => ({ trusted: createScriptURL(url) }) };
    },
  };
  // A page of its own, since a policy is made once per page.
  const { createLinkDriver: create } = await import('../../dist/link/index.mjs?trusted');
  const trails = [1, 2].map(() => createLinkTrail({ endpoint: '/idv' }));
  t.after(() => trails.forEach((trail) => trail.dispose()));
  for (const trail of trails) {
    await trail.ready;
    void create({ trail, fetchLinkToken: () => 'link-sandbox-1' }).open();
    await clock.settle();
  }
  page.fail();
  await clock.advance(1_000);
  assert.deepEqual(made, ['linktrail']);
  assert.deepEqual(page.scripts.map(({ src }) => src), [{ trusted: address }]);
});

test('where the name of the policy is forbidden or taken the bare address is tried', async (t) => {
  const page = openPage();
  page.browser.window.trustedTypes = { createPolicy() { throw new TypeError('Policy linktrail disallowed.'); } };
  const { createLinkDriver: create } = await import('../../dist/link/index.mjs?forbidden');
  const trail = createLinkTrail({ endpoint: '/idv' });
  t.after(() => trail.dispose());
  await trail.ready;
  void create({ trail, fetchLinkToken: () => 'link-sandbox-1' }).open();
  await clock.settle();
  assert.deepEqual(page.scripts.map(({ src }) => src), [address]);
});

test('a Link that is there already is used', async (t) => {
  const page = openPage();
  page.runScript();
  const { handler } = await open(t, { page });
  assert.deepEqual(handler.calls, ['open']);
  assert.equal(page.scripts.length, 0);
});

test("somebody else's tag is waited for; a consent manager's placeholder is none", async (t) => {
  const page = openPage();
  page.addTag(address, 'text/plain');
  const theirs = page.addTag(`${address}?v=1`, 'Text/JavaScript');
  const { link } = await start(t, { page });
  void link.open();
  await clock.settle();
  assert.equal(page.scripts.length, 2);
  page.load(theirs);
  await clock.settle();
  assert.equal(page.handlers.length, 1);
});

test('a tag that is still loading when the time is up stays, and no second one comes', async (t) => {
  const { page, link } = await start(t, { loadTimeoutMs: 4_000 });
  const result = link.open();
  await clock.advance(4_000 * 2 + 2_000);
  assert.equal(page.scripts.length, 1);
  assert.equal(await isSettled(result), false);
  page.load();
  await clock.settle();
  assert.equal(page.handlers.length, 1);
});

test('a host that never answers ends the visit', async (t) => {
  const { page, link } = await start(t, { loadTimeoutMs: 4_000 });
  const result = link.open();
  await clock.advance(4_000 * 4 + 4_000);
  const { kind, failure, cause, advice } = await result;
  assert.deepEqual({ kind, failure, advice }, { kind: 'failed', failure: 'script', advice: 'retry_later' });
  assert.match(cause.message, /4000 ms/);
  assert.equal(page.scripts.length, 1);
});

test('who wants to wait for ever waits', async (t) => {
  const { page, link } = await start(t, { loadTimeoutMs: Infinity, tokenTimeoutMs: Infinity, fetchLinkToken: () => new Promise(() => {}) });
  const delays = [];
  const { setTimeout } = globalThis;
  t.after(() => (globalThis.setTimeout = setTimeout));
  globalThis.setTimeout = (callback, delayMs) => (delays.push(delayMs), setTimeout(callback, delayMs));
  void link.open();
  await clock.settle();
  assert.deepEqual(delays, [2 ** 31 - 1, 2 ** 31 - 1]);
  assert.equal(page.scripts.length, 1);
});

test('a tag of ours that failed makes room for the next attempt, after a pause', async (t) => {
  const { page, link } = await start(t);
  void link.open();
  await clock.settle();
  const [first] = page.scripts;
  page.fail();
  await clock.settle();
  assert.equal(page.scripts.length, 0);
  await clock.advance(249);
  assert.equal(page.scripts.length, 0);
  await clock.advance(251);
  assert.equal(page.scripts.length, 1);
  assert.notEqual(page.scripts[0], first);
});

test('a script that ran and left nothing has failed', async (t) => {
  const { page, link } = await start(t);
  const result = link.open();
  for (let attempt = 0; attempt < 4; attempt++) {
    await clock.advance(2_000);
    page.scripts.at(-1).dispatchEvent(new Event('load'));
  }
  assert.match((await result).cause.message, /no `window.Plaid`/);
});

test("somebody else's tag that failed before anybody listened is given up; one that may still come is not", async (t) => {
  for (const [fetched, tags] of [[[address], 2], [[], 1]]) {
    const page = openPage({ fetched });
    page.addTag(address);
    const { link } = await start(t, { page });
    void link.open();
    await clock.advance(2_000);
    assert.equal(page.scripts.length, tags);
  }
});

test("another driver's tag that is still loading is waited for, whatever failed before it", async (t) => {
  const fetched = [];
  const page = openPage({ fetched });
  const { trail, link } = await start(t, { page });
  const fail = () => {
    fetched.push(address);
    page.fail();
  };
  void link.open();
  await clock.settle();
  fail();
  await clock.advance(1_000);
  link.dispose();
  void createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' }).open();
  await clock.advance(25_000);
  assert.equal(page.scripts.length, 1);
});

const unusable = {
  'throws': [() => { throw new Error('no token today'); }, /no token today/],
  'rejects': [() => Promise.reject(new Error('no token today')), /no token today/],
  'gives an object': [() => ({ link_token: 'link-sandbox-1' }), /which is text, not object/],
  'gives nothing': [() => undefined, /not undefined/],
  'gives an empty text': [() => '', /which is text, not an empty one/],
  'never settles': [() => new Promise(() => {}), /did not settle within 20000 ms/],
};
for (const [what, [fetchLinkToken, message]] of Object.entries(unusable)) {
  test(`a \`fetchLinkToken\` that ${what} ends the visit, and another can be opened`, async (t) => {
    let present = fetchLinkToken;
    const { page, link, errors } = await start(t, { fetchLinkToken: () => present() });
    const result = link.open();
    await clock.settle();
    page.load();
    await clock.advance(20_000);
    const { kind, failure, cause, advice } = await result;
    assert.deepEqual({ kind, failure, advice }, { kind: 'failed', failure: 'token', advice: 'new_token' });
    assert.match(cause.message, message);
    assert.equal(link.state, 'idle');
    present = async () => 'link-sandbox-2';
    void link.open();
    await clock.settle();
    assert.equal(page.handlers.at(-1).config.token, 'link-sandbox-2');
    assert.deepEqual(errors, []);
  });
}

test('a token that comes after its visit was closed is not used for the next one', async (t) => {
  const answers = [];
  const { page, link } = await start(t, { fetchLinkToken: () => new Promise((resolve) => answers.push(resolve)) });
  const first = link.open();
  await clock.settle();
  page.load();
  link.close();
  assert.equal((await first).kind, 'closed');
  void link.open();
  await clock.settle();
  answers[0]('link-sandbox-late');
  await clock.settle();
  assert.equal(page.handlers.length, 0);
  answers[1]('link-sandbox-new');
  await clock.settle();
  assert.equal(page.handlers[0].config.token, 'link-sandbox-new');
});

test("a disposed driver's token, or the want of it, is none of the next one's", async (t) => {
  for (const settle of ['resolve', 'reject']) {
    const asked = [];
    const fetchLinkToken = () => new Promise((resolve, reject) => asked.push({ resolve, reject }));
    const { page, trail, link } = await start(t, { fetchLinkToken });
    page.runScript();
    void link.open();
    await clock.settle();
    link.dispose();
    const result = createLinkDriver({ trail, fetchLinkToken }).open();
    await clock.settle();
    asked[0][settle]('link-sandbox-disposed');
    assert.equal(await isSettled(result), false);
    assert.equal(page.handlers.length, 0);
    asked[1].resolve('link-sandbox-next');
    await clock.settle();
    assert.equal(page.handlers[0].config.token, 'link-sandbox-next');
  }
});

test("Link gets a token and the trail's own handlers, and nothing else that it would warn of", async (t) => {
  const { handler, trail } = await open(t);
  assert.deepEqual(handler.config, { token: 'link-sandbox-1', ...trail.handlers });
});

test('a handler that cannot be created or opened is a failure; what was made of it is destroyed', async (t) => {
  for (const breaks of ['create', 'open']) {
    const page = openPage();
    const { create } = page;
    page.create = (config) => {
      if (breaks === 'create') throw new Error('refused');
      return Object.assign(create(config), { open: () => { throw new Error('refused'); } });
    };
    const { result, handler } = await open(t, { page });
    const { kind, failure, cause, advice } = await result;
    assert.deepEqual([kind, failure, cause.message, advice], ['failed', 'handler', 'refused', 'new_token']);
    await clock.advance(0);
    if (handler) assert.deepEqual(handler.calls, ['destroy']);
  }
});

test('a second call while a visit is under way returns the same promise', async (t) => {
  const { link, result, page } = await open(t);
  assert.equal(link.open(), result);
  assert.equal(page.handlers.length, 1);
});

test('the handler is destroyed once, in a task of its own, and what it throws is reported', async (t) => {
  const { page, link, handler, result, errors } = await open(t);
  handler.destroy = () => {
    handler.calls.push('destroy');
    throw new Error('gone already');
  };
  handler.config.onExit(null, { link_session_id: 'idv_1' });
  assert.deepEqual(handler.calls, ['open']);
  await clock.advance(250);
  assert.equal((await result).kind, 'exited');
  await clock.advance(0);
  assert.deepEqual(handler.calls, ['open', 'destroy']);
  assert.deepEqual(errors.map(({ message }) => message), ['gone already']);
  assert.equal(page.handlers.length, 1);
  link.dispose();
  await clock.advance(0);
  assert.deepEqual(handler.calls, ['open', 'destroy'], 'nor is it destroyed again with its driver');
});

test('a page that disposes the driver from within a callback of Link does not destroy the handler under it', async (t) => {
  const { link, handler } = await open(t);
  link.dispose();
  assert.deepEqual(handler.calls, ['open']);
  await clock.advance(0);
  assert.deepEqual(handler.calls, ['open', 'destroy']);
});

test('nor does one that disposes it while the core is at work leave it standing', async (t) => {
  const { trail, link, handler, result } = await open(t);
  trail.subscribe(() => link.dispose());
  handler.config.onEvent('IDENTITY_VERIFICATION_OPEN_UI', metadata('idv_at_work'));
  assert.deepEqual(handler.calls, ['open']);
  await clock.advance(0);
  assert.deepEqual(handler.calls, ['open', 'destroy']);
  assert.equal((await result).kind, 'closed');
});

test('a driver that is disposed once more leaves the next one of its trail alone', async (t) => {
  const { page, trail, link } = await open(t);
  link.dispose();
  const next = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-2' });
  link.dispose();
  void next.open();
  await clock.advance(0);
  assert.equal(page.handlers.at(-1).config.token, 'link-sandbox-2');
  assert.equal(next.state, 'open');
});

test('listeners hear frozen values, and one that listens anew is told once', async (t) => {
  const { page, link } = await start(t);
  const heard = [];
  const anew = (snapshot) => {
    heard.push(snapshot);
    end();
    end = link.subscribe(anew);
  };
  let end = link.subscribe(anew);
  void link.open();
  await clock.settle();
  page.load();
  await clock.settle();
  assert.deepEqual(heard.map(({ state }) => state), ['preparing', 'open']);
  assert.ok(heard.every((snapshot) => Object.isFrozen(snapshot)));
});

test('the next page learns that Link was open, also where it had not named a session', async (t) => {
  for (const id of [null, 'idv_named']) {
    const before = await open(t);
    if (id !== null) before.handler.config.onEvent('IDENTITY_VERIFICATION_OPEN_UI', metadata(id));
    await clock.settle();
    const left = new Map(before.page.browser.localStorage.texts);
    before.trail.dispose();
    const page = openPage();
    page.browser.localStorage.texts = left;
    const { link } = await start(t, { page });
    await clock.settle();
    assert.deepEqual(link.interrupted, { linkSessionId: id, openedAt: new Date(Date.now()).toISOString() });
    assert.ok(Object.isFrozen(link.interrupted));
  }
});

test('a handler is destroyed before the next one is opened, however fast the next token comes', async (t) => {
  const { page, link, handler, result } = await open(t);
  const log = [];
  handler.destroy = () => log.push('destroy');
  handler.config.onExit({ error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN' }, {});
  const { create } = page;
  page.create = (config) => (log.push('create'), create(config));
  await clock.advance(300);
  assert.deepEqual(log, ['destroy', 'create']);
  assert.equal(link.state, 'open');
  assert.equal(await isSettled(result), false);
});

test('a listener that throws is reported, and the others are told', async (t) => {
  const { link, errors } = await start(t);
  const told = [];
  link.subscribe(() => { throw new Error('the page is at fault'); });
  const end = link.subscribe(({ state }) => told.push(state));
  void link.open();
  assert.deepEqual(told, ['preparing']);
  assert.deepEqual(errors.map(({ message }) => message), ['the page is at fault']);
  end();
  link.close();
  assert.deepEqual(told, ['preparing']);
});

test('what the result tells is frozen, and the same as the progress', async (t) => {
  const { handler, result, trail } = await open(t);
  handler.config.onEvent('IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION', metadata('idv_pending'));
  handler.config.onSuccess('', { link_session_id: 'idv_pending' });
  handler.config.onEvent('IDENTITY_VERIFICATION_CLOSE_UI', metadata('idv_pending'));
  await clock.advance(250);
  const told = await result;
  assert.deepEqual(told, { kind: 'completed', linkSessionId: 'idv_pending', flow: 'completed', outcome: 'pending_review', advice: 'wait', exit: null });
  assert.ok(Object.isFrozen(told));
  assert.equal(trail.progress.advice, told.advice);
});

test('close() asks Link, and destroys it when it does not answer', async (t) => {
  const { link, handler, result } = await open(t);
  link.close();
  assert.deepEqual(handler.calls, ['open', 'exit', { force: true }]);
  assert.equal(link.state, 'closing');
  assert.equal(await isSettled(result), false, 'what Link still says is waited for');
  await clock.advance(3_000);
  assert.equal((await result).kind, 'closed');
  assert.equal(handler.calls.at(-1), 'destroy');
});

test('an `exit` of Link that throws is reported, and the visit ends all the same', async (t) => {
  const { link, handler, result, errors } = await open(t);
  const thrown = new Error('no such frame');
  handler.exit = () => { throw thrown; };
  link.close();
  assert.deepEqual(errors, [thrown]);
  await clock.advance(3_000);
  assert.equal((await result).kind, 'closed');
  assert.equal(handler.calls.at(-1), 'destroy');
});

test('a visit after a completed one has an end of its own', async (t) => {
  const { page, link, handler, result } = await open(t);
  handler.config.onSuccess('', { link_session_id: 'idv_first' });
  handler.config.onEvent('IDENTITY_VERIFICATION_CLOSE_UI', metadata('idv_first'));
  await clock.advance(300);
  assert.equal((await result).kind, 'completed');
  const second = link.open();
  await clock.settle();
  page.handlers[1].config.onExit({ error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN' }, { link_session_id: '' });
  await clock.advance(300);
  assert.equal(page.handlers.length, 3);
  assert.equal(await isSettled(second), false);
  link.close();
  await clock.advance(3_000);
  assert.equal((await second).kind, 'closed');
});

test('what was said before Link was opened does not end the visit', async (t) => {
  let give;
  const { page, link, trail } = await start(t, { fetchLinkToken: () => new Promise((resolve) => (give = resolve)) });
  page.runScript();
  const result = link.open();
  await clock.settle();
  trail.handlers.onExit(null, { link_session_id: 'idv_former' });
  give('link-sandbox-1');
  await clock.settle();
  page.handlers[0].config.onEvent('IDENTITY_VERIFICATION_OPEN_UI', metadata('idv_present'));
  await clock.advance(300);
  assert.equal(await isSettled(result), false);
  assert.equal(link.state, 'open');
});

test('a disposed driver ends what is under way, opens nothing more, and leaves the trail to another', async (t) => {
  const { link, handler, result, trail } = await open(t);
  assert.throws(() => createLinkDriver({ trail, fetchLinkToken: () => '' }), /this trail has a driver/);
  link.dispose();
  link.dispose();
  await clock.advance(0);
  assert.equal((await result).kind, 'closed');
  assert.equal(handler.calls.at(-1), 'destroy');
  assert.equal((await link.open()).kind, 'closed');
  const next = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-9' });
  void next.open();
  await clock.settle();
  assert.equal(next.state, 'open');
});

test('disposed before the core runs, and with the trail gone, a visit ends as well', async () => {
  openPage();
  const trail = createLinkTrail({ endpoint: '/idv' });
  const link = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' });
  const result = link.open();
  link.dispose();
  assert.equal((await result).kind, 'closed');
  const another = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' });
  await trail.ready;
  const second = another.open();
  trail.dispose();
  assert.equal((await second).kind, 'closed');
  assert.equal((await another.open()).kind, 'closed');
});

for (const when of ['before the core ran', 'at once']) {
  test(`a driver in the place of one that was disposed ${when} gets its own visit, and its own end`, async (t) => {
    const page = openPage();
    page.runScript();
    const trail = createLinkTrail({ endpoint: '/idv' });
    t.after(() => trail.dispose());
    if (when === 'at once') await trail.ready;
    const asked = [];
    // As in React's StrictMode: mounted, unmounted and mounted again.
    const results = ['link-sandbox-1', 'link-sandbox-2'].map((token, index) => {
      const link = createLinkDriver({ trail, fetchLinkToken: () => (asked.push(token), token) });
      const result = link.open();
      if (index === 0) link.dispose();
      return result;
    });
    await trail.ready;
    assert.equal((await results[0]).kind, 'closed');
    assert.equal(await isSettled(results[1]), false);
    assert.deepEqual(asked, ['link-sandbox-2']);
    page.handlers[0].config.onExit(null, { link_session_id: 'idv_strict' });
    await clock.advance(300);
    assert.equal((await results[1]).kind, 'exited');
    assert.equal(page.handlers.length, 1);
  });
}

test('a driver that was opened and disposed at once leaves nothing to the one that comes later', async (t) => {
  const { page, trail, link } = await start(t);
  page.runScript();
  link.dispose();
  const brief = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-brief' });
  const result = brief.open();
  brief.dispose();
  assert.equal((await result).kind, 'closed');
  await clock.settle();
  const next = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-next' });
  void next.open();
  await clock.settle();
  assert.deepEqual(page.handlers.map(({ config }) => config.token), ['link-sandbox-next']);
  assert.equal(next.state, 'open');
});

test("a driver that takes another's place in the midst of things is not told of the other's end", async (t) => {
  const { page, trail, link, handler } = await open(t);
  let next;
  trail.subscribe(() => {
    if (next !== undefined) return;
    link.dispose();
    next = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-next' }).open();
  });
  handler.config.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_other', { view_name: 'KYC_CHECK' }));
  assert.equal(await isSettled(next), false);
  assert.equal(page.handlers.at(-1).config.token, 'link-sandbox-next');
});

test('closed before the core runs, Link is not opened', async (t) => {
  const page = openPage();
  page.runScript();
  const trail = createLinkTrail({ endpoint: '/idv' });
  t.after(() => trail.dispose());
  const link = createLinkDriver({ trail, fetchLinkToken: () => 'link-sandbox-1' });
  const result = link.open();
  link.close();
  const { kind, advice } = await result;
  assert.deepEqual([kind, advice], ['closed', 'continue']);
  await trail.ready;
  await clock.settle();
  assert.equal(page.handlers.length, 0);
});

test('opened after it was disposed, a driver advises nothing, whatever was advised before', async (t) => {
  const { link, handler } = await open(t);
  handler.config.onExit(null, { link_session_id: 'idv_left' });
  await clock.advance(300);
  link.dispose();
  const { kind, linkSessionId, advice } = await link.open();
  assert.deepEqual([kind, linkSessionId, advice], ['closed', 'idv_left', 'none']);
});

test('what cannot be driven is refused at once', () => {
  openPage();
  const trail = createLinkTrail({ endpoint: '/idv' });
  assert.throws(() => createLinkDriver({ trail }), new TypeError('linktrail: `fetchLinkToken` must be a function.'));
  for (const wrong of [undefined, null, {}, { ...trail }]) {
    assert.throws(() => createLinkDriver({ trail: wrong, fetchLinkToken: () => '' }), /^TypeError: linktrail: `trail` must come from/);
  }
  assert.throws(() => createLinkDriver(), /^TypeError: linktrail:/);
  trail.dispose();
});

test('a trail without a driver stores no note', async (t) => {
  const page = openPage();
  const { trail } = await start(t, { page });
  trail.handlers.onEvent('IDENTITY_VERIFICATION_CREATE_SESSION', metadata('idv_alone'));
  await clock.settle();
  assert.deepEqual([...page.browser.localStorage.texts.keys()].filter((key) => key.endsWith('/')), []);
});
