// What a component's trail does when frameworks and pages do what they seldom do, in Node: hidden and shown again, options changed
// in place. Real frameworks in a real browser are in frameworks.test.mjs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { useLinkTrail } from 'linktrail/vue';
import { effectScope, reactive, ref } from 'vue';
import { keysOf, metadata, openBrowser, until } from '../web/fake_page.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'linktrail-owned-'));
after(() => rmSync(folder, { recursive: true }));

/** The source itself, over the built main entry: only React begins a trail again that has ended. */
const overMain = {
  name: 'over-main',
  setup: (build) => build.onResolve({ filter: /\/src\/index\.js$/ }, () => ({ path: pathToFileURL(at('dist/index.mjs')).href, external: true })),
};
const outfile = join(folder, 'owned_trail.mjs');
await build({ entryPoints: [at('web/bindings/owned_trail.ts')], bundle: true, format: 'esm', outfile, plugins: [overMain], logLevel: 'error' });
const { ownTrail } = await import(pathToFileURL(outfile).href);

test('a component that was hidden while somebody else was signed in has a living trail when it is shown again', async () => {
  const browser = openBrowser({ answer: () => 503 });
  const options = { endpoint: '/idv', owner: 'ana' };
  const ana = ownTrail(options);
  ana.begin();
  const before = ana.trail();
  ana.inUse().handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_ana', { view_name: 'KYC_CHECK' }));
  await until('the report', () => browser.requests.length > 0);
  // As React's <Activity> does; ana's report has not been accepted yet.
  ana.end();
  const bo = ownTrail({ endpoint: '/idv', owner: 'bo' });
  bo.begin();
  bo.end();
  browser.answer = () => 200;
  ana.update(options);
  ana.begin();
  assert.notEqual(ana.trail(), before);
  ana.inUse().handlers.onSuccess('', { link_session_id: 'idv_ana' });
  await until('the progress', () => ana.progress().flow === 'completed');
  await until('the delivery', () => keysOf(browser).includes('idv_ana:completed:unknown'));
  assert.equal((await ana.inUse().delivered()).state, 'delivered');
  ana.end();
});

for (const [what, make] of Object.entries({ ref, reactive })) {
  test(`in Vue an owner that is changed within a ${what} is another owner`, () => {
    openBrowser();
    const options = make({ endpoint: '/idv', owner: 'ana' });
    const scope = effectScope();
    const { handlers, trail } = scope.run(() => useLinkTrail(options));
    const ofAna = [handlers.value, trail.value];
    (options.value ?? options).owner = 'bo';
    assert.notEqual(handlers.value, ofAna[0]);
    assert.notEqual(trail.value, ofAna[1]);
    scope.stop();
  });
}

test('in Vue an endpoint that is refused for a moment costs that moment only', async () => {
  const browser = openBrowser();
  const options = reactive({ endpoint: '/idv', owner: 'ana' });
  const scope = effectScope();
  const { handlers, progress } = scope.run(() => useLinkTrail(options));
  // Where there is an app, its error handler is told.
  assert.throws(() => (options.endpoint = undefined), /^TypeError: linktrail: `endpoint`/);
  options.endpoint = '/idv';
  handlers.value.onSuccess('', { link_session_id: 'idv_ana' });
  await until('the progress', () => progress.value.flow === 'completed');
  await until('the delivery', () => browser.requests.length > 0);
  scope.stop();
});
