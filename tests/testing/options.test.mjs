// Which script is played, what goes wrong in it, and who moves the time.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { applyFaults, brief, createPlaid, scenarios, world } from './support.mjs';

const happy = scenarios['happy-path'].openings[0];
const names = (script) => script.map(({ callback, args }) => (callback === 'onEvent' ? args[0].replace('IDENTITY_VERIFICATION_', '') : callback));
const exit = (ms) => ({ ms, callback: 'onExit', args: [null, {}] });

/** Opens a handler of its own `times` times, and gives the number of calls in each. */
async function lengths(scenario, times) {
  const { plaid, config } = world({ scenario });
  for (let index = 0; index < times; index++) {
    plaid.create(config).open();
    await plaid.finish();
  }
  return Array.from({ length: times }, (_, index) => plaid.calls.filter(({ opening }) => opening === index).length);
}

describe('a fault that meets nothing', () => {
  const told = async (scenario, faults, times = 1) => {
    const { plaid, config, warnings } = world({ scenario, faults });
    const counts = [];
    for (let index = 0; index < times; index++) {
      plaid.create(config).open();
      await plaid.finish();
      counts.push(warnings.length);
    }
    return { warnings, counts };
  };
  const misspelt = { kind: 'drop', of: 'onSucces' };
  const warning = (kind, of) => `The fault ${kind} meets nothing: no call of the scenario is ${of}`;

  it('is told, once, and one that meets a call is not', async () => {
    const faults = [misspelt, { kind: 'repeat', of: 'onSuccess' }, { kind: 'hang', of: 'IDENTITY_VERIFICATION_FAIL_SESSION' }, { kind: 'reorder' }];
    const { warnings } = await told('happy-path', faults, 2);
    assert.deepEqual(warnings, [warning('drop', 'onSucces'), warning('hang', 'IDENTITY_VERIFICATION_FAIL_SESSION')]);
  });
  it('is told when nothing else is to come: a later play of a list may have what the first one lacks', async () => {
    const list = ['exit-invalid-link-token-at-start', 'happy-path'];
    assert.deepEqual((await told(list, [misspelt, { kind: 'repeat', of: 'onSuccess' }], 3)).counts, [0, 1, 1]);
    assert.deepEqual((await told(['happy-path', 'exit-midway'], [{ kind: 'repeat', of: 'onSuccess' }], 2)).counts, [0, 0]);
  });
  it('is told of what an earlier fault has taken from it', async () => {
    const { warnings } = await told('happy-path', [{ kind: 'drop', of: 'onSuccess' }, { kind: 'delay', of: 'onSuccess', ms: 5 }]);
    assert.deepEqual(warnings, [warning('delay', 'onSuccess')]);
  });
  it('cannot be told of a function, which may say anything in the next opening', async () => {
    assert.deepEqual((await told(() => 'happy-path', [misspelt])).warnings, []);
  });
});

describe('scenario', () => {
  it('is the happy path by default, and plays again for each handler', async () => {
    assert.deepEqual(await lengths(undefined, 2), [14, 14]);
  });
  it('with several openings plays each in turn, the last for all further ones', async () => {
    const [first, second] = scenarios['resume-after-exit'].openings.map(({ length }) => length);
    assert.deepEqual(await lengths('resume-after-exit', 3), [first, second, second]);
  });
  it('as a list has a play for each opening', async () => {
    assert.deepEqual(await lengths(['exit-with-no-arguments', [exit(0), exit(1)], scenarios['no-id-anywhere']], 4), [1, 2, 2, 2]);
  });
  it('as a script of your own is played in order of time', async () => {
    const { plaid, handler } = world({ scenario: [exit(30), { ms: 10, callback: 'onEvent', args: ['A', {}] }, exit(30)] });
    handler.open();
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[10, 'A'], [30, 'onExit'], [30, 'onExit']]);
  });
  it('may be empty: then nothing ever comes', async () => {
    assert.deepEqual(await lengths([], 1), [0]);
  });
  it('as a function is asked at each opening, with its number, handler and config', async () => {
    const asked = [];
    const { plaid, config, handler } = world({
      scenario: (opening) => {
        asked.push(opening);
        return opening.config.token === 'expired' ? 'exit-invalid-link-token-at-start' : 'happy-path';
      },
    });
    config.token = 'expired';
    handler.open();
    await plaid.finish();
    const renewed = { ...config, token: 'fresh' };
    plaid.create(renewed).open();
    await plaid.finish();
    assert.deepEqual(
      asked.map(({ signal, closed, ...said }) => [said, signal instanceof AbortSignal, closed instanceof Promise]),
      [[{ index: 0, handler: 0, config }, true, true], [{ index: 1, handler: 1, config: renewed }, true, true]],
    );
    assert.deepEqual(plaid.calls.map(({ callback }) => callback).filter((name) => name !== 'onEvent'), ['onExit', 'onSuccess']);
  });
  const refused = {
    'an unknown name': ['no-such', /No scenario is called no-such; there are all-documented/],
    'a name of Object’s': ['toString', /No scenario/],
    'a number': [7, /A scenario is/],
    'a time before open()': [[exit(-1)], /ms must be/],
    'a time that is none': [[exit(NaN)], /ms must be/],
    'an unknown callback': [[{ ms: 0, callback: 'onReady', args: [] }], /no callback is called onReady/],
    'arguments that are no array': [[{ ms: 0, callback: 'onExit', args: {} }], /args must be/],
    'an unknown name in a list': [['happy-path', 'no-such'], /No scenario/],
  };
  for (const [what, [scenario, message]] of Object.entries(refused)) {
    it(`is refused for ${what}`, () => {
      assert.throws(() => createPlaid({ scenario }), { name: 'TypeError', message });
    });
  }
});

describe('linkSessionId', () => {
  it('replaces the scenario’s id everywhere', async () => {
    const { plaid, handler } = world({ linkSessionId: 'idv_mine' });
    handler.open();
    await plaid.finish();
    assert.equal(plaid.calls.length, 14);
    assert.ok(plaid.calls.every(({ args }) => args[1].link_session_id === 'idv_mine'));
  });
  it('replaces neither an id of Link’s own nor a hostile value', async () => {
    for (const scenario of ['exit-invalid-link-token-at-start', 'hostile-values']) {
      const { plaid, handler } = world({ scenario, linkSessionId: 'idv_mine' });
      handler.open();
      await plaid.finish();
      assert.deepEqual(plaid.calls.map(({ args }) => args), scenarios[scenario].openings[0].map(({ args }) => args));
    }
  });
  it('as a function keeps two sessions apart, and leaves an id of Link’s own alone', async () => {
    const { plaid, handler } = world({
      scenario: ['retry-makes-a-new-id', 'exit-invalid-link-token-at-start'],
      linkSessionId: (original) => original.replace('Synth', 'Test7'),
    });
    for (let index = 0; index < 3; index++) {
      handler.open();
      await plaid.finish();
      handler.exit();
      await plaid.finish();
    }
    const ids = new Set(plaid.calls.map(({ args }) => args[1].link_session_id));
    assert.deepEqual([...ids], ['idv_Test7Retry1111', 'idv_Test7Retry2222', '5d3c0a52-6b0e-4f1a-9a57-1c2f6e0b7d11']);
  });
});

describe('faults', () => {
  const played = async (faults, scenario = 'happy-path') => {
    const { plaid, handler } = world({ scenario, faults });
    handler.open();
    await plaid.finish();
    return { plaid, handler, calls: plaid.calls };
  };

  it('drop a callback, or an event by its name', async () => {
    assert.deepEqual(names((await played([{ kind: 'drop', of: 'onSuccess' }])).calls), names(happy).filter((name) => name !== 'onSuccess'));
    const without = await played([{ kind: 'drop', of: 'IDENTITY_VERIFICATION_PASS_SESSION' }]);
    assert.deepEqual(names(without.calls), names(happy).filter((name) => name !== 'PASS_SESSION'));
    assert.deepEqual((await played([{ kind: 'drop', of: 'onEvent' }])).calls.length, 1);
  });
  it('repeat what they strike, byte for byte', async () => {
    const { calls } = await played([{ kind: 'repeat', of: 'onSuccess', times: 3, afterMs: 7 }]);
    const successes = calls.filter(({ callback }) => callback === 'onSuccess');
    assert.deepEqual(brief(successes), [[98_300, 'onSuccess'], [98_307, 'onSuccess'], [98_314, 'onSuccess']]);
    assert.equal(new Set(successes.map(({ args }) => JSON.stringify(args))).size, 1);
    assert.equal((await played([{ kind: 'repeat' }])).calls.length, 28);
  });
  it('delay what they strike, so that others overtake it', async () => {
    const { calls } = await played([{ kind: 'delay', of: 'onSuccess', ms: 60_000 }]);
    assert.deepEqual(brief(calls).slice(-2), [[104_000, 'CLOSE_UI'], [158_300, 'onSuccess']]);
  });
  it('reorder, the same way for the same seed', () => {
    const shuffled = (seed) => applyFaults(happy, [{ kind: 'reorder', seed }]);
    assert.deepEqual(shuffled(7), shuffled(7));
    assert.notDeepEqual(shuffled(7), shuffled(8));
    assert.notDeepEqual(names(shuffled(7)), names(happy));
    assert.deepEqual(names(shuffled(7)).sort(), names(happy).sort());
    assert.deepEqual(shuffled(7).map(({ ms }) => ms), happy.map(({ ms }) => ms));
    assert.deepEqual(applyFaults(happy, [{ kind: 'reorder' }]), shuffled(1));
  });
  it('make a burst at the end, in which only OPEN was live', async () => {
    const { calls } = await played([{ kind: 'burst', withinMs: 24 }]);
    const times = brief(calls).map(([ms]) => ms);
    assert.deepEqual(times, [900, ...Array.from({ length: 13 }, (_, index) => 104_000 + index * 2)]);
    assert.deepEqual(names(calls), names(happy));
  });
  it('strip ids, or all metadata', async () => {
    const stripped = await played([{ kind: 'strip_ids' }]);
    assert.ok(stripped.calls.every(({ args }) => args[1] !== undefined && !('link_session_id' in args[1])));
    const { calls } = await played([{ kind: 'strip_metadata', of: 'onSuccess' }]);
    assert.deepEqual(calls.filter(({ args }) => args.length === 1).map(({ callback, args }) => [callback, ...args]), [['onSuccess', '']]);
    assert.doesNotThrow(() => applyFaults(scenarios['hostile-values'].openings[0], [{ kind: 'strip_ids' }]));
  });
  it('hang from the first such call on, and then exit() is not answered', async () => {
    const { plaid, handler } = await played([{ kind: 'hang', of: 'onSuccess' }]);
    assert.deepEqual(names(plaid.calls), names(happy).slice(0, 12));
    handler.exit({ force: true });
    await plaid.finish();
    assert.equal(plaid.calls.length, 12);
    assert.equal(handler.isOpen, true);
    handler.destroy();
    assert.equal(handler.isOpen, false);
  });
  it('hang at once without of', async () => {
    const { plaid, handler } = world({ faults: [{ kind: 'hang' }] });
    handler.open();
    handler.exit();
    await plaid.finish();
    assert.deepEqual([plaid.calls, handler.isOpen], [[], true]);
  });
  it('hang nothing where no such call comes', async () => {
    assert.equal((await played([{ kind: 'hang', of: 'onExit' }])).calls.length, 14);
  });
  it('are applied one after the other, and may be functions', async () => {
    const lastOnly = (script) => script.slice(-1);
    assert.deepEqual(brief((await played([lastOnly, { kind: 'repeat' }])).calls), [[104_000, 'CLOSE_UI'], [104_005, 'CLOSE_UI']]);
    assert.equal((await played([{ kind: 'repeat' }, lastOnly])).calls.length, 1);
  });
  it('of an unknown kind are refused', () => {
    for (const kind of ['explode', 'toString', undefined]) {
      assert.throws(() => createPlaid({ faults: [{ kind }] }), /No fault is called .*; there are drop, repeat/);
      assert.throws(() => applyFaults(happy, [{ kind }]), TypeError);
    }
  });
  it('with an amount that is no number are refused, since they would never happen', () => {
    for (const fault of [{ kind: 'delay' }, { kind: 'delay', afterMs: 5 }, { kind: 'delay', ms: '5' }, { kind: 'repeat', times: NaN }, { kind: 'repeat', afterMs: Infinity }, { kind: 'burst', withinMs: null }, { kind: 'reorder', seed: 'x' }]) {
      assert.throws(() => createPlaid({ faults: [fault] }), /^TypeError: The fault \w+: \w+ must be a number, not /, JSON.stringify(fault));
      assert.throws(() => applyFaults(happy, [fault]), TypeError);
    }
  });
  it('change no scenario', async () => {
    const before = JSON.stringify(scenarios);
    await played([{ kind: 'repeat' }, { kind: 'reorder' }, { kind: 'burst' }, { kind: 'strip_ids' }, { kind: 'delay', ms: 1 }]);
    assert.equal(JSON.stringify(scenarios), before);
  });
});

describe('a manual clock', () => {
  it('advances by nothing but a number from 0, and stands still where it was', async () => {
    const { plaid, config } = world({});
    plaid.create(config).open();
    for (const ms of [undefined, NaN, -1, Infinity, '100']) await assert.rejects(plaid.advance(ms), /^TypeError: advance takes milliseconds, not /);
    assert.deepEqual(plaid.calls, []);
  });
  it('advances by milliseconds and stops in between', async () => {
    const { plaid, handler } = world();
    handler.open();
    await plaid.advance(899);
    assert.equal(plaid.calls.length, 0);
    await plaid.advance(1);
    assert.equal(plaid.calls.length, 1);
    await plaid.advance(600);
    assert.deepEqual(names(plaid.calls), ['OPEN', 'OPEN_UI', 'CREATE_SESSION']);
  });
  it('goes up to the next call, and says when there is none', async () => {
    const { plaid, handler } = world({ scenario: 'exit-with-no-arguments' });
    assert.equal(await plaid.next(), null);
    handler.open();
    assert.equal(await plaid.next(), plaid.calls[0]);
    assert.equal(plaid.calls[0].callback, 'onExit');
    assert.equal(await plaid.next(), null);
  });
  it('lets the page open Link by a promise before it looks for what is due', async () => {
    const { plaid, handler } = world();
    Promise.resolve().then(() => {}).then(() => handler.open());
    await plaid.finish();
    assert.equal(plaid.calls.length, 14);
  });
  it('needs no MessageChannel, which jsdom does not have', async () => {
    const { MessageChannel } = globalThis;
    globalThis.MessageChannel = undefined;
    try {
      const { plaid, handler } = world();
      handler.open();
      await plaid.finish();
      assert.equal(plaid.calls.length, 14);
    } finally {
      globalThis.MessageChannel = MessageChannel;
    }
  });
  it('gives up on a page that opens Link for ever', async () => {
    const { plaid, config } = world({ scenario: 'exit-with-no-arguments' });
    config.onExit = () => queueMicrotask(() => plaid.create(config).open());
    plaid.create(config).open();
    await assert.rejects(plaid.finish(), /2000 calls/);
  });
});

describe('another clock', () => {
  const ended = (plaid) => new Promise((resolve) => {
    const handler = plaid.create({
      token: 'x',
      onSuccess: () => assert.fail('this scenario has an exit'),
      onExit: () => resolve(handler),
      onEvent() {},
    });
    handler.open();
  });
  it('is the real one by default, sped up at will', async () => {
    for (const speed of [1_000, Infinity]) {
      const before = Date.now();
      const plaid = createPlaid({ scenario: 'exit-midway', speed });
      assert.equal((await ended(plaid)).isOpen, false);
      assert.deepEqual(names(plaid.calls), names(scenarios['exit-midway'].openings[0]));
      assert.ok(plaid.calls.every(({ at }) => at >= before && at <= Date.now()));
      assert.equal('advance' in plaid, false);
    }
  });
  for (const speed of [0, -1, NaN]) {
    it(`refuses a speed of ${speed}`, () => assert.throws(() => createPlaid({ speed }), /speed must be more than 0/));
  }
  it('follows fake timers, installed after it was made', () => {
    const plaid = createPlaid();
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000 });
    try {
      plaid.create({ token: 'x', onSuccess() {} }).open();
      mock.timers.tick(1_200);
      assert.deepEqual(names(plaid.calls), ['OPEN', 'OPEN_UI']);
      mock.timers.tick(200_000);
      assert.deepEqual(names(plaid.calls), names(happy));
    } finally {
      mock.timers.reset();
    }
  });
  it('moves on by hand also while all timers are fake', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'setInterval', 'Date'] });
    try {
      const { plaid, handler } = world();
      handler.open();
      await plaid.finish();
      assert.equal(plaid.calls.length, 14);
    } finally {
      mock.timers.reset();
    }
  });
  it('can be one’s own', () => {
    const waits = new Map();
    const clock = {
      now: () => 5,
      after(ms, then) {
        waits.set(then, ms);
        return () => waits.delete(then);
      },
    };
    const plaid = createPlaid({ clock, scenario: 'exit-midway' });
    const handler = plaid.create({ token: 'x', onSuccess() {} });
    handler.open();
    assert.deepEqual([...waits.values()], [0, ...scenarios['exit-midway'].openings[0].map(({ ms }) => ms)]);
    [...waits.keys()][1]();
    assert.deepEqual(plaid.calls.map(({ at }) => at), [5]);
    handler.destroy();
    assert.equal(waits.size, 0, 'it takes back what it waited for');
  });
});
