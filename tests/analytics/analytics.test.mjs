// linktrail/analytics as it is shipped: every fact once, whatever Link and the page do, and the recipes of docs/analytics.md with the
// tools themselves.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/repository.mjs';
import { examplesOf, folderWith, until } from '../guides/examples.mjs';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { openBrowser } from '../web/fake_page.mjs';

const { createLinkTrail } = await import(pathToFileURL(at('dist', 'index.mjs')).href);
const { followFunnel } = await import(pathToFileURL(at('dist', 'analytics', 'index.mjs')).href);

const trails = [];
afterEach(() => trails.splice(0).forEach((trail) => trail.dispose()));

const scenarios = new Map(readScenarios().map((scenario) => [scenario.name, scenario]));
const callsOf = (name) => scenarios.get(name).calls;

/** A page of a browser: a trail, and whatever was told to followers. */
async function openPage({ wait = true, ...options } = {}) {
  const trail = createLinkTrail({ endpoint: 'https://shop.example/idv', ...options });
  trails.push(trail);
  if (wait) await trail.ready;
  return trail;
}

function play(trail, calls) {
  for (const { cb, args } of calls) trail.handlers[cb](...args);
}

/** Follows, and gives what was told, as a list that grows. */
function listen(trail, options) {
  const facts = [];
  followFunnel(trail, (fact) => void facts.push(fact), options);
  return facts;
}

const brief = ({ name, step, attempt, outcome, errorCode }) => [name, step, attempt, outcome, errorCode].filter((part) => part !== undefined && part !== null).join(' ');
const idsOf = (facts) => facts.map(({ id }) => id);
const assertOnce = (facts, what) => assert.deepEqual(idsOf(facts), [...new Set(idsOf(facts))], what);

/** A seeded shuffle. */
function shuffled(list, seed) {
  const copy = [...list];
  let state = seed;
  for (let last = copy.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const other = state % (last + 1);
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

describe('the facts of a session', () => {
  it('are told in order, with durations by Link’s own times', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    const id = 'idv_facts';
    const event = (name, seconds, view) =>
      trail.handlers.onEvent(`IDENTITY_VERIFICATION_${name}`, {
        link_session_id: id,
        request_id: `r${seconds}`,
        timestamp: `2026-01-15T10:00:${String(seconds).padStart(2, '0')}.500Z`,
        view_name: view ?? null,
      });
    event('OPEN_UI', 0);
    event('START_STEP', 1, 'ACCEPT_TOS');
    event('PASS_STEP', 4, 'ACCEPT_TOS');
    event('START_STEP', 5, 'KYC_CHECK');
    event('FAIL_STEP', 15, 'KYC_CHECK');
    event('START_STEP', 16, 'KYC_CHECK');
    event('PASS_STEP', 25, 'KYC_CHECK');
    event('PASS_SESSION', 26);
    trail.handlers.onSuccess('', { link_session_id: id });
    const of = (what) => ({ id: `${id}/${what}`, linkSessionId: id });
    const at = (seconds) => `2026-01-15T10:00:${seconds}.500Z`;
    const [, , , , , second] = facts;
    const outcome = facts.at(-1);
    assert.deepEqual(facts, [
      { name: 'verification_started', ...of('verification_started'), at: facts[0].at },
      { name: 'step_started', ...of('step_started/ACCEPT_TOS/1'), at: at('01'), step: 'ACCEPT_TOS', attempt: 1 },
      { name: 'step_passed', ...of(`step_passed/ACCEPT_TOS/${at('04')}`), at: at('04'), step: 'ACCEPT_TOS', attempt: 1, durationMs: 3_000 },
      { name: 'step_started', ...of('step_started/KYC_CHECK/1'), at: at('05'), step: 'KYC_CHECK', attempt: 1 },
      { name: 'step_failed', ...of(`step_failed/KYC_CHECK/${at('15')}`), at: at('15'), step: 'KYC_CHECK', attempt: 1, durationMs: 10_000 },
      { name: 'step_started', ...of('step_started/KYC_CHECK/2'), at: second.at, step: 'KYC_CHECK', attempt: 2 },
      { name: 'step_passed', ...of(`step_passed/KYC_CHECK/${at('25')}`), at: at('25'), step: 'KYC_CHECK', attempt: 2, durationMs: 20_000 },
      { name: 'verification_completed', ...of('verification_completed'), at: at('25'), outcome: 'passed', durationMs: 24_000 },
      { name: 'outcome_told', ...of('outcome_told/passed'), at: outcome.at, outcome: 'passed' },
    ]);
  });

  it('say where a person left and why, once for each time that Link was open', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    play(trail, callsOf('resume-after-exit'));
    assert.deepEqual(facts.map(brief), [
      'verification_started', 'step_started ACCEPT_TOS 1', 'step_passed ACCEPT_TOS 1', 'step_started KYC_CHECK 1', 'verification_exited KYC_CHECK',
      'step_started KYC_CHECK 2', 'step_passed KYC_CHECK 2', 'verification_completed passed', 'outcome_told passed',
    ]);
  });

  it('tell an exit before any session, with Plaid’s code, and only once though `EXIT` and `onExit` both tell of it', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    trail.handlers.onExit(null, {});
    trail.handlers.onExit({ error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN' }, {});
    assert.deepEqual(facts.map(({ name, linkSessionId }) => [name, linkSessionId]), [['verification_exited', null]]);
    assert.match(facts[0].id, /^page-\w+\/verification_exited\/\d{4}-/);
  });

  it('have the times that Link gave, in whatever order it told of them', async () => {
    openBrowser();
    const trail = await openPage();
    const at = (seconds) => `2026-01-15T10:00:${String(seconds).padStart(2, '0')}.000Z`;
    const event = (name, seconds, view_name) => trail.handlers.onEvent(`IDENTITY_VERIFICATION_${name}`, { link_session_id: 'idv_times', timestamp: at(seconds), view_name });
    event('START_STEP', 20, 'KYC_CHECK');
    event('START_STEP', 10, 'ACCEPT_TOS');
    event('PASS_STEP', 30, 'KYC_CHECK');
    event('PASS_STEP', 10, 'ACCEPT_TOS');
    event('START_STEP', 40, 'SELFIE_CHECK');
    event('FAIL_STEP', 45, 'SELFIE_CHECK');
    event('START_STEP', 50, 'SELFIE_CHECK');
    // Heard late: all of it is in one progress.
    const facts = listen(trail);
    const of = (name, step) => facts.filter((fact) => fact.name === name && (step === undefined || fact.step === step));
    assert.equal(of('verification_started')[0].at, at(10));
    assert.deepEqual(of('step_passed').map(({ step, durationMs }) => [step, durationMs]).sort(), [['ACCEPT_TOS', 0], ['KYC_CHECK', 10_000]]);
    assert.deepEqual(of('step_started', 'SELFIE_CHECK').map(({ attempt }) => attempt), [1, 2]);
    assert.equal(of('step_started', 'SELFIE_CHECK')[0].at, at(40));
    assert.notEqual(of('step_started', 'SELFIE_CHECK')[1].at, at(40), 'of the second start Link’s time is not known any more');
    assert.deepEqual(facts.filter(({ name }) => /active|null/.test(name)), []);
    event('FAIL_STEP', 52, 'SELFIE_CHECK');
    assert.equal(of('step_failed', 'SELFIE_CHECK').at(-1).durationMs, 12_000);
    event('PASS_SESSION', 55);
    const [{ at: end, durationMs }] = of('verification_completed');
    assert.deepEqual([end, durationMs], [at(52), 42_000]);
  });

  it('tell each time that a person left once, though Link tells of it twice, at two times', async (t) => {
    openBrowser();
    let now = Date.now();
    t.mock.method(Date, 'now', () => (now += 1_000));
    const trail = await openPage();
    const facts = listen(trail);
    const exits = () => facts.filter(({ name }) => name === 'verification_exited').length;
    let serial = 0;
    const event = (name, view_name) => trail.handlers.onEvent(name, { link_session_id: 'idv_twice', request_id: `r${++serial}`, timestamp: new Date(Date.now()).toISOString(), view_name });
    const leave = () => {
      event('EXIT');
      event('IDENTITY_VERIFICATION_CLOSE_UI');
      trail.handlers.onExit(null, { link_session_id: 'idv_twice' });
      trail.handlers.onExit({ error_type: 'API_ERROR', error_code: 'INTERNAL_SERVER_ERROR' }, { link_session_id: 'idv_twice' });
    };
    event('IDENTITY_VERIFICATION_OPEN_UI');
    leave();
    assert.equal(exits(), 1);
    event('IDENTITY_VERIFICATION_RESUME_UI');
    leave();
    assert.equal(exits(), 2, 'opened again');
    event('IDENTITY_VERIFICATION_START_STEP', 'KYC_CHECK');
    leave();
    assert.equal(exits(), 3, 'Link did not say that it was opened, but a step began');
  });

  it('count from the first start to an exit, and give no duration where none began', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', { link_session_id: 'idv_left', timestamp: new Date(Date.now() - 60_000).toISOString(), view_name: 'KYC_CHECK' });
    trail.handlers.onExit(null, { link_session_id: 'idv_left' });
    const { durationMs } = facts.at(-1);
    assert.ok(durationMs >= 60_000 && durationMs < 70_000, `${durationMs} ms`);
    openBrowser();
    const other = await openPage();
    const heard = listen(other);
    other.handlers.onExit(null, { link_session_id: 'idv_gone' });
    assert.equal(heard.at(-1).durationMs, null);
  });

  it('do not double when the outcome comes after onSuccess', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    play(trail, callsOf('outcome-after-success'));
    assert.deepEqual(facts.map(brief).slice(-2), ['verification_completed unknown', 'outcome_told passed']);
  });
});

describe('exactly once', () => {
  for (const { name, calls } of scenarios.values()) {
    it(`each fact of ${name}: doubled, shuffled, heard late, and heard by two`, async () => {
      openBrowser();
      const trail = await openPage();
      const [facts, same, other] = [listen(trail), listen(trail), listen(trail, { name: 'other' })];
      play(trail, calls);
      assertOnce(facts);
      assert.deepEqual(same, facts, 'followers of one name hear the same');
      assert.deepEqual(idsOf(other).filter((id) => !id.startsWith('page-')), idsOf(facts).filter((id) => !id.startsWith('page-')));
      const told = facts.length;
      play(trail, calls.filter(({ cb }) => cb !== 'onExit'));
      assert.equal(facts.length, told, 'what comes again tells nothing new');
      // In any order, each once; which ones a page can see at all depends on the order.
      for (let seed = 1; seed <= 5; seed++) {
        openBrowser();
        const page = await openPage();
        const heard = listen(page);
        play(page, shuffled([...calls, ...calls], seed));
        assertOnce(heard, `seed ${seed}`);
        for (const kind of ['verification_started', 'verification_completed']) {
          for (const session of new Set(heard.map(({ linkSessionId }) => linkSessionId))) {
            assert.ok(heard.filter((fact) => fact.name === kind && fact.linkSessionId === session).length <= 1, `seed ${seed}: ${kind}`);
          }
        }
      }
    });
  }

  it('what came before the core had loaded', async () => {
    openBrowser();
    const trail = await openPage({ wait: false });
    const facts = listen(trail);
    play(trail, callsOf('happy-path'));
    assert.deepEqual(facts, []);
    await trail.ready;
    assertOnce(facts);
    assert.equal(facts.filter(({ name }) => name === 'verification_completed').length, 1);
    assert.ok(facts.filter(({ name }) => name === 'step_passed').every(({ durationMs }) => durationMs > 0));
  });

  it('across a reload in the middle of a step, and in a blocked storage', async () => {
    for (const isBlocked of [false, true]) {
      const browser = openBrowser();
      if (isBlocked) browser.sessionStorage.onWrite = browser.localStorage.onWrite = () => { throw new Error('full'); };
      const calls = callsOf('happy-path');
      const middle = calls.findIndex(({ args }) => args[0] === 'IDENTITY_VERIFICATION_PASS_STEP') + 2;
      const first = listen(await openPage());
      play(trails.at(-1), calls.slice(0, middle));
      trails.splice(0).forEach((trail) => trail.dispose());
      browser.reload();
      const second = listen(await openPage());
      // Link begins the step again, under a time of its own.
      const again = calls.slice(middle - 1, middle).map(({ cb, args: [name, metadata] }) => ({ cb, args: [name, { ...metadata, timestamp: '2026-01-15T11:00:00.000Z' }] }));
      play(trails.at(-1), [...again, ...calls.slice(middle)]);
      const all = [...first, ...second];
      if (!isBlocked) assertOnce(all);
      assertOnce(second);
      assert.equal(all.filter(({ name }) => name === 'verification_completed').length, 1);
      if (isBlocked) assert.deepEqual([...new Set(idsOf(all))].length < all.length, true, 'told again, but under the same ids');
    }
  });

  it('what is remembered is bounded, holds ids alone, and is erased by forget()', async () => {
    const browser = openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    for (let session = 0; session < 200; session++) {
      trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', { link_session_id: `idv_${session}`, timestamp: '2026-01-15T10:00:00.000Z' });
    }
    assert.equal(facts.length, 600);
    const stored = JSON.parse(browser.sessionStorage.getItem('linktrail/told/funnel'));
    assert.deepEqual(stored, idsOf(facts).slice(-256));
    trail.forget();
    await until(() => assert.equal(browser.sessionStorage.getItem('linktrail/told/funnel'), null));
  });

  it('what was forgotten does not come back with the next person’s facts, and is not told again in this page', async () => {
    const browser = openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    const startOf = (id) => trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', { link_session_id: id, view_name: 'KYC_CHECK', timestamp: '2026-01-15T10:00:00.000Z' });
    const stored = () => browser.sessionStorage.getItem('linktrail/told/funnel');
    startOf('idv_ana');
    trail.forget();
    await until(() => assert.equal(stored(), null));
    startOf('idv_ben');
    assert.deepEqual(JSON.parse(stored()), ['idv_ben/verification_started', 'idv_ben/step_started/KYC_CHECK/1']);
    startOf('idv_ana');
    assertOnce(facts);
  });

  it('what Link calls something is no order to forget', async () => {
    const browser = openBrowser();
    const trail = await openPage();
    listen(trail);
    trail.handlers.onEvent('forget_requested', { link_session_id: 'idv_ana', view_name: 'forget_requested' });
    trail.handlers.onExit({ error_code: 'forget_requested' }, { link_session_id: 'idv_ana' });
    assert.notEqual(browser.sessionStorage.getItem('linktrail/told/funnel'), null);
  });

  it('two trails of one page remember beside each other, and tell one session once', async () => {
    const browser = openBrowser();
    const pages = async () => [await openPage(), await openPage({ endpoint: 'https://shop.example/other' })];
    const startOf = (trail, id) => trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', { link_session_id: id, view_name: 'KYC_CHECK', timestamp: '2026-01-15T10:00:00.000Z' });
    const [one, other] = await pages();
    const facts = [listen(one), listen(other)];
    startOf(one, 'idv_one');
    startOf(other, 'idv_other');
    startOf(other, 'idv_one');
    trails.splice(0).forEach((trail) => trail.dispose());
    browser.reload();
    const [next] = await pages();
    facts.push(listen(next));
    startOf(next, 'idv_one');
    startOf(next, 'idv_other');
    assertOnce(facts.flat());
    assert.equal(facts.flat().length, 4);
  });

  it('each start of a step that begins more often than can be remembered', async () => {
    openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    for (let start = 1; start <= 400; start++) {
      trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', { link_session_id: 'idv_long', view_name: 'SELFIE_CHECK', timestamp: new Date(Date.UTC(2026, 0, 15) + start * 1_000).toISOString() });
    }
    assertOnce(facts);
    assert.deepEqual(facts.slice(1).map(({ attempt }) => attempt), Array.from({ length: 400 }, (_, index) => index + 1));
  });

  it('survives what somebody else has written under its key', async () => {
    for (const text of ['{', 'null', '{"a":1}', '[1,null,{}]']) {
      const browser = openBrowser();
      browser.sessionStorage.setItem('linktrail/told/funnel', text);
      const facts = listen(await openPage());
      play(trails.at(-1), callsOf('happy-path'));
      assertOnce(facts);
      assert.ok(facts.length > 5, text);
    }
  });

  it('whoever follows again hears only what is new, and nothing is lost in between', async () => {
    openBrowser();
    const trail = await openPage();
    const calls = callsOf('happy-path');
    const heard = [];
    const tell = (fact) => void heard.push(fact);
    followFunnel(trail, tell)();
    for (const call of calls) {
      play(trail, [call]);
      const end = followFunnel(trail, tell);
      end();
    }
    assertOnce(heard);
    openBrowser();
    const straight = listen(await openPage());
    play(trails.at(-1), calls);
    assert.deepEqual(idsOf(heard), idsOf(straight));
  });
});

describe('a follower', () => {
  it('that throws or rejects is reported and harms neither Link nor another', async () => {
    openBrowser();
    const trail = await openPage({ onError: () => assert.fail('the trail has nothing to do with it') });
    const errors = [];
    const onError = (error) => errors.push(error.message);
    followFunnel(trail, () => { throw new Error('thrown'); }, { onError });
    followFunnel(trail, async () => { throw new Error('rejected'); }, { onError });
    const facts = listen(trail);
    play(trail, callsOf('happy-path'));
    await until(() => assert.equal(errors.length, 2 * facts.length));
    assert.ok(facts.length > 5);
    assert.deepEqual([...new Set(errors)].sort(), ['rejected', 'thrown']);
  });

  it('without onError is reported to the page', async () => {
    const browser = openBrowser();
    const trail = await openPage();
    followFunnel(trail, () => { throw new Error('thrown'); });
    play(trail, callsOf('happy-path').slice(0, 3));
    await until(() => assert.ok(browser.errors.length > 0));
  });

  it('that cannot be is refused at once', async () => {
    openBrowser();
    const trail = await openPage();
    for (const [args, said] of [
      [[{ progress: {}, subscribe() {} }, () => {}], /`trail` must come from createLinkTrail/],
      [[undefined, () => {}], /`trail`/],
      [[trail, undefined], /`callback` must be a function/],
      [[trail, () => {}, { name: '' }], /`name`/],
      [[trail, () => {}, { name: 'a/b' }], /`name`/],
      [[trail, () => {}, { name: 'x'.repeat(41) }], /`name`/],
    ]) assert.throws(() => followFunnel(...args), (error) => error instanceof TypeError && said.test(error.message) && error.message.startsWith('linktrail: '));
  });
});

describe('the recipes of the document', () => {
  const files = Object.fromEntries(examplesOf('analytics.md'));
  // Within the package its own name leads to dist/.
  const recipe = async (t, name) => import(pathToFileURL(`${folderWith(t, files)}/${name}.js`).href);
  const expected = (facts) => facts.map(({ name }) => name);

  it('sends each fact to Segment once, with its id as messageId', async (t) => {
    const { document, window } = openBrowser();
    // What Segment's library reads of a page for each event.
    Object.assign(document, { querySelector: () => null, title: 'shop', referrer: '', cookie: '' });
    Object.assign(window, { navigator: { onLine: true, userAgent: 'none', language: 'en' } });
    Object.defineProperty(globalThis, 'location', { value: new URL('https://shop.example/verify'), configurable: true });
    t.after(() => delete globalThis.location);
    const trail = await openPage();
    const facts = listen(trail);
    const sent = [];
    const { sendToSegment } = await recipe(t, 'segment');
    const analytics = await segmentInto(sent);
    const end = sendToSegment(trail, analytics);
    play(trail, callsOf('kyc-fail-documentary-pass'));
    play(trail, callsOf('kyc-fail-documentary-pass'));
    end();
    sendToSegment(trail, analytics);
    await until(() => assert.equal(sent.length, facts.length));
    assert.deepEqual(sent.map(({ event }) => event), expected(facts));
    assert.deepEqual(sent.map(({ messageId }) => messageId), idsOf(facts));
    const [passed, sentPassed] = [facts, sent].map((list) => list.find((one) => (one.name ?? one.event) === 'step_passed'));
    assert.deepEqual({ ...sentPassed.properties }, { linkSessionId: passed.linkSessionId, step: passed.step, attempt: 1, durationMs: passed.durationMs });
    assert.equal(new Date(sentPassed.timestamp).toISOString(), passed.at);
  });

  it('pushes each fact to the data layer once, and leaves nothing of the one before in its variables', async (t) => {
    const { window } = openBrowser();
    const trail = await openPage();
    const facts = listen(trail);
    const { sendToTagManager } = await recipe(t, 'gtm');
    sendToTagManager(trail);
    play(trail, callsOf('everything-twice'));
    sendToTagManager(trail)();
    assert.deepEqual(window.dataLayer.map(({ event }) => event), expected(facts));
    assert.deepEqual(window.dataLayer.map(({ eventId }) => eventId), idsOf(facts));
    // Tag Manager's model of the data layer: each push is merged over what was there.
    const model = {};
    for (const [index, push] of window.dataLayer.entries()) {
      Object.assign(model, push);
      for (const variable of ['step', 'durationMs', 'outcome', 'errorCode']) assert.equal(model[variable], facts[index][variable], variable);
    }
  });

  it('makes one span of OpenTelemetry of each fact, as long as what it ends', async (t) => {
    openBrowser();
    const trail = await openPage();
    const { trace } = createRequire(import.meta.url)('@opentelemetry/api');
    const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = createRequire(import.meta.url)('@opentelemetry/sdk-trace-base');
    const facts = listen(trail);
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    t.after(() => trace.disable());
    const { sendToOpenTelemetry } = await recipe(t, 'otel');
    sendToOpenTelemetry(trail);
    play(trail, callsOf('exit-midway'));
    play(trail, callsOf('exit-midway').filter(({ cb }) => cb === 'onEvent'));
    const spans = exporter.getFinishedSpans();
    assert.deepEqual(spans.map(({ name }) => name), expected(facts));
    const passed = facts.findIndex(({ name }) => name === 'step_passed');
    const ms = ([seconds, nanoseconds]) => seconds * 1_000 + nanoseconds / 1e6;
    assert.equal(ms(spans[passed].endTime) - ms(spans[passed].startTime), facts[passed].durationMs);
    assert.equal(ms(spans[passed].endTime), Date.parse(facts[passed].at));
    assert.equal(spans[passed].attributes['idv.step'], facts[passed].step);
    for (const [index, { attributes }] of spans.entries()) {
      const given = Object.entries(facts[index]).filter(([key, value]) => !['name', 'at'].includes(key) && value !== null);
      assert.deepEqual(attributes, Object.fromEntries(given.map(([key, value]) => [`idv.${key}`, value])));
    }
  });
});

/** Segment's own library, whose only destination keeps what would be sent. */
async function segmentInto(sent) {
  const { Analytics } = createRequire(import.meta.url)('@segment/analytics-next');
  const analytics = new Analytics({ writeKey: 'none' }, { disableClientPersistence: true });
  await analytics.register({
    name: 'kept', type: 'destination', version: '1', isLoaded: () => true, load: async () => {},
    track: (context) => (sent.push(context.event), context),
  });
  return analytics;
}
