// docs/privacy.md, held to what is really stored and sent when Link says everything that must not be kept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/repository.mjs';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { openBrowser } from '../web/fake_page.mjs';
import { examplesOf, folderWith, until } from './examples.mjs';

const load = (...path) => import(pathToFileURL(at('dist', ...path)).href);
const { createLinkTrail } = await load('index.mjs');
const { followFunnel } = await load('analytics', 'index.mjs');
const examples = examplesOf('privacy.md');

/** In every place where Link has it, marked so that it is found wherever it went. */
const secret = 'SECRET';
const secrets = {
  public_token: secret, institution_search_query: secret, institution_name: secret, institution_id: secret, account_number_mask: secret,
  routing_number: secret, mfa_type: secret, error_message: secret, display_message: secret, user_id: secret, brand_name: secret,
  metadata_json: secret, selection: secret, institution: { name: secret, institution_id: secret },
  accounts: [{ id: secret, name: secret, mask: secret }], account: { id: secret }, account_id: secret, link_token: secret,
};
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const laden = ({ cb, args }) => ({ cb, args: args.map((arg, index) => (isObject(arg) ? { ...secrets, ...arg, ...secrets } : cb === 'onSuccess' && index === 0 ? secret : arg)) });

/** The paths of all leaves: `steps[].status`. */
function pathsOf(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${path}[]`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, one]) => pathsOf(one, path === '' ? key : `${path}.${key}`));
  return [path];
}

let ended = () => {};
afterEach(() => ended());

/** All courses of events in one browser whose endpoint takes nothing, with everything that was ever stored and sent. */
async function live(browser, owner) {
  ended = () => browser.reload();
  const written = [];
  for (const storage of [browser.localStorage, browser.sessionStorage]) storage.onWrite = (key, text) => void written.push([key, text]);
  const told = [];
  for (const { calls } of readScenarios()) {
    const trail = createLinkTrail({ endpoint: '/api/idv', owner, onError: () => {} });
    browser.trails.push(trail);
    followFunnel(trail, (fact) => void told.push(fact));
    const early = calls.length >> 1;
    for (const { cb, args } of calls.slice(0, early).map(laden)) trail.handlers[cb](...args);
    await trail.ready;
    for (const { cb, args } of calls.slice(early).map(laden)) trail.handlers[cb](...args);
    told.push(trail.progress, await trail.delivered('idv_never_seen'));
  }
  return { written, told };
}

it('nothing that must not be kept is stored, sent, shown or told, and the fields sent are those of the document', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const owner = 'ana@shop.example';
  const { written, told } = await live(browser, owner);
  const sent = browser.requests.map(({ url, headers, body }) => ({ url, headers, body }));
  assert.ok(written.length > 100 && sent.length > 20);
  for (const text of [JSON.stringify(written), JSON.stringify(sent), JSON.stringify(told)]) {
    assert.ok(!text.includes(secret));
    assert.ok(!text.includes(owner) && !text.includes('ana@'), 'nor is the owner’s id');
  }
  const sentPaths = new Set(browser.requests.flatMap(({ report }) => pathsOf(report)));
  const documented = new Set(examples.get('fields.txt').trim().split('\n'));
  // A report without an exit has `exit: null`.
  assert.deepEqual([...sentPaths].filter((path) => path !== 'exit' && path !== 'steps').sort(), [...documented].sort());
  assert.deepEqual([...new Set(sent.map(({ url }) => url))], ['https://shop.example/api/idv']);
  assert.deepEqual([...new Set(sent.flatMap(({ headers }) => Object.keys(headers)))].sort(), ['Content-Type', 'Idempotency-Key']);
});

/** The keys of the document's table, as patterns: what stands in `<…>` is any text without a slash. */
function documentedKeys() {
  const rows = readFileSync(at('docs', 'privacy.md'), 'utf8').split('\n').filter((line) => line.startsWith('| '));
  const keys = rows.flatMap((row) => /`(linktrail\/[^`]*)`/.exec(row)?.[1] ?? []);
  return keys.map((key) => new RegExp(`^${key.replace(/<\w+>/g, '[!-.0-~]+')}$`));
}

it('the keys are those of the table, also with a driver, whose link token stands in none of them', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const { written } = await live(browser, 'ana');
  const { createLinkDriver } = await load('link', 'index.mjs');
  const handed = [];
  browser.window.Plaid = { create: ({ token }) => ({ open: () => void handed.push(token), destroy() {} }) };
  void createLinkDriver({ trail: browser.trails.at(-1), fetchLinkToken: () => secret }).open();
  await until(() => assert.deepEqual(handed, [secret]));
  assert.ok(!JSON.stringify(written).includes(secret));
  browser.trails.at(-1).forget();
  await until(() => assert.ok(written.some(([key]) => key === 'linktrail/forget')));
  const shapes = documentedKeys();
  for (const [key] of written) assert.ok(shapes.some((shape) => shape.test(key)), key);
  for (const shape of shapes) assert.ok(written.some(([key]) => shape.test(key)), String(shape));
});

it('forget() leaves nothing of this owner, and the document’s own program nothing of anybody', async (t) => {
  const browser = openBrowser({ answer: () => 503 });
  await live(browser, 'ana');
  browser.reload();
  await live(browser, 'bo');
  const ours = () => [...browser.localStorage.texts.keys()].filter((key) => key.startsWith('linktrail/1/'));
  const scopes = () => new Set(ours().map((key) => key.split('/')[2]));
  assert.equal(scopes().size, 2);
  const [trail] = browser.trails.slice(-1);
  trail.forget();
  await until(() => assert.equal(scopes().size, 1));
  browser.reload();
  browser.localStorage.setItem('other', 'theirs');
  const deleted = [];
  Object.defineProperty(globalThis, 'indexedDB', { value: { deleteDatabase: (name) => void deleted.push(name) }, configurable: true });
  t.after(() => delete globalThis.indexedDB);
  const folder = folderWith(t, { 'erase.mjs': examples.get('erase.js') });
  (await import(pathToFileURL(join(folder, 'erase.mjs')).href)).eraseEverything();
  assert.deepEqual([...browser.localStorage.texts.keys()], ['other']);
  assert.deepEqual([...browser.sessionStorage.texts.keys()], []);
  assert.deepEqual(deleted, ['linktrail']);
});
