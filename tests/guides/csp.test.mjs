// docs/csp.md: each policy served as it stands to a page in Chromium, with the packed tarball's script tag.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch } from '../bundlers/site.mjs';
import { packAndInstall } from '../packaging/packed.mjs';
import { examplesOf } from './examples.mjs';

const patienceMs = 20_000;
const nonce = 'cmFuZG9t';
const policies = new Map([...examplesOf('csp.md')].map(([name, text]) => [name.replace('.txt', ''), text.replace(/\s+/g, ' ').trim().replace('{random}', nonce)]));
const withoutWasm = (policy) => policy.replace(" 'wasm-unsafe-eval'", '');

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

const read = (name) => readFileSync(join(packed.installed, 'dist', name));
const integrityOf = (name) => JSON.parse(read('integrity.json'))[name];

/** A whole session as Link ends it, and what became of the report. */
const script = `
  const trail = LinkTrail.createLinkTrail({ endpoint: '/api/idv' });
  if (window.Plaid) Plaid.create({ token: 'link-sandbox-1', ...trail.handlers }).open();
  else trail.handlers.onSuccess('', { link_session_id: 'idv_csp' });
  const delivered = (async () => {
    const engine = await trail.ready;
    while (trail.progress.flow !== 'completed') await new Promise((resolve) => { const end = trail.subscribe(() => { end(); resolve(); }); });
    return [engine, (await trail.delivered()).state].join(' ');
  })();
  delivered.catch((error) => 'rejected').then((shown) => (document.title = shown));`;

/** Opens the page; gives what it shows, and each violation and request for a script. */
async function visit(t, policy, { integrity = integrityOf('linktrail.global.js'), nonces = '', link = '', shows = /^(wasm|js|rejected)/ } = {}) {
  const asked = [];
  const tag = `<script${nonces} src="/linktrail/linktrail.global.js" integrity="${integrity}"></script>`;
  const files = {
    '/': ['text/html', `<!doctype html><title></title>${link}${tag}<script${nonces} src="/page.js"></script>`],
    '/page.js': ['text/javascript', script],
    '/linktrail/linktrail.global.js': ['text/javascript', read('linktrail.global.js')],
    '/linktrail/core-js.mjs': ['text/javascript', read('core-js.mjs')],
    '/favicon.ico': ['image/x-icon', ''],
  };
  const server = createServer((request, response) => {
    asked.push(request.url);
    const [type, content] = files[request.url] ?? ['text/plain', ''];
    request.resume().on('end', () => response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(content));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const context = await browser.newContext({ baseURL: `http://127.0.0.1:${server.address().port}` });
  t.after(() => context.close());
  await context.route('https://cdn.plaid.com/**', (route) => route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }));
  await context.addInitScript(() => {
    window.violations = [];
    window.LINKTRAIL_TESTING = { speed: Infinity };
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => window.violations.push(`${effectiveDirective} ${blockedURI}`));
  });
  const tab = await context.newPage();
  const errors = [];
  tab.on('pageerror', (error) => errors.push(error.message));
  await tab.goto('/');
  // By asking again and again from outside: the page's own policy would refuse what Playwright evaluates in it by text.
  const giveUp = performance.now() + patienceMs;
  while (errors.length === 0 && !shows.test(await tab.title()) && performance.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, 20));
  return { shown: await tab.title(), violations: await tab.evaluate(() => window.violations), errors, asked };
}

describe('the script tag, in Chromium', () => {
  it('runs under the first policy without a violation, and asks for no second file', async (t) => {
    const { asked, ...seen } = await visit(t, policies.get('bundled'));
    assert.deepEqual(seen, { shown: 'wasm delivered', violations: [], errors: [] });
    assert.ok(!asked.includes('/linktrail/core-js.mjs'));
  });

  it('runs as JavaScript where WebAssembly is refused, with one violation', async (t) => {
    const { asked, ...seen } = await visit(t, withoutWasm(policies.get('bundled')));
    assert.deepEqual(seen, { shown: 'js delivered', violations: ['script-src wasm-eval'], errors: [] });
    assert.ok(asked.includes('/linktrail/core-js.mjs'));
  });

  it('is not run when its bytes are not those of the hash', async (t) => {
    const { shown, errors } = await visit(t, policies.get('bundled'), { integrity: integrityOf('core-js.mjs') });
    assert.equal(shown, '');
    assert.deepEqual(errors, ['LinkTrail is not defined']);
  });

  for (const [what, change, engine, violations] of [
    ['with WebAssembly', (policy) => policy, 'wasm', []],
    ['without', withoutWasm, 'js', ['script-src wasm-eval']],
  ]) {
    it(`runs under Trusted Types, ${what}`, async (t) => {
      const { asked, ...seen } = await visit(t, change(policies.get('trusted_types')));
      assert.deepEqual(seen, { shown: `${engine} delivered`, violations, errors: [] });
    });

    it(`runs with a nonce and strict-dynamic, ${what}`, async (t) => {
      const { asked, ...seen } = await visit(t, change(policies.get('nonce')), { nonces: ` nonce="${nonce}"` });
      assert.deepEqual(seen, { shown: `${engine} delivered`, violations, errors: [] });
    });
  }

  it('runs under the policy in full, beside a stand-in for Plaid’s script', async (t) => {
    const link = `<script nonce="${nonce}" src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"></script>`;
    const { asked, ...seen } = await visit(t, policies.get('full'), { link });
    assert.deepEqual(seen, { shown: 'wasm delivered', violations: [], errors: [] });
    const { violations } = await visit(t, policies.get('full').replace(/'nonce-[^']+' https:\S+;/, ';'), { link });
    assert.ok(violations.some((violation) => violation.startsWith('script-src')), 'and it is this policy that lets it in');
  });
});

it('the README names the same policy as the document', () => {
  const readme = readFileSync(join(packed.installed, 'README.md'), 'utf8');
  assert.ok(readme.includes(policies.get('bundled')));
});
