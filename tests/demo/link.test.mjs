// The demo's stand-in for Link: its plays and the person's turns, on a clock that stands still until it is told to move. How a handler
// calls a page is tested in tests/testing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaidStandIn } from '../../build/demo/library.mjs';

const id = 'idv_SynthDemoTest1';
const uuid = '5d3c0a52-6b0e-4f1a-9a57-1c2f6e0b7d11';
const epoch = Date.parse('2026-01-15T10:00:00.000Z');

/** One stand-in on a clock of its own; `calls` holds what Link called, with the milliseconds since it was opened. */
function world(opened, { pace = {}, line = {}, config = {} } = {}) {
  let now = epoch;
  let timers = [];
  const calls = [];
  const warnings = [];
  const told = [];
  // One for each opening; no test here opens Link more than twice.
  const [screen, secondScreen] = Array.from({ length: 2 }, () => ({ shown: false, person: null, steps: [], turn: null }));
  const unused = [screen, secondScreen];
  const plaid = createPlaidStandIn({
    line: {
      open: async () => opened,
      tell: async (_token, change) => void told.push(change),
      ...line,
    },
    clock: {
      now: () => now,
      after(ms, then) {
        const timer = { at: now + ms, then };
        timers.push(timer);
        return () => (timers = timers.filter((one) => one !== timer));
      },
    },
    createScreen() {
      const mine = unused.shift();
      return {
        show: (person) => Object.assign(mine, { shown: true, person }),
        step: (view, leaving) => mine.steps.push(leaving ? [view, 'leaving'] : [view]),
        ending() {},
        waiting: (...turn) => (mine.turn = turn),
        hide: () => (mine.shown = false),
      };
    },
    pace: { speed: 1, waitMaxMs: Infinity, finishesAlone: true, ...pace },
    requestId: () => 'request00000001',
    warn: (message) => warnings.push(message),
  });
  const callbacks = {
    onEvent(...args) {
      calls.push([now - epoch, 'onEvent', ...args]);
    },
    onExit(...args) {
      calls.push([now - epoch, 'onExit', ...args]);
    },
    onSuccess(...args) {
      calls.push([now - epoch, 'onSuccess', ...args]);
    },
  };
  const handler = plaid.create({ token: 'link-sandbox-test', ...callbacks, ...config });
  /** Lets promises settle, then lets time pass until `enough` or until nothing is due. */
  const run = async (enough = () => false) => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (timers.length === 0 || enough()) return;
      timers.sort((a, b) => a.at - b.at);
      const next = timers.shift();
      now = next.at;
      next.then();
    }
  };
  return { plaid, handler, run, calls, warnings, told, screen, secondScreen };
}

/** Time, name without its long first part, and step of each call, as one reads a play. */
const brief = (calls) =>
  calls.map(([at, callback, ...args]) => {
    if (callback !== 'onEvent') return [at, callback];
    return [at, args[0].replace('IDENTITY_VERIFICATION_', ''), ...(args[1].view_name ? [args[1].view_name] : [])];
  });

const session = (scenario, more = {}) => ({ kind: 'session', linkSessionId: id, scenario, begun: false, done: [], ...more });

const plays = {
  pass: [
    session('pass'),
    [
      [900, 'OPEN'],
      [1_200, 'OPEN_UI'],
      [1_500, 'CREATE_SESSION'],
      [2_000, 'START_STEP', 'ACCEPT_TOS'],
      [9_800, 'PASS_STEP', 'ACCEPT_TOS'],
      [10_100, 'START_STEP', 'VERIFY_SMS'],
      [41_200, 'PASS_STEP', 'VERIFY_SMS'],
      [41_500, 'START_STEP', 'KYC_CHECK'],
      [95_000, 'PASS_STEP', 'KYC_CHECK'],
      [95_200, 'START_STEP', 'RISK_CHECK'],
      [97_900, 'PASS_STEP', 'RISK_CHECK'],
      [98_100, 'PASS_SESSION'],
      [98_300, 'onSuccess'],
      [104_000, 'CLOSE_UI'],
    ],
  ],
  fail: [
    session('fail'),
    [
      [800, 'OPEN_UI'],
      [1_000, 'CREATE_SESSION'],
      [1_300, 'START_STEP', 'VERIFY_SMS'],
      [30_000, 'PASS_STEP', 'VERIFY_SMS'],
      [30_200, 'START_STEP', 'KYC_CHECK'],
      [90_000, 'FAIL_STEP', 'KYC_CHECK'],
      [90_400, 'FAIL_STEP', 'RISK_CHECK'],
      [90_600, 'FAIL_SESSION'],
      [90_800, 'onSuccess'],
      [99_000, 'CLOSE_UI'],
    ],
  ],
  fallback: [
    session('fallback'),
    [
      [800, 'OPEN_UI'],
      [1_000, 'CREATE_SESSION'],
      [1_300, 'START_STEP', 'ACCEPT_TOS'],
      [5_000, 'PASS_STEP', 'ACCEPT_TOS'],
      [5_200, 'START_STEP', 'KYC_CHECK'],
      [62_000, 'FAIL_STEP', 'KYC_CHECK'],
      [62_300, 'START_STEP', 'DOCUMENTARY_VERIFICATION'],
      [301_000, 'FAIL_STEP', 'DOCUMENTARY_VERIFICATION'],
      [301_400, 'START_STEP', 'DOCUMENTARY_VERIFICATION'],
      [388_000, 'PASS_STEP', 'DOCUMENTARY_VERIFICATION'],
      [388_200, 'START_STEP', 'SELFIE_CHECK'],
      [430_000, 'PASS_STEP', 'SELFIE_CHECK'],
      [430_100, 'START_STEP', 'RISK_CHECK'],
      [431_000, 'PASS_STEP', 'RISK_CHECK'],
      [431_200, 'PASS_SESSION'],
      [431_300, 'onSuccess'],
      [440_000, 'CLOSE_UI'],
    ],
  ],
  review: [
    session('review'),
    [
      [800, 'OPEN_UI'],
      [1_000, 'CREATE_SESSION'],
      [1_300, 'START_STEP', 'KYC_CHECK'],
      [60_000, 'PASS_STEP', 'KYC_CHECK'],
      [60_200, 'START_STEP', 'SCREENING'],
      [61_500, 'PENDING_REVIEW_STEP', 'SCREENING'],
      [61_800, 'PENDING_REVIEW_SESSION'],
      [62_000, 'onSuccess'],
      [70_000, 'CLOSE_UI'],
    ],
  ],
  leave: [
    session('leave'),
    [
      [800, 'OPEN_UI'],
      [1_000, 'CREATE_SESSION'],
      [1_300, 'START_STEP', 'ACCEPT_TOS'],
      [4_000, 'PASS_STEP', 'ACCEPT_TOS'],
      [4_300, 'START_STEP', 'VERIFY_SMS'],
      [31_000, 'CLOSE_UI'],
      [31_200, 'onExit'],
    ],
  ],
  'the same session again after leaving': [
    session('leave', { begun: true, done: ['ACCEPT_TOS'] }),
    [
      [300, 'RESUME_UI'],
      [600, 'RESUME_SESSION'],
      [900, 'START_STEP', 'VERIFY_SMS'],
      [32_000, 'PASS_STEP', 'VERIFY_SMS'],
      [32_300, 'START_STEP', 'KYC_CHECK'],
      [85_800, 'PASS_STEP', 'KYC_CHECK'],
      [86_000, 'START_STEP', 'RISK_CHECK'],
      [88_700, 'PASS_STEP', 'RISK_CHECK'],
      [88_900, 'PASS_SESSION'],
      [89_100, 'onSuccess'],
      [94_800, 'CLOSE_UI'],
    ],
  ],
  expired: [
    { kind: 'invalid_token', linkSessionId: uuid },
    [
      [700, 'OPEN'],
      [1_500, 'onExit'],
    ],
  ],
  'no-success': [
    session('no-success', { begun: true }),
    [
      [800, 'RESUME_UI'],
      [1_000, 'RESUME_SESSION'],
      [1_300, 'START_STEP', 'SELFIE_CHECK'],
      [40_000, 'PASS_STEP', 'SELFIE_CHECK'],
      [40_300, 'PASS_SESSION'],
      [47_000, 'CLOSE_UI'],
      [47_100, 'onExit'],
    ],
  ],
  'already-finished': [
    { kind: 'finished', linkSessionId: id },
    [
      [5_000, 'CLOSE_UI'],
      [5_100, 'onExit'],
    ],
  ],
};

for (const [name, [opened, expected]] of Object.entries(plays)) {
  test(`the play “${name}” has Link's calls in Link's order, at Link's times`, async () => {
    const { handler, run, calls, screen } = world(opened);
    handler.open();
    assert.equal(screen.shown, true);
    await run();
    assert.deepEqual(brief(calls), expected);
    assert.equal(screen.shown, false);
    for (const [, , ...args] of calls) {
      const metadata = args.at(-1);
      assert.equal(metadata.link_session_id, opened.linkSessionId);
    }
  });
}

test('the values are those of an Identity Verification on the web', async () => {
  const passed = world(session('pass'));
  passed.handler.open();
  await passed.run();
  const [, , name, metadata] = passed.calls[3];
  assert.equal(name, 'IDENTITY_VERIFICATION_START_STEP');
  assert.deepEqual(metadata, {
    link_session_id: id,
    request_id: 'request00000001',
    timestamp: '2026-01-15T10:00:02.000Z',
    view_name: 'ACCEPT_TOS',
  });
  const success = passed.calls.find(([, callback]) => callback === 'onSuccess');
  assert.deepEqual(success.slice(2), ['', { institution: null, accounts: [], link_session_id: id, transfer_status: null }]);

  const refused = world({ kind: 'invalid_token', linkSessionId: uuid });
  refused.handler.open();
  await refused.run();
  assert.deepEqual(refused.calls.at(-1).slice(2), [
    { error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN', error_message: 'invalid link_token provided', display_message: null },
    { institution: null, status: null, link_session_id: uuid, request_id: 'request00000001' },
  ]);

  const finished = world({ kind: 'finished', linkSessionId: id });
  finished.handler.open();
  await finished.run();
  assert.equal(finished.calls[0][3].timestamp, '2026-01-15T10:00:05Z');
  assert.equal(finished.calls[0][3].view_name, '');
  assert.deepEqual(finished.calls[1].slice(2), [
    null,
    { institution: { name: '', institution_id: '' }, status: '', link_session_id: id, request_id: '' },
  ]);
});

test('Plaid knows of everything before the browser is told', async () => {
  const seen = [];
  const { handler, run } = world(session('review'), {
    line: { tell: async (_token, change) => void seen.push(change.kind) },
    config: { onEvent: (name) => seen.push(name.replace('IDENTITY_VERIFICATION_', '')) },
  });
  handler.open();
  await run();
  assert.deepEqual(seen, [
    'OPEN_UI',
    'begun',
    'CREATE_SESSION',
    'step_begun',
    'START_STEP',
    'step_ended',
    'PASS_STEP',
    'step_begun',
    'START_STEP',
    'step_ended',
    'PENDING_REVIEW_STEP',
    'ended',
    'PENDING_REVIEW_SESSION',
    'CLOSE_UI',
  ]);
});

test('after a success the screen stays until the person closes it, and no exit is told', async () => {
  const { handler, run, calls, screen } = world(session('pass'), { pace: { finishesAlone: false } });
  handler.open();
  await run();
  assert.equal(screen.shown, true);
  assert.equal(calls.at(-1)[1], 'onSuccess');
  screen.person.next();
  screen.person.next();
  await run();
  assert.equal(screen.shown, false);
  assert.equal(calls.at(-1)[2], 'IDENTITY_VERIFICATION_CLOSE_UI');
  assert.ok(!calls.some(([, callback]) => callback === 'onExit'));
});

test('the mark of a success belongs to the handler: opened again, it tells no exit any more', async () => {
  const { handler, run, calls, secondScreen } = world(session('pass'));
  handler.open();
  await run();
  const before = calls.length;
  handler.open();
  await run(() => calls.length === before + 6);
  secondScreen.person.close();
  await run();
  assert.equal(secondScreen.shown, false);
  assert.ok(!calls.some(([, callback]) => callback === 'onExit'));
});

test('the person may close Link at any time; the screen goes with the exit, and Plaid hears of no further step', async () => {
  const { handler, run, calls, screen, told } = world(session('pass'));
  handler.open();
  await run(() => calls.length === 6);
  const before = told.length;
  screen.person.close();
  assert.equal(screen.shown, true);
  await run();
  assert.deepEqual(brief(calls).slice(-3), [[10_100, 'START_STEP', 'VERIFY_SMS'], [10_200, 'CLOSE_UI'], [10_300, 'onExit']]);
  assert.equal(calls.at(-1)[2], null);
  assert.equal(screen.shown, false);
  assert.equal(told.length, before);
});

test('the person may close Link before Plaid has answered, and then nothing of the session is played', async () => {
  let answer;
  const { handler, run, calls, screen, warnings } = world(session('pass'), {
    line: { open: () => new Promise((resolve) => (answer = resolve)) },
  });
  handler.open();
  screen.person.close();
  answer(session('pass'));
  await run();
  assert.deepEqual(brief(calls), [[200, 'onExit']]);
  assert.deepEqual([screen.shown, screen.turn, warnings], [false, null, []]);
});

test('a person who closes Link where the scenario lets them leave does just that', async () => {
  const { handler, run, calls, screen } = world(session('leave'));
  handler.open();
  await run(() => calls.length === 5);
  assert.deepEqual(screen.steps, [['ACCEPT_TOS'], ['VERIFY_SMS', 'leaving']]);
  assert.deepEqual(screen.turn, ['leave', 26_700]);
  screen.person.close();
  await run();
  assert.deepEqual(brief(calls).slice(-2), [[4_300, 'CLOSE_UI'], [4_500, 'onExit']]);
});

test('the person may go on at once, and a double click is one click', async () => {
  const { handler, run, calls, screen } = world(session('pass'));
  handler.open();
  await run(() => calls.length === 4);
  screen.person.next();
  screen.person.next();
  await run(() => calls.length === 5);
  assert.deepEqual(brief(calls).at(-1), [2_000, 'PASS_STEP', 'ACCEPT_TOS']);
  await run();
  assert.equal(calls.length, 14);
});

test('held, Link waits for the person; let go, it plays on', async () => {
  const { handler, run, calls, screen } = world(session('pass'));
  handler.open();
  await run(() => calls.length === 4);
  screen.person.hold(true);
  await run();
  assert.equal(calls.length, 4);
  screen.person.hold(false);
  await run();
  assert.equal(calls.length, 14);
});

test('an onExit that throws leaves the screen standing until the handler is destroyed', async (t) => {
  const uncaught = [];
  globalThis.reportError = (error) => uncaught.push(error);
  t.after(() => delete globalThis.reportError);
  const error = new Error('the page is at fault');
  const onExit = () => {
    throw error;
  };
  const { handler, run, screen } = world(session('leave'), { config: { onExit } });
  handler.open();
  await run();
  assert.deepEqual([screen.shown, uncaught], [true, [error]]);
  handler.destroy();
  await run();
  assert.equal(screen.shown, false);
});

test('a destroyed handler calls nothing any more, and its screen goes', async () => {
  const { handler, run, calls, screen } = world(session('pass'));
  handler.open();
  await run(() => calls.length === 4);
  handler.destroy();
  await run();
  assert.equal(calls.length, 4);
  assert.equal(screen.shown, false);
});

test('a handler that is opened in the place of a destroyed one has a screen of its own', async () => {
  const { plaid, handler, run, calls, screen, secondScreen } = world(session('pass'));
  handler.open();
  await run(() => calls.length === 4);
  handler.destroy();
  plaid.create({ token: 'link-sandbox-test', onSuccess() {} }).open();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([screen.shown, secondScreen.shown], [false, true]);
});

test('when Plaid cannot be reached Link exits with Plaid’s own error', async () => {
  const refuse = async () => {
    throw new Error('refused');
  };
  for (const line of [{ open: refuse }, { tell: refuse }]) {
    const { handler, run, calls, screen, warnings } = world(session('pass'), { line });
    handler.open();
    await run();
    assert.equal(calls.at(-1)[2].error_code, 'INTERNAL_SERVER_ERROR');
    assert.equal(screen.shown, false);
    assert.deepEqual(warnings, ['The stand-in for Plaid could not be reached: Error: refused']);
  }
});
