// The stand-in's handler does what Plaid's script was observed to do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { at, brief, createPlaid, world } from './support.mjs';

const event = (ms, name, metadata = {}) => ({ ms, callback: 'onEvent', args: [name, { link_session_id: 'idv_Own', ...metadata }] });
const success = (ms) => ({ ms, callback: 'onSuccess', args: ['', { link_session_id: 'idv_Own' }] });
const exit = (ms) => ({ ms, callback: 'onExit', args: [null, { link_session_id: 'idv_Own' }] });
const openUi = event(10, 'IDENTITY_VERIFICATION_OPEN_UI');

describe('create', () => {
  const onSuccess = () => {};
  const refused = {
    'no token': [{ onSuccess }, /Missing Link parameter/],
    'a token that is null': [{ token: null, onSuccess }, /Missing Link parameter/],
    'no onSuccess': [{ token: 'x' }, /Invalid onSuccess function/],
    'an onSuccess that is no function': [{ token: 'x', onSuccess: 'f' }, /Invalid onSuccess function/],
  };
  for (const [what, [config, message]] of Object.entries(refused)) {
    it(`throws for ${what}, but not in production`, () => {
      const plaid = createPlaid({ clock: 'manual' });
      assert.throws(() => plaid.create(config), message);
      assert.equal(plaid.handlers.length, 0);
      plaid.create({ ...config, env: 'production' });
      assert.equal(plaid.handlers.length, 1);
    });
  }

  it('throws for no config at all', () => {
    assert.throws(() => createPlaid({ clock: 'manual' }).create(undefined), TypeError);
  });

  it('takes null as a token with a receivedRedirectUri', () => {
    createPlaid({ clock: 'manual' }).create({ token: null, receivedRedirectUri: 'https://shop.example/', onSuccess });
  });

  it('warns of unknown keys, and of nothing else', () => {
    const { plaid, warnings } = world();
    plaid.create({ token: 'x', onSuccess, onLoad: null, key: 'k', env: 'sandbox', surprise: 1 });
    assert.deepEqual(warnings, ['Invalid Link parameter: surprise']);
    plaid.create({ token: 'x', onSuccess, env: 'production', surprise: 1 });
    assert.equal(warnings.length, 1);
  });

  it('takes callbacks that are no functions, and a frozen config', async () => {
    const { plaid } = world({ scenario: [[openUi, exit(20)]] });
    plaid.create(Object.freeze({ token: 'x', onSuccess, onExit: null, onEvent: 'text' })).open();
    await plaid.finish();
    assert.deepEqual(plaid.calls.map(({ callback, result }) => [callback, result]), [['onEvent', 'not_a_function'], ['onExit', 'not_a_function']]);
  });

  it('throws what createThrows says', () => {
    const error = new Error('blocked');
    assert.throws(() => createPlaid({ createThrows: error }).create({ token: 'x', onSuccess }), error);
    assert.throws(() => createPlaid({ createThrows: 'blocked' }).create({ token: 'x', onSuccess }), /^Error: blocked$/);
  });

  it('has a version, and an embedded search that says nothing', () => {
    const { plaid } = world();
    assert.equal(typeof plaid.version, 'string');
    plaid.createEmbedded({ token: 'x', onSuccess }, null).destroy();
    assert.deepEqual(plaid.calls, []);
  });
});

describe('callbacks', () => {
  it('come in their order, at their times', async () => {
    const { plaid, handler } = world();
    handler.open();
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [
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
    ]);
  });

  it('are read when they are due, and called on the config', async () => {
    const { plaid, config, handler, told, note } = world({ scenario: [openUi, event(20, 'NEXT'), success(30)] });
    handler.open();
    await plaid.next();
    config.onEvent = note('replaced');
    config.onSuccess = undefined;
    await plaid.finish();
    assert.deepEqual(told.map(({ name }) => name), ['onEvent', 'replaced']);
    assert.ok(told.every(({ self }) => self === config));
    assert.equal(plaid.calls.at(-1).result, 'not_a_function');
  });

  it('get arguments of their own, which a test can still see as they were', async () => {
    const { plaid, config, handler } = world({ scenario: [openUi], faults: [{ kind: 'repeat' }] });
    const seen = [];
    config.onEvent = (_name, metadata) => {
      seen.push(metadata);
      metadata.link_session_id = 'changed';
    };
    handler.open();
    await plaid.finish();
    assert.notEqual(seen[0], seen[1]);
    assert.deepEqual(plaid.calls.map(({ args }) => args[1].link_session_id), ['idv_Own', 'idv_Own']);
  });

  it('get what JSON has, and undefined for what is left out', async () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"text":"\\ud800"}');
    const { plaid, handler, told } = world({
      scenario: [
        { ms: 0, callback: 'onEvent', args: ['A', hostile] },
        { ms: 0, callback: 'onEvent', args: [undefined, { gone: undefined }] },
        { ms: 0, callback: 'onExit', args: [] },
      ],
    });
    handler.open();
    await plaid.finish();
    assert.deepEqual(told.map(({ args }) => args), [['A', hostile], [undefined, {}], []]);
    assert.ok(Object.hasOwn(told[0].args[1], '__proto__'));
  });

  it('each come in a task of their own, also at the same time', async () => {
    const { plaid, config, handler } = world({ scenario: [event(5, 'A'), event(5, 'B'), success(5)] });
    const order = [];
    config.onEvent = (name) => {
      order.push(name);
      Promise.resolve().then(() => Promise.resolve()).then(() => order.push(`after ${name}`));
    };
    config.onSuccess = () => order.push('success');
    handler.open();
    await plaid.finish();
    assert.deepEqual(order, ['A', 'after A', 'B', 'after B', 'success']);
  });

  it('of which one throws are followed by the others, and the error is told as uncaught', async () => {
    const { plaid, config, handler, uncaught } = world();
    const error = new Error('the page is at fault');
    config.onEvent = config.onSuccess = () => {
      throw error;
    };
    handler.open();
    await plaid.finish();
    assert.equal(plaid.calls.length, 14);
    assert.ok(plaid.calls.every((call) => call.result === 'threw' && call.error === error));
    assert.equal(uncaught.length, 14);
    assert.equal(handler.isOpen, false);
  });

  it('of which one throws end a process of Node that lets nobody hear of it, and a warning is printed', () => {
    const script = `import { createPlaid } from 'linktrail/testing';
const onExit = () => { throw new Error('the page is at fault'); };
createPlaid({ scenario: 'exit-with-no-arguments', speed: 1000 }).create({ token: 'x', onSuccess() {}, onExit, surprise: 1 }).open();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: at(''), encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 1);
    assert.match(stderr, /Invalid Link parameter: surprise[\s\S]*Error: the page is at fault/);
  });

  it('onLoad comes without open()', async () => {
    const { plaid, handler, told } = world({}, { onLoad() { told.push({ name: 'onLoad', self: this, args: [] }); } });
    await plaid.finish();
    assert.deepEqual(told.map(({ name, self }) => [name, self === handler.config]), [['onLoad', true]]);
    assert.equal(plaid.calls[0].opening, null);
  });
});

describe('the overlay', () => {
  it('opens at once, and goes after an exit', async () => {
    const { plaid, handler } = world({ scenario: 'exit-midway' });
    assert.equal(handler.isOpen, false);
    handler.open();
    assert.equal(handler.isOpen, true);
    await plaid.finish();
    assert.equal(handler.isOpen, false);
  });

  it('stays after a success until the last screen is closed, of which no callback tells', async () => {
    const { plaid, handler } = world();
    handler.open();
    await plaid.advance(98_300);
    assert.equal(plaid.calls.at(-1).callback, 'onSuccess');
    assert.equal(handler.isOpen, true);
    await plaid.finish();
    assert.equal(handler.isOpen, false);
    assert.ok(!plaid.calls.some(({ callback }) => callback === 'onExit'));
  });

  it('goes as well where CLOSE_UI came before the success, and later events still arrive', async () => {
    const { plaid, handler } = world({ scenario: 'outcome-after-success' });
    handler.open();
    await plaid.finish();
    assert.equal(handler.isOpen, false);
    assert.deepEqual(brief(plaid.calls).slice(-3), [[3_100, 'CLOSE_UI'], [3_150, 'onSuccess'], [3_400, 'PASS_SESSION']]);
  });

  it('stands when onExit has thrown', async () => {
    const { plaid, config, handler, uncaught } = world({ scenario: 'exit-midway' });
    config.onExit = () => {
      throw new Error('the page is at fault');
    };
    handler.open();
    await plaid.finish();
    assert.equal(handler.isOpen, true);
    assert.equal(uncaught.length, 1);
    handler.destroy();
    assert.equal(handler.isOpen, false);
  });

  it('is opened once by two open(), and again after an exit', async () => {
    const { plaid, handler } = world({ scenario: ['exit-with-no-arguments', 'happy-path'] });
    handler.open();
    handler.open();
    assert.equal(handler.openings, 1);
    await plaid.finish();
    handler.open();
    assert.deepEqual([handler.openings, handler.isOpen], [2, true]);
    await plaid.finish();
    assert.deepEqual(plaid.calls.map(({ opening }) => opening), [0, ...Array(14).fill(1)]);
  });

  it('is still there while onExit runs, so that open() does nothing in it', async () => {
    const { plaid, config, handler } = world({ scenario: 'exit-with-no-arguments' });
    config.onExit = () => handler.open();
    handler.open();
    await plaid.finish();
    assert.deepEqual([handler.openings, handler.isOpen], [1, false]);
  });
});

describe('exit', () => {
  it('is nothing while Link is closed', async () => {
    const { plaid, handler } = world();
    handler.exit();
    handler.exit({ force: true });
    await plaid.finish();
    assert.deepEqual(plaid.calls, []);
  });

  it('throws for an argument that is no object, but not in production', () => {
    assert.throws(() => world().handler.exit(true), /exit/);
    world({}, { env: 'production' }).handler.exit(true);
  });

  it('closes the screen, then tells of it, with the session’s id and a later time; nothing of the script comes any more', async () => {
    const { plaid, handler } = world();
    handler.open();
    await plaid.advance(2_000);
    handler.exit({ force: true });
    assert.equal(handler.isOpen, true, 'the frame has not answered yet');
    await plaid.advance(150);
    handler.exit({ force: true });
    await plaid.finish();
    assert.equal(handler.isOpen, false);
    assert.deepEqual(brief(plaid.calls).slice(4), [[2_100, 'CLOSE_UI'], [2_200, 'onExit']]);
    const [, closeUi] = plaid.calls[4].args;
    assert.deepEqual([closeUi.link_session_id, closeUi.timestamp], ['idv_SynthHappyPath', '2026-01-15T10:00:02.060Z']);
    const [error, metadata] = plaid.calls[5].args;
    assert.equal(error, null);
    assert.equal(metadata.link_session_id, 'idv_SynthHappyPath');
  });

  it('before any screen has only the exit, with an empty id', async () => {
    const { plaid, handler } = world();
    handler.open();
    handler.exit();
    await plaid.finish();
    assert.deepEqual(brief(plaid.calls), [[200, 'onExit']]);
    assert.equal(plaid.calls[0].args[1].link_session_id, '');
  });

  it('after a success closes the last screen and keeps the exit to itself', async () => {
    const { plaid, handler, told } = world();
    handler.open();
    await plaid.advance(98_300);
    handler.exit();
    await plaid.finish();
    assert.equal(handler.isOpen, false);
    assert.equal(told.at(-1).args[0], 'IDENTITY_VERIFICATION_CLOSE_UI');
    assert.deepEqual([plaid.calls.at(-1).callback, plaid.calls.at(-1).result], ['onExit', 'swallowed']);
  });

  it('is kept to itself by a handler that was opened again after a success, but not by another handler', async () => {
    const { plaid, config, handler, told } = world({ scenario: ['happy-path', 'exit-midway'] });
    handler.open();
    await plaid.finish();
    handler.open();
    await plaid.finish();
    assert.equal(handler.isOpen, false);
    assert.ok(!told.some(({ name }) => name === 'onExit'));
    plaid.create(config).open();
    await plaid.finish();
    assert.equal(told.at(-1).name, 'onExit');
  });
});

describe('destroy', () => {
  it('ends everything, what is on its way included, and is final', async () => {
    const { plaid, handler } = world({}, { onLoad: () => assert.fail('it was destroyed before') });
    handler.open();
    handler.destroy();
    handler.destroy();
    await plaid.finish();
    assert.deepEqual(plaid.calls, []);
    assert.deepEqual([handler.isOpen, handler.isDestroyed], [false, true]);
    assert.throws(() => handler.open(), /destroyed/);
    handler.exit();
    await plaid.finish();
    assert.deepEqual(plaid.calls, []);
  });

  it('within a callback lets nothing come after it', async () => {
    const { plaid, config, handler } = world();
    config.onSuccess = () => handler.destroy();
    handler.open();
    await plaid.finish();
    assert.equal(plaid.calls.at(-1).callback, 'onSuccess');
  });

  it('concerns one handler only', async () => {
    const { plaid, config, handler } = world();
    const other = plaid.create(config);
    other.open();
    handler.open();
    handler.destroy();
    await plaid.finish();
    assert.ok(plaid.calls.length === 14 && plaid.calls.every((call) => call.handler === 1));
    assert.deepEqual(plaid.handlers.map(({ isDestroyed }) => isDestroyed), [true, false]);
  });
});
