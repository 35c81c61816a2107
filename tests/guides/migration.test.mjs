// docs/migration.md: the page and the route as they were and as the diffs leave them, with the same Link and the same failures.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/repository.mjs';
import { openBrowser } from '../web/fake_page.mjs';
import { examplesOf, folderWith, until } from './examples.mjs';

const { createPlaid } = await import(pathToFileURL(at('dist', 'testing', 'index.mjs')).href);
const examples = examplesOf('migration.md');

/** One side of a diff that shows the whole file. */
function sideOf(name, left) {
  const lines = examples.get(name).trimEnd().split('\n');
  return lines.filter((line) => line[0] !== left).map((line) => line.slice(1)).join('\n');
}
const sides = (name) => ({ before: sideOf(name, '+'), after: sideOf(name, '-') });

/** Plays one verification on a page whose backend fails at first; gives what arrived and what was taken. */
async function verify(t, source, failures) {
  openBrowser();
  const requests = [];
  let left = failures;
  Object.defineProperty(globalThis, 'fetch', {
    configurable: true,
    writable: true,
    value: async (url, { headers = {}, body } = {}) => {
      const { pathname } = new URL(url, 'https://shop.example');
      if (pathname === '/server/generate_link_token_for_idv') return Response.json({ linkToken: 'link-sandbox-1' });
      const status = left-- > 0 ? 500 : 200;
      requests.push({ pathname, body: JSON.parse(body), key: headers['Idempotency-Key'], status });
      return new Response('{}', { status });
    },
  });
  const plaid = createPlaid({ clock: 'manual', scenario: 'happy-path', linkSessionId: 'idv_migrated' });
  Object.defineProperty(globalThis, 'Plaid', { configurable: true, value: plaid });
  const folder = folderWith(t, { 'client.mjs': source });
  const { startVerification } = await import(pathToFileURL(join(folder, 'client.mjs')).href);
  await startVerification();
  await plaid.finish();
  return requests;
}

const taken = (requests) => requests.filter(({ status, pathname }) => status === 200 && pathname === '/server/idv_complete');

it('as it was, the page loses what it could not send; after the diff it does not, and sends the same body', async (t) => {
  const { before, after } = sides('client.diff');
  const lost = await verify(t, before, 100);
  assert.equal(taken(lost).length, 0);
  assert.ok(lost.filter(({ pathname }) => pathname === '/server/idv_complete').length <= 2, 'it tried once per callback');

  const requests = await verify(t, after, 2);
  await until(() => assert.ok(taken(requests).some(({ key }) => key === 'idv_migrated:completed:passed')));
  for (const { pathname, body } of requests) assert.deepEqual({ pathname, body }, { pathname: '/server/idv_complete', body: { idvSession: 'idv_migrated' } });
});

it('as it was, the route answers 500 to an id that Plaid does not know; after the diff it takes it, but not what speaks of our keys, and asks who is signed in', async (t) => {
  const { before, after } = sides('server.diff');
  const folder = folderWith(t, { 'before.mjs': before, 'after.mjs': after });
  const stored = [];
  const route = async (name, request, answer) => {
    const { idvComplete } = await import(pathToFileURL(join(folder, name)).href);
    const plaid = {
      async identityVerificationGet({ identity_verification_id: id }) {
        const [status, error_code] = [answer].flat();
        if (status !== undefined) throw Object.assign(new Error('refused'), { response: { status, data: error_code && { error_code } } });
        return { data: { id, client_user_id: 'ana', status: 'success' } };
      },
    };
    return idvComplete(request, plaid, async (...row) => void stored.push(row));
  };
  const request = { user: 'bo', body: { idvSession: 'idv_1' } };
  const table = [
    ['before.mjs', request, undefined, 200],
    ['before.mjs', request, [400, 'INVALID_FIELD'], 500],
    ['after.mjs', request, undefined, 200],
    ['after.mjs', request, [400, 'INVALID_FIELD'], 200],
    ['after.mjs', request, [400, 'INVALID_API_KEYS'], 500],
    ['after.mjs', request, [400, undefined], 500],
    ['after.mjs', request, [503, 'INTERNAL_SERVER_ERROR'], 500],
    ['after.mjs', { body: request.body }, undefined, 401],
  ];
  for (const [name, asked, answer, expected] of table) assert.equal((await route(name, asked, answer)).status, expected, `${name} ${answer}`);
  assert.deepEqual(stored, [['ana', 'idv_1', 'success'], ['ana', 'idv_1', 'success']], 'it belongs to whom Plaid names');
  const told = async (user) => (await route('after.mjs', { ...request, user })).body;
  assert.deepEqual([await told('ana'), await told('bo')], [{ identity_verification_status: 'success' }, {}]);
});
