// What a recording holds, what it never holds, and how large it may become.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { at, createLinkTrail, createRecorder, linktrail, play, portOf, recordedTrail, settle } from './support.mjs';

const id = 'idv_52xR9LKo77r1Np';
const event = (name, more = {}) => ['onEvent', `IDENTITY_VERIFICATION_${name}`, { link_session_id: id, ...more }];
const step = (name, view, second) => event(name, { view_name: view, timestamp: `2026-11-23T09:00:${second}.000Z`, request_id: `m8MDnv9okwx${second}FNBV` });
const session = [
  event('OPEN_UI'),
  step('START_STEP', 'KYC_CHECK', '01'),
  step('PASS_STEP', 'KYC_CHECK', '09'),
  event('PASS_SESSION', { timestamp: '2026-11-23T09:00:10.000Z' }),
  ['onSuccess', 'public-sandbox-secret', { link_session_id: id }],
].map(([cb, ...args], index) => ({ ms: index * 1_000, cb, args }));

test('a recording is a versioned value that survives JSON and cannot be changed from outside', async () => {
  const { trail, recorder } = await recordedTrail();
  await play(trail, session);
  const recording = recorder.recording();
  assert.equal(recording.schema, 'linktrail.recording.v1');
  assert.match(recording.version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(JSON.parse(JSON.stringify(recording)), recording);
  recording.entries.length = 0;
  assert.ok(recorder.recording().entries.length > 10);
  assert.equal(recorder.recording().gap, null);
});

test('it holds what a support ticket needs: ids, steps, statuses, times, answers', async () => {
  const answers = [() => new Response(null, { status: 503, headers: { 'Retry-After': '2' } }), () => new Response(null, { status: 204 })];
  const { trail, recorder } = await recordedTrail({ answers });
  await play(trail, session);
  const { entries } = recorder.recording();
  const [started] = entries;
  assert.deepEqual({ ...started.event, page: '' }, { type: 'started', endpoint: '/api/idv', owner: 'WITHHELD', page: '', version: recorder.recording().version, locks: false });
  const passed = entries.find(({ event }) => event.name === 'IDENTITY_VERIFICATION_PASS_STEP');
  assert.deepEqual(passed.event, { type: 'on_event', name: 'IDENTITY_VERIFICATION_PASS_STEP', link_session_id: id, request_id: 'm8MDnv9okwx09FNBV', timestamp: '2026-11-23T09:00:09.000Z', view_name: 'KYC_CHECK' });
  assert.equal(passed.wall_ms - started.wall_ms, 2_000);
  const answered = entries.filter(({ event }) => event.type === 'post_answered').map(({ event }) => event);
  assert.deepEqual(answered[0], { type: 'post_answered', post: 1, kind: 'response', status: 503, retry_after: '2', date: null });
  assert.equal(answered.at(-1).status, 204);
  const settled = entries.flatMap(({ effects }) => effects).filter((effect) => effect.do === 'settle').at(-1);
  assert.equal(settled.receipt.state, 'delivered');
  assert.deepEqual(entries.flatMap(({ progress }) => (progress ? [progress] : [])).at(-1), { linkSessionId: id, flow: 'completed', outcome: 'passed', advice: 'none', verdict: null });
});

test('no known scenario has a field that the recorder drops, and only hostile ones a value that it withholds', async () => {
  for (const { name, calls } of readScenarios()) {
    const { trail, recorder, errors } = await recordedTrail();
    await play(trail, calls);
    trail.dispose();
    const { dropped, withheld } = recorder.recording();
    assert.equal(dropped, 0, name);
    if (!/hostile|unknown|no-id|empty/.test(name)) assert.equal(withheld, 0, name);
    assert.deepEqual(errors, [], name);
  }
});

test('every event and every effect of the core that has fields has a list of those that may be kept', () => {
  const source = (path) => readFileSync(at(path), 'utf8');
  const lists = source('web/recording/redact.ts');
  const events = [...source('wasm/core/parse.cpp').matchAll(/Reader\{"(\w+)", (\w+)/g)].filter(([, , reader]) => reader !== 'read_plain');
  const effects = [...source('wasm/core/encode.cpp').matchAll(/begin\("(\w+)"\)(?:\.key|; *$|;\n|\.)/g)];
  const bare = [...source('wasm/core/encode.cpp').matchAll(/begin\("(\w+)"\); \}/g)].map(([, name]) => name);
  assert.ok(events.length >= 10 && effects.length >= 7);
  for (const [, name] of [...events, ...effects.filter(([, one]) => !bare.includes(one))]) assert.match(lists, new RegExp(`^  ${name}: `, 'm'), name);
});

/** A small generator of our own, so that a seed means the same everywhere. */
function chanceOf(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const personal = [
  'ana.garcia@example.com', '+34 600 123 456', '15551234567', '078-05-1120', 'Ana García', 'Ana Garcia Lopez', 'link-sandbox-af1a0311-da53',
  'public-sandbox-5c224a01', 'Your name did not match, Ana.', '12 Calle Mayor, Madrid', 'user:8731', '1990-05-17', 'eyJhbGciOi.JIUzI1NiJ9.x', '\ud800Ana', 'Ana\r\nX: 1', 'access-sandbox-8ab976e6',
  `${'Ana '.repeat(300)}`, '{"name":"Ana"}', "linktrail/1/Ana/Garcia/Lopez Ana", 'ana@x:completed:passed',
];
const fields = ['link_session_id', 'request_id', 'timestamp', 'view_name', 'error_type', 'error_code', 'error_message', 'display_message', 'exit_status', 'status',
  'client_user_id', 'institution', 'account_number', 'routing_number', 'institution_search_query', 'mfa_type', 'accounts', 'user', '__proto__', 'email', 'unreadable', 'type'];

function hostileCalls(seed, planted) {
  const chance = chanceOf(seed);
  const pick = (list) => list[chance(list.length)];
  const plant = () => {
    const value = pick(personal);
    planted.add(value);
    return pick([value, value, value, { name: value }, [value]]);
  };
  const metadata = () => JSON.parse(JSON.stringify(Object.fromEntries([...Array(chance(8))].map(() => [pick(fields), chance(4) === 0 ? id : plant()]))));
  return [...Array(12)].map((_, index) => {
    const cb = pick(['onEvent', 'onEvent', 'onEvent', 'onSuccess', 'onExit']);
    const name = chance(3) === 0 ? plant() : `IDENTITY_VERIFICATION_${pick(['START_STEP', 'PASS_STEP', 'FAIL_SESSION', 'OPEN_UI'])}`;
    return { ms: index * 700, cb, args: [cb === 'onEvent' ? name : cb === 'onExit' ? metadata() : plant(), metadata()] };
  });
}

const textsIn = (value) => (typeof value === 'string' ? [value] : Object.entries(Object(value)).flatMap(([name, item]) => [name, ...textsIn(item)]));

/** How a value could stand in a file: whole, or a part long enough to know the person by. */
const traces = /ana|garc|lopez|madrid|@|\+34|600 ?123|5551234567|078-05|sandbox|eyJ|1990-05|8731|calle/i;

for (let seed = 1; seed <= 40; seed++) {
  test(`nothing personal gets into a recording, wherever it is planted, and what is in it replays alike (seed ${seed})`, async () => {
    const planted = new Set();
    const answers = [503, 401, 429, 204].map((status) => () => new Response('{"name":"Ana García"}', { status, headers: { 'Retry-After': 'Ana', Date: 'ana@example.com', 'X-User': 'Ana' } }));
    const { trail, recorder, errors } = await recordedTrail({
      answers,
      endpoint: 'https://ana:garcia@shop.example/api/users/ana.garcia@example.com/8731/idv?user=Ana#Madrid',
      headers: () => ({ Authorization: 'eyJhbGciOi' }),
    });
    const port = portOf(trail);
    const key = 'linktrail/1/Ana/0123456789abcdef/ana@example.com';
    const text = JSON.stringify({ version: 1, attempts: 'Ana', user: 'Ana', report: { schema: 'linktrail.report.v1', link_session_id: 'ana@example.com', name: 'Ana', steps: [{ view_name: 'Ana' }, 'Ana'], exit: ['Ana'], client: 'Ana', occurred_at: 15551234567 } });
    port.tell({ type: 'records_found', records: [{ key, text }, { key: 'Ana', text: 'Ana' }, 'Ana', { key: { name: 'Ana' } }], orphaned: true });
    port.tell({ type: 'brand_new', user: 'Ana', email: 'ana@example.com' });
    await play(trail, hostileCalls(seed, planted));
    trail.dispose();
    const json = JSON.stringify(recorder.recording());
    assert.equal(traces.exec(textsIn(recorder.recording()).join('\n'))?.[0], undefined);
    for (const value of planted) assert.ok(!json.includes(JSON.stringify(value).slice(1, -1)), value);
    assert.ok(recorder.recording().dropped >= 2, 'what is unknown is counted');
    assert.deepEqual(errors, []);
    if (seed > 8) return;
    const { stdout, code } = await linktrail(recorder.recording());
    assert.equal(code, 0, stdout);
  });
}

test('a full recorder keeps its beginning and what came last, and says how much is missing in between', async () => {
  for (const limits of [{ entriesMax: 40 }, { bytesMax: 12_000 }]) {
    const { trail, recorder } = await recordedTrail({ limits });
    for (let at = 0; at < 500; at++) trail.handlers.onEvent('TRANSITION_VIEW', { view_name: 'CONSENT', timestamp: new Date(at).toISOString() });
    await settle();
    const { entries, gap } = recorder.recording();
    assert.equal(entries[0].event.type, 'started');
    assert.equal(entries.at(-1).event.timestamp, new Date(499).toISOString());
    assert.ok(entries.length <= 40 || limits.entriesMax === undefined);
    assert.ok(entries.reduce((bytes, entry) => bytes + JSON.stringify(entry).length, 0) <= (limits.bytesMax ?? Infinity));
    assert.ok(gap.after >= 2 && gap.after < entries.length);
    assert.equal(gap.missing + entries.length, 501 + entries.filter(({ event }) => event.type === 'headers_resolved').length);
    const behind = entries[gap.after].event.timestamp;
    assert.ok(behind > entries[gap.after - 1].event.timestamp, 'what follows the gap is later');
  }
});

test('after `stop` nothing is recorded, and a listener is told of each entry before it', async () => {
  const { trail, recorder } = await recordedTrail();
  let told = 0;
  const end = recorder.subscribe(() => told++);
  const before = recorder.recording().entries.length;
  trail.handlers.onEvent('OPEN', {});
  assert.equal(told, 1);
  assert.equal(recorder.recording().entries.length, before + 1);
  end();
  trail.handlers.onEvent('OPEN', {});
  assert.equal(told, 1);
  recorder.stop();
  trail.handlers.onEvent('OPEN', {});
  assert.equal(recorder.recording().entries.length, before + 2);
  trail.dispose();
});

test('a listener that throws is reported and keeps nothing from the others, and one that listens anew is told once', async () => {
  const { trail, recorder, errors } = await recordedTrail();
  const told = [];
  recorder.subscribe(() => { throw new Error('of the page'); });
  let end = () => {};
  const again = () => {
    told.push('again');
    if (told.length > 100) throw new Error('told without end');
    end();
    end = recorder.subscribe(() => again());
  };
  end = recorder.subscribe(() => again());
  recorder.subscribe(() => told.push('last'));
  trail.handlers.onEvent('OPEN', {});
  assert.deepEqual(told, ['again', 'last']);
  assert.deepEqual(errors.map(({ message }) => message), ['of the page']);
  trail.dispose();
});

test('what cannot be recorded is told at creation', () => {
  assert.throws(() => createRecorder({}), /^TypeError: linktrail: `createRecorder` takes a trail/);
  assert.throws(() => createRecorder(null), /^TypeError: linktrail: /);
  const trail = createLinkTrail({ endpoint: 'https://shop.example/idv', onError() {} });
  for (const limits of [{ entriesMax: 1 }, { entriesMax: NaN }, { entriesMax: '100' }, { bytesMax: 10 }]) {
    assert.throws(() => createRecorder(trail, limits), /^TypeError: linktrail: `(?:entries|bytes)Max` must be a number/);
  }
  assert.throws(() => createRecorder(trail).download(), /^TypeError: linktrail: `download` needs a page/);
  trail.dispose();
});
