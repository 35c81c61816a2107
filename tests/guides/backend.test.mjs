// docs/backend.md: its programs run as they stand, against a stand-in for Plaid, and are told the truth, lies, and everything twice.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportSPKI } from 'jose';
import { at } from '../../scripts/repository.mjs';
import { execIn } from '../packaging/packed.mjs';
import { examplesOf, folderWith, loadStandIn, startServer, until } from './examples.mjs';

const examples = examplesOf('backend.md');
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/**
 * How each program is started. `often` has it reconcile at every moment; `noKeptKeys` has it keep no key of Plaid's; `hasty` has it
 * wait a second for Plaid.
 */
const languages = {
  Node: {
    files: ['webhook.mjs', 'backend.mjs', 'main.mjs'],
    command: [process.execPath, 'main.mjs'],
    often: ['finally(everyMinute), 60_000)', 'finally(everyMinute), 30)'],
    noKeptKeys: ['keyMsMax = 60 * 60_000', 'keyMsMax = 0'],
    hasty: ['timeout: 8_000', 'timeout: 1_000'],
  },
  Python: {
    files: ['webhook.py', 'backend.py', 'main.py'],
    command: [python, '-u', 'main.py'],
    often: ['time.sleep(60)', 'time.sleep(0.03)'],
    noKeptKeys: ['KEY_SECONDS_MAX = 60 * 60 ', 'KEY_SECONDS_MAX = 0 '],
    hasty: ['timeout=8)', 'timeout=1)'],
  },
};

let plaidModule;
before(async () => {
  plaidModule = await loadStandIn();
});

const report = (id, flow = 'completed', outcome = 'unknown', more = {}) => ({
  schema: 'linktrail.report.v1',
  idempotency_key: `${id}:${flow}:${outcome}`,
  link_session_id: id,
  id_source: 'onEvent',
  flow,
  outcome,
  occurred_at: '2026-01-15T10:00:00.000Z',
  steps: [],
  exit: null,
  client: { name: 'linktrail', version: '0.1.0' },
  ...more,
});

/** A backend and Plaid behind it, which end with the test or suite. A variant is named as in `languages`. */
async function open(t, { files, command, ...variants }, ...chosen) {
  const plaid = await plaidModule.startPlaid();
  t.after(() => plaid.close());
  const sign = await plaid.addKey('key-1');
  const replaced = chosen.map((name) => variants[name]);
  const text = (name) => replaced.reduce((code, [from, to]) => code.replace(from, to), examples.get(name));
  const sources = Object.fromEntries(files.map((name) => [name, text(name)]));
  for (const [, to] of replaced) assert.ok(Object.values(sources).some((code) => code.includes(to)), to);
  const data = mkdtempSync(join(tmpdir(), 'linktrail-guides-'));
  const server = await startServer(t, folderWith(t, sources), command[0], command.slice(1), {
    PLAID_URL: plaid.url,
    PLAID_CLIENT_ID: 'guide-client',
    PLAID_SECRET: 'guide-secret',
    PORT: '0',
    DATABASE: join(data, 'idv.sqlite'),
    PYTHONDONTWRITEBYTECODE: '1',
  });
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const call = async (path, options) => {
    const answer = await fetch(`${server.url}${path}`, options);
    const said = await answer.text();
    assert.ok(!/Knope|1975-01-18|2345678909|guide-secret/.test(said + server.printed()), 'no personal data and no secret');
    return [answer.status, JSON.parse(said)];
  };
  return {
    plaid,
    sign,
    server,
    asked: (route) => plaid.asked.filter((question) => question.startsWith(`/${route}`)),
    post: (user, body, headers = {}) => {
      const own = { 'Content-Type': 'application/json', ...(user && { Cookie: `user=${user}` }), 'Idempotency-Key': body?.idempotency_key ?? 'none' };
      return call('/api/idv', { method: 'POST', headers: { ...own, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    },
    /** For a test that shares it with others: each has its own ids and people. */
    begin() {
      plaid.asked.length = 0;
      return this;
    },
    hook: async (body, token) => (await call('/webhooks/plaid', { method: 'POST', headers: token === undefined ? {} : { 'Plaid-Verification': token }, body }))[0],
    statusOf: async (user) => (await call('/api/idv', { headers: { Cookie: `other=1; user=${user}` } }))[1].identity_verification_status,
  };
}

for (const [language, program] of Object.entries(languages)) {
  describe(`the backend in ${language}`, () => {
    let shared;
    let restless;
    const endings = [];
    const suite = { after: (end) => endings.push(end) };
    before(async () => {
      shared = await open(suite, program);
      restless = await open(suite, program, 'often');
    });
    after(async () => {
      for (const end of endings) await end();
    });
    it('takes a report, asks Plaid, and answers with what Plaid says', async () => {
      const { plaid, post, statusOf, asked } = shared.begin();
      plaid.sessions.set('idv_1', { user: 'ana', status: 'success' });
      assert.deepEqual(await post('ana', report('idv_1', 'completed', 'failed')), [200, { identity_verification_status: 'success' }]);
      assert.equal(await statusOf('ana'), 'success');
      assert.equal(await statusOf('bo'), null);
      assert.deepEqual(asked('identity'), ['/identity_verification/get idv_1']);
    });

    it('asks once for a report that comes again, and not at all for one in progress', async () => {
      const { plaid, post, asked } = shared.begin();
      plaid.sessions.set('idv_cleo', { user: 'cleo', status: 'active' });
      assert.deepEqual(await post('cleo', report('idv_cleo', 'in_progress')), [200, {}]);
      assert.deepEqual(asked('identity'), []);
      for (let copy = 0; copy < 3; copy++) assert.deepEqual(await post('cleo', report('idv_cleo')), [200, { identity_verification_status: 'active' }]);
      assert.equal(asked('identity').length, 1);
      await Promise.all(Array.from({ length: 5 }, () => post('cleo', report('idv_cleo', 'completed', 'passed'))));
      assert.equal(asked('identity').length, 2, 'also when all copies come at once');
    });

    it('refuses what is no report, without asking Plaid', async () => {
      const { post, asked, statusOf, server } = shared.begin();
      const good = report('idv_eve');
      const cases = [
        [401, undefined, good],
        [415, 'eve', good, { 'Content-Type': 'text/plain' }],
        [400, 'eve', good, { 'Idempotency-Key': 'another' }],
        [413, 'eve', { ...good, padding: 'x'.repeat(70_000) }],
        ...['{', '[]', 'null', '7', '', '['.repeat(60_000)].map((body) => [422, 'eve', body]),
        ...Object.entries({
          schema: ['linktrail.report.v9'],
          link_session_id: ['', 'idv\r\nX: 1', 'x'.repeat(281), ['idv_eve'], null, 'idv_\u00e9'],
          idempotency_key: ['', 'x'.repeat(641), null],
          occurred_at: ['yesterday', 7, '2026-01-15T10:00:00.000Z '],
          flow: ['idle', 'verified', null, 0],
          outcome: ['success', {}],
        }).flatMap(([name, values]) => values.map((value) => [422, 'eve', { ...good, [name]: value }, { 'Idempotency-Key': good.idempotency_key }])),
      ];
      for (const [status, user, body, headers] of cases) {
        assert.equal((await post(user, body, headers))[0], status, JSON.stringify(body).slice(0, 200));
      }
      assert.deepEqual(asked('identity'), []);
      assert.equal(await statusOf('eve'), null);
      const large = await fetch(`${server.url}/api/idv`, { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: 'user=eve' }, body: 'x'.repeat(70_000) });
      assert.deepEqual([large.status, large.headers.get('connection')], [413, 'close'], 'what is left of the body is no request');
    });

    it("believes Plaid's client_user_id: somebody else's session is answered 404 and given to nobody but its owner", async () => {
      const { plaid, post, statusOf } = shared.begin();
      plaid.sessions.set('idv_gus', { user: 'gus', status: 'success' });
      for (let copy = 0; copy < 2; copy++) assert.equal((await post('hana', report('idv_gus')))[0], 404);
      assert.equal((await post('hana', report('idv_gus', 'in_progress')))[0], 404);
      assert.deepEqual([await statusOf('hana'), await statusOf('gus')], [null, 'success']);
      assert.deepEqual(await post('gus', report('idv_gus')), [200, { identity_verification_status: 'success' }]);
    });

    it('keeps the strongest report in whatever order they come, so that what had ended is asked for until it is decided', async () => {
      const { plaid, post, statusOf, asked } = restless.begin();
      const all = [report('', 'in_progress'), report('', 'exited'), report('', 'completed'), report('', 'completed', 'passed')];
      const orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];
      plaid.sessions.set('idv_left', { user: 'left', status: 'active' });
      await post('left', report('idv_left', 'exited'));
      plaid.sessions.set('idv_max', { user: 'max', status: 'active' });
      await post('max', report('idv_max'));
      // A round that began before the report was answered may still ask; two rounds later it is over.
      await until(() => assert.ok(asked('identity_verification/get idv_max').length > 3));
      plaid.sessions.set('idv_max', { user: 'max', status: 'success' });
      const askedBefore = asked('identity_verification/get idv_left').length;
      for (const [index, order] of orders.entries()) {
        plaid.sessions.set(`idv_ida_${index}`, { user: `ida-${index}`, status: 'active' });
        for (const which of order) {
          const { flow, outcome } = all[which];
          assert.equal((await post(`ida-${index}`, report(`idv_ida_${index}`, flow, outcome)))[0], 200);
        }
      }
      for (const index of orders.keys()) plaid.sessions.set(`idv_ida_${index}`, { user: `ida-${index}`, status: 'success' });
      for (const index of orders.keys()) await until(async () => assert.equal(await statusOf(`ida-${index}`), 'success'));
      assert.equal(asked('identity_verification/get idv_left').length, askedBefore, 'who left and may come back is not asked for');
    });

    it('answers 2xx while Plaid is down, and asks later', async () => {
      const { plaid, post, statusOf, asked } = restless.begin();
      plaid.setDown(true);
      plaid.sessions.set('idv_kai', { user: 'kai', status: 'failed' });
      assert.deepEqual(await post('kai', report('idv_kai', 'exited')), [200, { identity_verification_status: 'active' }]);
      assert.deepEqual(await post('lea', report('idv_kai')), [200, { identity_verification_status: 'active' }], 'nobody can say yet whose it is');
      plaid.setDown(false);
      await until(async () => assert.equal(await statusOf('kai'), 'failed'));
      await until(async () => assert.equal((await post('lea', report('idv_kai')))[0], 404));
      assert.equal(await statusOf('lea'), null);
      assert.ok(asked('identity').length >= 3);
    });

    it('has stored a report before it asks Plaid, and answers when Plaid does not', async (t) => {
      const { plaid, post, asked } = await open(t, program, 'hasty');
      plaid.sessions.set('idv_ria', { user: 'ria', status: 'success' });
      const held = plaid.hold();
      const first = post('ria', report('idv_ria'));
      await until(() => assert.equal(held.count(), 1));
      const undecided = [200, { identity_verification_status: 'active' }];
      assert.deepEqual(await post('ria', report('idv_ria')), undecided, 'a copy is answered from what is stored');
      assert.deepEqual(await first, undecided);
      assert.equal(asked('identity').length, 1);
    });

    it('answers 2xx to an id that Plaid does not know, and does not ask for ever', async () => {
      const { post, plaid, statusOf, asked } = restless.begin();
      assert.deepEqual(await post('mia', report('unknown', 'exited')), [200, {}]);
      plaid.sessions.set('idv_mia', { user: 'mia', status: 'active' });
      await post('mia', report('idv_mia'));
      // While another session is asked for again and again, this one is not.
      await until(() => assert.ok(asked('identity_verification/get idv_mia').length > 6));
      assert.ok(asked('identity_verification/get unknown').length <= 2);
      assert.equal(await statusOf('mia'), 'active');
    });

    it('asks again for an id that Plaid did not know at first, and when something before Plaid answered 400', async () => {
      const { post, plaid, sign, hook, statusOf } = restless.begin();
      assert.deepEqual(await post('nia', report('idv_nia', 'exited')), [200, {}]);
      plaid.sessions.set('idv_nia', { user: 'nia', status: 'active' });
      assert.deepEqual(await post('nia', report('idv_nia')), [200, { identity_verification_status: 'active' }]);
      plaid.sessions.set('idv_nia', { user: 'nia', status: 'success' });
      await until(async () => assert.equal(await statusOf('nia'), 'success'));
      assert.deepEqual(await post('pia', report('idv_pia')), [200, {}]);
      plaid.sessions.set('idv_pia', { user: 'pia', status: 'active' });
      const text = plaidModule.webhookText('STEP_UPDATED', 'idv_pia');
      assert.equal(await hook(text, await sign(text)), 200);
      plaid.sessions.set('idv_pia', { user: 'pia', status: 'success' });
      await until(async () => assert.equal(await statusOf('pia'), 'success'));
      plaid.setCutOff(true);
      plaid.sessions.set('idv_oda', { user: 'oda', status: 'success' });
      assert.deepEqual(await post('oda', report('idv_oda')), [200, { identity_verification_status: 'active' }]);
      plaid.setCutOff(false);
      await until(async () => assert.equal(await statusOf('oda'), 'success'));
    });

    it('joins webhooks to reports by the id, whatever comes first and however often', async () => {
      const { plaid, sign, post, hook, statusOf } = shared.begin();
      const { webhookText } = plaidModule;
      for (const [index, code] of ['STATUS_UPDATED', 'STEP_UPDATED', 'RETRIED'].entries()) {
        const [id, user] = [`idv_ole_${index}`, `ole-${index}`];
        plaid.sessions.set(id, { user, status: 'active' });
        const text = webhookText(code, id);
        const token = await sign(text);
        assert.equal(await hook(text, token), 200);
        assert.equal(await statusOf(user), 'active', 'no report was needed');
        plaid.sessions.set(id, { user, status: 'pending_review' });
        assert.deepEqual(await post(user, report(id)), [200, { identity_verification_status: 'pending_review' }]);
        plaid.sessions.set(id, { user, status: 'success' });
        // A webhook that is sent again, or replayed by somebody within its five minutes, only makes us look again.
        for (let copy = 0; copy < 2; copy++) assert.equal(await hook(text, token), 200);
        assert.equal(await statusOf(user), 'success');
      }
    });

    it('lets no forged webhook reach Plaid, let alone the database', async (t) => {
      const { plaid, sign, hook, statusOf, asked } = await open(t, program);
      plaid.sessions.set('idv_1', { user: 'ana', status: 'success' });
      const text = plaidModule.webhookText('STATUS_UPDATED', 'idv_1');
      const now = Math.floor(Date.now() / 1_000);
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = (header, claims, seal) => {
        const signed = `${part(header)}.${part(claims)}`;
        return `${signed}.${seal(signed).toString('base64url')}`;
      };
      const [, claims] = (await sign(text)).split('.');
      const honest = JSON.parse(Buffer.from(claims, 'base64url').toString());
      const header = { alg: 'ES256', kid: 'key-1', typ: 'JWT' };
      const pem = await exportSPKI(plaid.publicKey('key-1'));
      const byHand = (signed) => signBytes('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const hmac = (hash) => (signed) => createHmac(hash, pem).update(signed).digest();
      const beforeAnyKey = {
        'no signature at all': undefined,
        'an empty header': '',
        'no token': 'not.a.token',
        'two parts': (await sign(text)).split('.').slice(0, 2).join('.'),
        'alg none': token({ ...header, alg: 'none' }, honest, () => Buffer.alloc(0)),
        'alg None': token({ ...header, alg: 'None' }, honest, () => Buffer.alloc(0)),
        'the public key as a secret': token({ ...header, alg: 'HS256' }, honest, hmac('sha256')),
        'another algorithm': token({ ...header, alg: 'ES384' }, honest, byHand),
        'no kid': token({ alg: 'ES256', typ: 'JWT' }, honest, byHand),
        'a header nested without end': `${Buffer.from('['.repeat(3_000)).toString('base64url')}.e30.AA`,
        'a kid that is no text': token({ ...header, kid: { key: 1 } }, honest, byHand),
      };
      for (const [what, forged] of Object.entries(beforeAnyKey)) assert.equal(await hook(text, forged), 401, what);
      assert.deepEqual(plaid.asked, [], 'an algorithm is refused before a key is looked up');
      const refused = {
        "another's key": token(header, honest, byHand),
        'a key that Plaid does not have': token({ ...header, kid: 'made-up' }, honest, byHand),
        'a key in the header itself': token({ ...header, jwk: { kty: 'EC' } }, honest, byHand),
        'five minutes and two seconds old': await sign(text, { iat: now - 302 }),
        'of yesterday': await sign(text, { iat: now - 86_400 }),
        'of tomorrow': await sign(text, { iat: now + 86_400 }),
        'of no time': await sign(text, { iat: undefined }),
        'with a digest that is none': await sign(text, { request_body_sha256: 'short' }),
        'with a digest that is no text': await sign(text, { request_body_sha256: [1] }),
        'with no digest': await sign(text, { request_body_sha256: undefined }),
        'of another body': await sign(`${text} `),
        'of the same value in other bytes': await sign(JSON.stringify(JSON.parse(text))),
      };
      for (const [what, forged] of Object.entries(refused)) assert.equal(await hook(text, forged), 401, what);
      const genuine = await sign(text, { iat: now - 280 });
      assert.equal(await hook(text.replace('idv_1', 'idv_2'), genuine), 401, 'an altered body');
      assert.deepEqual(asked('identity'), []);
      assert.equal(await statusOf('ana'), null);
      assert.equal(await hook(text, genuine), 200);
      assert.equal(await statusOf('ana'), 'success');
    });

    it('asks for a key once, takes the next one when Plaid rotates, and no made-up one more than ten times a minute', async (t) => {
      const { plaid, sign, hook, asked } = await open(t, program);
      plaid.sessions.set('idv_1', { user: 'ana', status: 'active' });
      const text = plaidModule.webhookText('STEP_UPDATED', 'idv_1');
      for (let copy = 0; copy < 3; copy++) assert.equal(await hook(text, await sign(text)), 200);
      const signWithNext = await plaid.addKey('key-2');
      assert.equal(await hook(text, await signWithNext(text)), 200);
      assert.equal(await hook(text, await sign(text)), 200);
      assert.deepEqual(asked('webhook'), ['/webhook_verification_key/get key-1', '/webhook_verification_key/get key-2']);
      for (let made = 0; made < 40; made++) assert.equal(await hook(text, await sign(text, {}, { kid: `made-up-${made}` })), 401);
      // The minute may have changed in between.
      assert.ok(asked('webhook').length <= 2 + 2 * 10, `${asked('webhook').length} questions`);
      assert.equal(await hook(text, await sign(text)), 200, 'the keys that are known go on');
    });

    it('refuses a key that has expired, and one for another algorithm', async (t) => {
      const { plaid, sign, hook, asked } = await open(t, program, 'noKeptKeys');
      plaid.sessions.set('idv_1', { user: 'ana', status: 'active' });
      const text = plaidModule.webhookText('STEP_UPDATED', 'idv_1');
      const now = Math.floor(Date.now() / 1_000);
      assert.equal(await hook(text, await sign(text)), 200);
      await plaid.addKey('key-1', { expired_at: now + 600 });
      assert.equal(await hook(text, await sign(text)), 200, 'it expires, but later');
      await plaid.addKey('key-1', { expired_at: now - 1 });
      assert.equal(await hook(text, await sign(text)), 401);
      await plaid.addKey('key-1', { alg: 'HS256' });
      assert.equal(await hook(text, await sign(text)), 401);
      await plaid.addKey('key-1');
      assert.equal(await hook(text, await sign(text)), 200);
      await plaid.addKey('key-1', { expired_at: now - 1 });
      const askedBefore = asked('webhook').length;
      for (let copy = 0; copy < 40; copy++) assert.equal(await hook(text, await sign(text)), 401);
      // The minute may have changed in between.
      assert.ok(asked('webhook').length - askedBefore <= 2 * 10 + 1, `${asked('webhook').length - askedBefore} questions for a key that has expired`);
    });

    it('leaves webhooks of another environment or kind alone, and has Plaid send again what it could not ask for', async () => {
      const { plaid, sign, hook, asked, statusOf } = shared.begin();
      plaid.sessions.set('idv_quin', { user: 'quin', status: 'success' });
      const text = plaidModule.webhookText('STATUS_UPDATED', 'idv_quin');
      for (const other of [plaidModule.webhookText('STATUS_UPDATED', 'idv_quin', 'production'), text.replace('IDENTITY_VERIFICATION', 'LINK')]) {
        assert.equal(await hook(other, await sign(other)), 200);
      }
      assert.deepEqual(asked('identity'), []);
      const bare = JSON.stringify({ webhook_type: 'ITEM' });
      assert.equal(await hook(bare, await sign(bare)), 200);
      const unknown = plaidModule.webhookText('STATUS_UPDATED', 'idv_unknown_quin');
      assert.equal(await hook(unknown, await sign(unknown)), 200);
      plaid.setDown(true);
      assert.equal(await hook(text, await sign(text)), 503);
      plaid.setDown(false);
      assert.equal(await hook(text, await sign(text)), 200);
      assert.equal(await statusOf('quin'), 'success');
    });

    it('keeps the newest answer when an older one comes after it', async () => {
      const { plaid, sign, hook, statusOf } = shared.begin();
      const text = plaidModule.webhookText('STATUS_UPDATED', 'idv_sam');
      plaid.sessions.set('idv_sam', { user: 'sam', status: 'active' });
      assert.equal(await hook(text, await sign(text)), 200);
      const held = plaid.hold();
      const early = hook(text, await sign(text));
      await until(() => assert.equal(held.count(), 1));
      held.stop();
      plaid.sessions.set('idv_sam', { user: 'sam', status: 'success' });
      assert.equal(await hook(text, await sign(text)), 200);
      held.release();
      assert.equal(await early, 200);
      assert.equal(await statusOf('sam'), 'success');
    });

    it('counts the newest attempt that no other has followed, whichever webhook comes first and whether all were heard of or not', async () => {
      const { plaid, sign, hook, statusOf } = shared.begin();
      const hear = async (code, id) => {
        const text = plaidModule.webhookText(code, id);
        assert.equal(await hook(text, await sign(text)), 200);
      };
      for (const [user, order] of [['uma', [1, 2]], ['vic', [2, 1]]]) {
        const retry = { user, previous: `idv_${user}_1` }; // made in the same second
        plaid.sessions.set(`idv_${user}_1`, { user, status: 'success' });
        plaid.sessions.set(`idv_${user}_2`, { ...retry, status: 'active' });
        for (const attempt of order) await hear(attempt === 1 ? 'STATUS_UPDATED' : 'RETRIED', `idv_${user}_${attempt}`);
        assert.equal(await statusOf(user), 'active');
        plaid.sessions.set(`idv_${user}_2`, { ...retry, status: 'success' });
        await hear('STATUS_UPDATED', `idv_${user}_2`);
        plaid.sessions.set(`idv_${user}_4`, { user, status: 'failed', previous: `idv_${user}_3`, created: '2026-02-03T09:00:00.5Z' });
        await hear('STATUS_UPDATED', `idv_${user}_4`);
        assert.equal(await statusOf(user), 'failed');
      }
    });
  });
}

it("the programs in Node use Plaid's package and jose as their types say", async (t) => {
  const folder = folderWith(t, Object.fromEntries(languages.Node.files.map((name) => [name, examples.get(name)])));
  const options = ['--allowJs', '--checkJs', '--noEmit', '--strict', '--noImplicitAny', 'false', '--useUnknownInCatchVariables', 'false',
    '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', '--ignoreConfig'];
  const tsc = join(at('node_modules', 'typescript'), 'bin', 'tsc');
  const { stdout } = await execIn(folder, process.execPath, tsc, ...options, 'main.mjs').catch((error) => ({ stdout: error.stdout || String(error) }));
  assert.equal(stdout, '');
});
