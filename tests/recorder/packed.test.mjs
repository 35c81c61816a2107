// The packed tarball as a customer has it: a session recorded in Chromium, and `npx linktrail` on the file that comes of it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { launch, openSite, policyOf } from '../bundlers/site.mjs';
import { execIn, packAndInstall } from '../packaging/packed.mjs';
import { run } from './support.mjs';

const patienceMs = 20_000;
const document = readFileSync(new URL('../../docs/recorder.md', import.meta.url), 'utf8');
const example = (name) => new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``).exec(document)[1];

let packed;
let browser;
before(async () => {
  packed = await packAndInstall();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  packed?.remove();
});

const npx = (...args) => execIn(packed.folder, 'npx', '--offline', '--no-install', 'linktrail', ...args).then(
  ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
  ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
);

/** The page of the document, with the stand-in for Link, and a backend that is down at first. */
async function record(t) {
  writeFileSync(join(packed.folder, 'support.js'), example('support.js'));
  const contents = `
    import { createPlaid } from 'linktrail/testing';
    import { followed } from './support.js';
    const plaid = createPlaid({ scenario: ['exit-midway', 'kyc-fail-documentary-pass'], speed: 100 });
    const { trail, recorder } = followed('/idv');
    globalThis.test = { recorder, trail, open: () => plaid.create({ token: 'link-sandbox-1', ...trail.handlers }).open() };`;
  const options = { stdin: { contents, resolveDir: packed.folder, sourcefile: 'page.mjs' }, bundle: true, format: 'esm', splitting: true, outdir: '/', write: false, logLevel: 'silent' };
  const files = new Map((await build(options)).outputFiles.map(({ path, contents: bytes }) => [path, Buffer.from(bytes)]));
  files.set('/', Buffer.from('<!doctype html><title>shop</title><script type="module" src="/stdin.js"></script><body><button id="help">Help</button>'));
  let answers = 0;
  const site = await openSite(async (path) => files.get(path) ?? null, { page: policyOf({}), worker: '' }, () => (answers++ < 2 ? 503 : 204));
  t.after(() => site.close());
  const tab = await browser.newPage();
  t.after(() => tab.close());
  await tab.goto(`${site.url}/`);
  await tab.waitForFunction(() => globalThis.test !== undefined, null, { timeout: patienceMs });
  const reaches = (flow) => tab.waitForFunction((wanted) => globalThis.test.trail.progress.flow === wanted && globalThis.test.trail.progress.delivery?.state === 'delivered', flow, { timeout: patienceMs });
  await tab.evaluate(() => globalThis.test.open());
  await reaches('exited');
  await tab.evaluate(() => globalThis.test.open());
  await reaches('completed');
  return { site, tab };
}

describe('a whole session in Chromium, with an exit and a backend that answers 503', () => {
  let recording;
  it('is recorded, and downloaded as a file by a button of the page', async (t) => {
    const { site, tab } = await record(t);
    const [download] = await Promise.all([tab.waitForEvent('download', { timeout: patienceMs }), tab.click('#help')]);
    assert.match(download.suggestedFilename(), /^linktrail-recording\.json$/);
    recording = readFileSync(await download.path(), 'utf8');
    writeFileSync(join(packed.folder, 'recording.json'), recording);
    const { entries, gap } = JSON.parse(recording);
    assert.equal(gap, null);
    assert.equal(entries[0].event.locks, true);
    assert.deepEqual(entries.flatMap(({ event }) => (event.status === undefined || event.type !== 'post_answered' ? [] : [event.status])), site.reports.map(({ status }) => status));
    assert.ok(entries.some(({ event }) => event.type === 'on_exit'));
    assert.deepEqual(site.violations, []);
  });

  it('replays with the same effects, and `npx linktrail replay` tells what happened', async () => {
    const { code, stdout, stderr } = await npx('replay', 'recording.json');
    assert.equal(code, 0, stdout + stderr);
    for (const told of [/^Recorded by linktrail \d/, /\+0:00\.000 {2}page +linktrail .* started/, /Link +START_STEP KYC_CHECK/, /delivery +request 1 answered 503\n/,
      /delivery +waits \d/, /Link +onExit/, /advice continue/, /Link +onSuccess/, /report delivered after \d attempts? \(204\)/, /Session idv_SynthKycFaback: flow completed, outcome passed, advice none\./,
      /\nReplayed \d+ steps on linktrail [\d.]+: the same effects as recorded\.\n$/]) assert.match(stdout, told);
  });

  it('says where a replay differs, with exit code 1', async () => {
    const changed = JSON.parse(recording);
    const at = changed.entries.findIndex(({ effects }) => effects.some((effect) => effect.do === 'post'));
    changed.entries[at].effects = changed.entries[at].effects.filter((effect) => effect.do !== 'post');
    writeFileSync(join(packed.folder, 'changed.json'), JSON.stringify(changed));
    const { code, stdout } = await npx('replay', 'changed.json');
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`step ${at + 1}: the replay differs\\n  ≠ the effects of this step\\n      recorded  \\[.*\\n      replayed  .*"do":"post"`));
    assert.match(stdout, /: 1 of \d+ differ from what was recorded\.\n$/);
  });

  it('is told as JSON and as a scenario', async () => {
    const { facts, isSame, schema } = JSON.parse((await npx('replay', 'recording.json', '--json')).stdout);
    assert.deepEqual({ isSame, schema }, { isSame: true, schema: 'linktrail.replay.v1' });
    assert.ok(facts.some(({ actor, tone, text }) => actor === 'link' && tone === 'good' && text === 'onSuccess'));
    const lines = (await npx('replay', '--scenario', 'recording.json')).stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.at(-1).expect.sessions.map(({ flow }) => flow).sort(), ['completed', 'exited']);
  });
});

describe('what is no recording', () => {
  const cli = (...args) => run([join(packed.installed, 'dist', 'cli', 'linktrail.mjs'), ...args], packed.folder);
  const file = (name, text) => (writeFileSync(join(packed.folder, name), text), name);
  const entry = { event: { type: 'woken' }, effects: [], wall_ms: 0, monotonic_ms: 0, entropy: 0 };
  const written = (more) => JSON.stringify({ schema: 'linktrail.recording.v1', version: '0.1.0', entries: [], gap: null, withheld: 0, dropped: 0, ...more });
  const cases = [
    ['a file that is not there', () => 'nowhere.json', /nowhere\.json: there is no such file\./],
    ['a folder', () => '.', /\.: it is a folder\./],
    ['no JSON', () => file('text.json', 'hello'), /text\.json: This is not JSON/],
    ['other JSON', () => file('other.json', '{"a":1}'), /no recording of linktrail: its `schema` is not linktrail\.recording\.v1/],
    ['a list', () => file('list.json', '[]'), /no recording of linktrail: it is no object/],
    ['a later version', () => file('later.json', '{"schema":"linktrail.recording.v2"}'), /another version \(linktrail\.recording\.v2\); this linktrail reads linktrail\.recording\.v1/],
    ['a damaged one', () => file('damaged.json', written({ entries: [entry, { ...entry, effects: [1] }] })), /entry 2: `effects` must be a list of objects/],
    ['one without times', () => file('timeless.json', written({ entries: [{ ...entry, wall_ms: 'Ana' }] })), /entry 1: `wall_ms` must be a number/],
  ];
  for (const [name, path, message] of cases) {
    it(`${name} gets one clear sentence and exit code 2`, async () => {
      const { code, stdout, stderr } = await cli('replay', path());
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1);
    });
  }

  it('one that began midway is told and not replayed, with exit code 1', async () => {
    const { code, stdout } = await cli('replay', file('midway.json', written({ entries: [entry] })));
    assert.equal(code, 1);
    assert.match(stdout, /Not replayed: the recording lacks its beginning/);
    assert.equal((await cli('replay', file('empty.json', written({})))).code, 1);
  });

  it('wrong words on the command line are told, and --help says which there are', async () => {
    for (const args of [['play'], ['replay'], ['replay', 'a', 'b'], ['replay', 'a', '--loud'], ['replay', 'a', '--json', '--scenario']]) {
      const { code, stderr } = await cli(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, /^linktrail: .*linktrail --help\n$/);
    }
    for (const args of [['--help'], ['replay', '--help'], ['-h']]) assert.match((await cli(...args)).stdout, /^Usage: linktrail replay <recording\.json>/);
    const bare = await cli();
    assert.equal(bare.code, 2);
    assert.match(bare.stdout, /^Usage/);
  });
});
