// A script that is made while it is played: what it says, when, and when nobody asks it for more.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { brief, createPlaid, world } from './support.mjs';

const event = (name, ms) => ({ ...(ms === undefined ? {} : { ms }), callback: 'onEvent', args: [name, { link_session_id: 'idv_SynthLive' }] });
const openUi = (ms) => event('IDENTITY_VERIFICATION_OPEN_UI', ms);
const closeUi = (ms) => event('IDENTITY_VERIFICATION_CLOSE_UI', ms);
const success = (ms) => ({ ms, callback: 'onSuccess', args: ['', { link_session_id: 'idv_SynthLive' }] });
const exit = (ms) => ({ ms, callback: 'onExit', args: [null, { link_session_id: 'idv_SynthLive' }] });

/** A promise, and what settles it. */
function deferred() {
  const settle = {};
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  return { promise, ...settle };
}

/** Opens Link with a live script, and keeps what the script was given. */
function opened(script, options) {
  const given = {};
  const scenario = (opening) => {
    Object.assign(given, opening);
    opening.closed.then(() => (given.isClosed = true));
    return script(opening);
  };
  const the = world({ scenario, ...options });
  the.handler.open();
  return { ...the, given };
}

describe('a live script', () => {
  it('is played in its own order, each line as long after the line before as it says', async () => {
    const { plaid, handler } = opened(async function* () {
      yield openUi(10);
      yield event('A');
      yield event('B', 5);
      yield exit(20);
    });
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[10, 'OPEN_UI'], [10, 'A'], [15, 'B'], [35, 'onExit']]);
    assert.equal(handler.isOpen, false);
  });

  it('is moved by hand: by milliseconds, and up to the next call', async () => {
    const { plaid } = opened(async function* () {
      yield event('A', 10);
      yield event('B', 10);
      yield event('C', 10);
    });
    await plaid.advance(19);
    assert.deepEqual(brief(plaid.calls), [[10, 'A']]);
    assert.equal((await plaid.next()).args[0], 'B');
    assert.equal((await plaid.next()).args[0], 'C');
    assert.equal(await plaid.next(), null);
  });

  it('begins within open(), and is asked for the next line when the line before has been called', async () => {
    const order = [];
    const { plaid } = opened(
      async function* () {
        order.push('begun');
        yield event('A', 10);
        order.push('asked again');
        yield event('B', 10);
        order.push('at its end');
      },
      { onUncaught() {} },
    );
    assert.deepEqual(order, ['begun']);
    plaid.handlers[0].config.onEvent = (name) => order.push(name);
    await plaid.finish();
    assert.deepEqual(order, ['begun', 'A', 'asked again', 'B', 'at its end']);
  });

  it('may wait for what it likes, and ms counts from then on', async () => {
    const { promise, resolve } = deferred();
    const { plaid, config } = opened(async function* ({ config: theirs }) {
      yield event(await promise, 10);
      yield event(theirs.token);
    });
    await plaid.advance(1_000);
    assert.deepEqual(plaid.calls, []);
    resolve('A');
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[1_010, 'A'], [1_010, config.token]]);
  });

  it('may be any async iterable, and is asked for at each opening', async () => {
    let asked = 0;
    const { plaid, handler } = opened(() => {
      const lines = [openUi(), exit()];
      asked += 1;
      return { [Symbol.asyncIterator]: () => ({ next: async () => (lines.length === 0 ? { done: true } : { value: lines.shift() }) }) };
    });
    await plaid.finish();
    handler.open();
    await plaid.finish();
    assert.equal(asked, 2);
    assert.deepEqual(plaid.calls.map(({ opening, callback }) => [opening, callback]), [[0, 'onEvent'], [0, 'onExit'], [1, 'onEvent'], [1, 'onExit']]);
  });

  it('plays beside scenarios that are known before', async () => {
    const { plaid, handler } = opened(({ index }) => (index === 0 ? 'exit-midway' : (async function* () {
      yield exit();
    })()));
    await plaid.finish();
    const before = plaid.calls.length;
    handler.open();
    await plaid.finish();
    assert.equal(plaid.calls.length, before + 1);
  });

  it('goes on after a callback that throws', async () => {
    const { plaid, config, handler, uncaught } = opened(async function* () {
      yield openUi();
      yield success();
      yield closeUi();
    });
    const error = new Error('the page is at fault');
    config.onEvent = config.onSuccess = () => {
      throw error;
    };
    await plaid.finish();
    assert.deepEqual(plaid.calls.map(({ result }) => result), ['threw', 'threw', 'threw']);
    assert.deepEqual([uncaught, handler.isOpen], [[error, error, error], false]);
  });

  it('goes on even after an onUncaught that throws', async () => {
    const clock = { now: () => 0, after: (_ms, then) => (due.push(then), () => {}) };
    const due = [];
    const error = new Error('nobody wants to hear it');
    const onUncaught = () => {
      throw error;
    };
    const { plaid, config } = opened(async function* () {
      yield event('A');
      yield event('B');
    }, { clock, onUncaught });
    config.onEvent = () => {
      throw new Error('the page is at fault');
    };
    due.length = 0;
    for (const count of [1, 2]) {
      await new Promise((resolve) => setImmediate(resolve));
      assert.throws(due.pop(), error);
      assert.equal(plaid.calls.length, count);
    }
  });

  it('takes the arguments when the line comes', async () => {
    const metadata = { link_session_id: 'idv_Own' };
    const { plaid } = opened(async function* () {
      yield { ms: 10, callback: 'onEvent', args: ['A', metadata] };
    });
    await plaid.advance(5);
    metadata.link_session_id = 'changed';
    await plaid.finish();
    assert.equal(plaid.calls[0].args[1].link_session_id, 'idv_Own');
  });

  it('has its session’s id replaced as well', async () => {
    const { plaid } = opened(async function* () {
      yield openUi();
      yield exit();
    }, { linkSessionId: (original) => original.replace('Synth', 'Test7') });
    await plaid.finish();
    assert.deepEqual(plaid.calls.map(({ args }) => args[1].link_session_id), ['idv_Test7Live', 'idv_Test7Live']);
  });

  it('plays in real time, sped up, and on fake timers', async () => {
    const script = async function* () {
      yield openUi(60_000);
      yield exit(60_000);
    };
    const plaid = createPlaid({ speed: 1e6, scenario: script });
    await new Promise((resolve) => plaid.create({ token: 'x', onSuccess() {}, onExit: resolve }).open());
    assert.equal(plaid.calls.length, 2);
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const faked = createPlaid({ scenario: script });
      faked.create({ token: 'x', onSuccess() {} }).open();
      for (const count of [1, 2]) {
        await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(60_000);
        assert.equal(faked.calls.length, count);
      }
    } finally {
      mock.timers.reset();
    }
  });
});

describe('a live script is played no further', () => {
  it('after exit(): Link’s own leaving comes instead, its signal is aborted at once, and its finally runs', async () => {
    const order = [];
    const { plaid, handler, given } = opened(async function* ({ signal }) {
      try {
        yield openUi(10);
        signal.addEventListener('abort', () => order.push('aborted'));
        yield event('never', 1_000);
      } finally {
        order.push('finally');
      }
    });
    await plaid.advance(10);
    handler.exit();
    assert.deepEqual([order, given.signal.aborted], [['aborted'], true]);
    await plaid.advance(0);
    assert.deepEqual([order, given.isClosed], [['aborted', 'finally'], undefined]);
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[10, 'OPEN_UI'], [110, 'CLOSE_UI'], [210, 'onExit']]);
    assert.equal(given.isClosed, true);
  });

  it('after destroy(), and what it was waiting for is dropped, be it a line or a rejection', async () => {
    for (const settle of [({ resolve }) => resolve(), ({ reject }) => reject(new Error('aborted'))]) {
      const wait = deferred();
      const { plaid, handler, given, uncaught } = opened(async function* () {
        yield openUi(10);
        await wait.promise;
        yield event('never');
      });
      await plaid.finish();
      handler.destroy();
      settle(wait);
      await plaid.finish();
      assert.deepEqual(brief(plaid.calls), [[10, 'OPEN_UI']]);
      assert.deepEqual([uncaught, given.signal.aborted, given.isClosed], [[], true, true]);
    }
  });

  it('after a hang, which covers the page until destroy()', async () => {
    const { plaid, handler, given } = opened(async function* () {
      yield openUi();
      yield { callback: 'hang', args: [] };
      yield event('never');
    });
    await plaid.finish();
    handler.exit();
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[0, 'OPEN_UI']]);
    assert.deepEqual([handler.isOpen, given.signal.aborted, given.isClosed], [true, true, undefined]);
    handler.destroy();
    await plaid.finish();
    assert.equal(given.isClosed, true);
  });

  it('at the handler’s next opening', async () => {
    const { plaid, handler, given } = opened(async function* ({ index }) {
      yield exit(10);
      yield event(`late ${index}`, 1_000);
    });
    const { signal } = given;
    await plaid.advance(10);
    assert.deepEqual([handler.isOpen, signal.aborted], [false, false]);
    handler.open();
    assert.deepEqual([signal.aborted, given.signal.aborted], [true, false]);
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[10, 'onExit'], [20, 'onExit'], [1_020, 'late 1']]);
  });

  it('after an error of its own, which is told as uncaught; Link can still be closed', async () => {
    const error = new Error('the script is at fault');
    const { plaid, handler, given, uncaught } = opened(async function* () {
      yield openUi();
      throw error;
    });
    await plaid.finish();
    assert.deepEqual([uncaught, given.signal.aborted, handler.isOpen], [[error], true, true]);
    handler.exit();
    await plaid.finish();
    assert.deepEqual([plaid.calls.at(-1).callback, handler.isOpen], ['onExit', false]);
  });

  it('after an error in its finally, which is told as well', async () => {
    const error = new Error('the script is at fault');
    const { plaid, handler, uncaught } = opened(async function* () {
      try {
        yield openUi(10);
      } finally {
        throw error;
      }
    });
    handler.destroy();
    await plaid.finish();
    assert.deepEqual(uncaught, [error]);
  });

  const bad = {
    'an unknown callback': [{ callback: 'onReady', args: [] }, /^Line 1 of the script: no callback is called onReady$/],
    'a time before the line before': [exit(-1), /^Line 1 of the script: ms must be/],
    'arguments that are no array': [{ callback: 'onExit', args: {} }, /^Line 1 of the script: args must be/],
    'no line at all': [null, /null/],
    'arguments that are no JSON': [{ callback: 'onExit', args: [1n] }, /BigInt/],
  };
  for (const [what, [line, message]] of Object.entries(bad)) {
    it(`after ${what}`, async () => {
      let isLeft = false;
      const { plaid, uncaught } = opened(async function* () {
        try {
          yield openUi();
          yield line;
        } finally {
          isLeft = true;
        }
      });
      await plaid.finish();
      assert.equal(uncaught.length, 1);
      assert.throws(() => { throw uncaught[0]; }, { name: 'TypeError', message });
      assert.deepEqual([plaid.calls.length, isLeft], [1, true]);
    });
  }

  it('when it is not given by a function, or where faults are asked for: both are refused', () => {
    const lines = async function* () {
      yield exit();
    };
    assert.throws(() => createPlaid({ scenario: lines() }), { name: 'TypeError', message: /A scenario is/ });
    const { handler } = world({ scenario: lines, faults: [{ kind: 'repeat' }] });
    assert.throws(() => handler.open(), { name: 'TypeError', message: /Faults need a script that is known/ });
    assert.equal(handler.isOpen, false);
  });
});

describe('closed', () => {
  const script = { 'known before': (lines) => lines, live: async function* (lines) { yield* lines; } };
  for (const [kind, made] of Object.entries(script)) {
    it(`resolves when onExit has returned, with a script that is ${kind}`, async () => {
      const { plaid, config, given } = opened(() => made([openUi(10), exit(20)]));
      config.onExit = () => assert.equal(given.isClosed, undefined);
      await plaid.advance(10);
      assert.equal(given.isClosed, undefined);
      await plaid.finish();
      assert.deepEqual([given.isClosed, plaid.calls.at(-1).result], [true, 'returned']);
    });
    it(`resolves when the last screen is closed after a success, with a script that is ${kind}`, async () => {
      const { plaid, given } = opened(() => made([openUi(10), success(20), closeUi(1_000)]));
      await plaid.advance(100);
      assert.deepEqual([plaid.calls.at(-1).callback, given.isClosed], ['onSuccess', undefined]);
      await plaid.finish();
      assert.equal(given.isClosed, true);
    });
    it(`does not resolve when onExit has thrown, with a script that is ${kind}`, async () => {
      const { plaid, config, handler, given } = opened(() => made([exit(10)]));
      config.onExit = () => {
        throw new Error('the page is at fault');
      };
      await plaid.finish();
      assert.equal(given.isClosed, undefined);
      handler.destroy();
      await plaid.finish();
      assert.equal(given.isClosed, true);
    });
  }

  it('resolves as well when the exit is swallowed', async () => {
    const { plaid, handler, given } = opened(() => [openUi(10), success(20)]);
    await plaid.finish();
    handler.exit();
    await plaid.finish();
    assert.deepEqual([given.isClosed, plaid.calls.at(-1).result], [true, 'swallowed']);
  });
});
