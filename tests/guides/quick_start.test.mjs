// docs/quick-start.md, followed to the letter: the packed tarball, the document's server, its pages in Chromium, and stand-ins for Plaid.
// Next.js is tried by `npm run bundlers`.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';
import { launch } from '../bundlers/site.mjs';
import { packAndInstall, root } from '../packaging/packed.mjs';
import { examplesOf, folderWith, loadStandIn, startServer, until } from './examples.mjs';

const linkScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const linkSessionId = 'idv_quickstart';
const patienceMs = 20_000;
const examples = examplesOf('quick-start.md');

let packed;
let browser;
let startPlaid;
before(async () => {
  packed = await packAndInstall();
  for (const name of ['server.mjs', 'index.html', 'Verification.jsx', 'Verification.vue']) writeFileSync(join(packed.folder, name), examples.get(name));
  browser = await launch();
  ({ startPlaid } = await loadStandIn());
});
after(async () => {
  await browser?.close();
  packed?.remove();
});

/** What Vue's plugins for build tools do with a component's file. */
const vueFiles = {
  name: 'vue-files',
  setup: (building) =>
    building.onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path });
      return { contents: compileScript(descriptor, { id: 'page', inlineTemplate: true }).content, loader: 'js', resolveDir: packed.folder };
    }),
};

/** The two lines with which an application mounts the component. */
const mounts = {
  'Verification.jsx': `
    import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Verification } from './Verification.jsx';
    createRoot(document.querySelector('main')).render(createElement(Verification, { user: { id: 'user-1' } }));`,
  'Verification.vue': `
    import { createApp } from 'vue';
    import Verification from './Verification.vue';
    createApp(Verification, { user: { id: 'user-1' } }).mount('main');`,
};

async function bundled(name) {
  const define = { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' };
  const stdin = { contents: mounts[name], resolveDir: packed.folder };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false, nodePaths: [join(root, 'node_modules')], jsx: 'automatic', plugins: [vueFiles], define, logLevel: 'silent' });
  return outputFiles[0].text;
}

/** The document's server with a Plaid behind it, and a person at its page, whose Link is the stand-in. */
async function arrive(t, script, scenario = 'happy-path') {
  const plaid = await startPlaid();
  t.after(() => plaid.close());
  plaid.sessions.set(linkSessionId, { user: 'user-1', status: 'success' });
  const keys = { PLAID_CLIENT_ID: 'guide-client', PLAID_SECRET: 'guide-secret', PLAID_TEMPLATE_ID: 'idvtmp_guide' };
  const server = await startServer(t, packed.folder, process.execPath, ['server.mjs'], { ...keys, PLAID_URL: plaid.url, PORT: '0' });
  const context = await browser.newContext({ baseURL: server.url });
  t.after(() => context.close());
  const complaints = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await context.addInitScript((options) => (window.LINKTRAIL_TESTING = options), { scenario, speed: 20, linkSessionId });
  await context.route(linkScript, (route) => route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }));
  if (script !== undefined) {
    const page = `<!doctype html><title>shop</title><script src="${linkScript}"></script><main></main><script type="module" src="/page.js"></script>`;
    await context.route(`${server.url}/`, (route) => route.fulfill({ body: page, contentType: 'text/html' }));
    await context.route(`${server.url}/page.js`, (route) => route.fulfill({ body: script, contentType: 'text/javascript' }));
  }
  const tab = await context.newPage();
  await tab.goto('/');
  return { tab, server, plaid, complaints };
}

for (const name of ['index.html', 'Verification.jsx', 'Verification.vue']) {
  it(`${name} and the server verify a person`, async (t) => {
    const { tab, server, plaid, complaints } = await arrive(t, name in mounts ? await bundled(name) : undefined);
    await tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
    await tab.getByText('ACCEPT_TOS: passed').waitFor({ timeout: patienceMs });
    await tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
    await until(() => assert.match(server.printed(), new RegExp(`^${linkSessionId} success$`, 'm')));
    assert.ok(plaid.asked.some((question) => question.startsWith('/link/token/create')));
    assert.deepEqual(complaints, []);
  });
}

for (const name of ['index.html', 'Verification.jsx', 'Verification.vue']) {
  it(`${name} tells the person when Plaid’s script is blocked`, async (t) => {
    const { tab } = await arrive(t, name in mounts ? await bundled(name) : undefined);
    await tab.context().route(linkScript, (route) => route.abort());
    await tab.reload();
    const button = tab.getByRole('button', { name: 'Verify your identity' });
    await button.click({ timeout: patienceMs });
    await tab.getByText('That did not work. Please try again.').waitFor({ timeout: patienceMs });
    await until(async () => assert.equal(await button.isDisabled(), false));
  });
}

for (const name of ['index.html', 'Verification.jsx', 'Verification.vue']) {
  it(`${name} has one handler per visit, also after a double click, an exit and a token that did not come`, async (t) => {
    const { tab, plaid } = await arrive(t, name in mounts ? await bundled(name) : undefined, ['exit-midway', 'happy-path']);
    const button = tab.getByRole('button', { name: 'Verify your identity' });
    const isDisabled = (expected) => until(async () => assert.equal(await button.isDisabled(), expected));
    const handlers = () => tab.evaluate(() => Plaid.handlers.map(({ isDestroyed, openings }) => [isDestroyed, openings]));
    plaid.setDown(true);
    await button.click({ timeout: patienceMs });
    await until(() => assert.ok(plaid.asked.length > 0));
    const failure = tab.getByText('That did not work. Please try again.');
    await failure.waitFor({ timeout: patienceMs });
    await isDisabled(false);
    plaid.setDown(false);
    await button.dblclick();
    await isDisabled(true);
    assert.equal(await failure.count(), 0, 'it works now');
    await until(async () => assert.deepEqual(await handlers(), [[true, 1]], 'the person has left'));
    await isDisabled(false);
    await button.dblclick();
    await tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
    assert.deepEqual(await handlers(), [[true, 1], [false, 1]]);
  });
}

it('the server gives nobody somebody else’s session, and lets linktrail try again while Plaid is down', async (t) => {
  const { server, plaid } = await arrive(t);
  const post = (id) => fetch(`${server.url}/api/idv`, { method: 'POST', body: JSON.stringify({ flow: 'completed', link_session_id: id }) });
  plaid.sessions.set('idv_other', { user: 'user-2', status: 'success' });
  assert.deepEqual(await (await post('idv_other')).json(), {});
  assert.deepEqual(await (await post(linkSessionId)).json(), { identity_verification_status: 'success' });
  plaid.setDown(true);
  assert.equal((await post(linkSessionId)).status, 503);
  plaid.setDown(false);
  const unknown = await post('unknown');
  assert.deepEqual([unknown.status, await unknown.json()], [200, {}], 'an id that Plaid does not know would be sent for days');
  await until(() => assert.match(server.printed(), /^idv_other is not theirs$/m));
  await until(() => assert.match(server.printed(), /^unknown is not known to Plaid$/m));
  await plaid.close();
  assert.equal((await post(linkSessionId)).status, 503);
});

/** Codes with which Plaid answers 400 whatever the id. */
const misconfigured = ['INVALID_API_KEYS', 'INVALID_PRODUCT', 'UNAUTHORIZED_ENVIRONMENT', 'UNAUTHORIZED_ROUTE_ACCESS'];

it('a report is not acknowledged while Plaid refuses for our own fault, nor while it does not answer', async (t) => {
  const plaid = await startPlaid();
  t.after(() => plaid.close());
  plaid.sessions.set(linkSessionId, { user: 'user-1', status: 'success' });
  const folder = folderWith(t, { 'server.mjs': examples.get('server.mjs').replace('timeout(8_000)', 'timeout(1_000)') });
  const keys = { PLAID_CLIENT_ID: 'guide-client', PLAID_SECRET: 'guide-secret', PLAID_TEMPLATE_ID: 'idvtmp_guide' };
  const server = await startServer(t, folder, process.execPath, ['server.mjs'], { ...keys, PLAID_URL: plaid.url, PORT: '0' });
  const body = JSON.stringify({ flow: 'completed', link_session_id: linkSessionId });
  const post = async () => (await fetch(`${server.url}/api/idv`, { method: 'POST', body })).status;
  for (const code of misconfigured) {
    plaid.setRefusal(code);
    assert.equal(await post(), 503, code);
    await until(() => assert.match(server.printed(), new RegExp(`^Plaid answered 400: ${code}$`, 'm')));
  }
  plaid.setRefusal();
  plaid.setCutOff(true);
  assert.equal(await post(), 503, 'a 400 that is not Plaid’s');
  plaid.setCutOff(false);
  const held = plaid.hold();
  assert.equal(await post(), 503, 'Plaid does not answer');
  held.stop();
  assert.equal(await post(), 200);
});

it('the server tells what is missing, and lives on', async (t) => {
  const folder = folderWith(t, { 'server.mjs': examples.get('server.mjs') });
  const server = await startServer(t, folder, process.execPath, ['server.mjs'], { PORT: '0' });
  for (let copy = 0; copy < 2; copy++) assert.equal((await fetch(server.url)).status, 503);
  assert.match(server.printed(), /^Plaid will refuse: PLAID_CLIENT_ID, PLAID_SECRET, PLAID_TEMPLATE_ID not set\.$/m);
  assert.match(server.printed(), /index\.html/);
});

it('the route for Next.js answers as the server does', async (t) => {
  const plaid = await startPlaid();
  t.after(() => plaid.close());
  const files = ['plaid.js', 'app/api/idv/route.js'].map((name) => [name, examples.get(name).replace('timeout(8_000)', 'timeout(1_000)')]);
  const folder = folderWith(t, { 'package.json': '{ "type": "module" }', ...Object.fromEntries(files) });
  const environment = { PLAID_URL: plaid.url, PLAID_CLIENT_ID: 'guide-client', PLAID_SECRET: 'guide-secret' };
  Object.assign(process.env, environment);
  t.after(() => Object.keys(environment).forEach((name) => delete process.env[name]));
  const printed = [];
  t.mock.method(console, 'log', (...words) => printed.push(words.join(' ')));
  const { POST } = await import(pathToFileURL(join(folder, 'app', 'api', 'idv', 'route.js')).href);
  const post = async (id) => (await POST(new Request(plaid.url, { method: 'POST', body: JSON.stringify({ flow: 'exited', link_session_id: id }) }))).json();
  plaid.sessions.set(linkSessionId, { user: 'user-1', status: 'success' });
  plaid.sessions.set('idv_other', { user: 'user-2', status: 'success' });
  assert.deepEqual(await post(linkSessionId), { identity_verification_status: 'success' });
  assert.deepEqual(await post('idv_other'), {});
  assert.deepEqual(await post('unknown'), {}, 'it would be sent for days');
  assert.deepEqual(printed, [`${linkSessionId} success`, 'idv_other is not theirs', 'unknown is not known to Plaid']);
  for (const code of misconfigured) {
    plaid.setRefusal(code);
    await assert.rejects(post(linkSessionId), { message: `Plaid answered 400: ${code}` });
  }
  plaid.setRefusal();
  plaid.setCutOff(true);
  await assert.rejects(post(linkSessionId), SyntaxError);
  plaid.setCutOff(false);
  const held = plaid.hold();
  await assert.rejects(post(linkSessionId), { name: 'TimeoutError' });
  held.stop();
  plaid.setDown(true);
  await assert.rejects(post(linkSessionId), /Plaid answered 500/);
});
