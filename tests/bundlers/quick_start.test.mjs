// The quick start's application for Next.js: built and started as its reader does, with the packed tarball and stand-ins for Plaid.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { examplesOf, loadStandIn, until } from '../guides/examples.mjs';
import { packAndInstall } from '../packaging/packed.mjs';
import { createProject } from './project.mjs';
import { launch } from './site.mjs';

const chosen = process.env.LINKTRAIL_BUNDLERS?.split(',') ?? ['next'];
const linkSessionId = 'idv_quickstart';
const patienceMs = 20_000;

/** The document's files, and the layout that every application of Next.js has. */
function application() {
  const examples = examplesOf('quick-start.md');
  const named = ['app/page.jsx', 'app/api/link-token/route.js', 'app/api/idv/route.js', 'plaid.js'];
  return {
    ...Object.fromEntries(named.map((name) => [name, examples.get(name)])),
    'app/verification.jsx': `'use client';\n\n${examples.get('Verification.jsx')}`,
    'app/layout.js': readFileSync(new URL('./customer/src/app/layout.js', import.meta.url), 'utf8'),
  };
}

if (chosen.includes('next')) {
  it('the application of the quick start verifies a person under next build and next start', async (t) => {
    const packed = await packAndInstall();
    t.after(() => packed.remove());
    const plaid = await (await loadStandIn()).startPlaid();
    t.after(() => plaid.close());
    plaid.sessions.set(linkSessionId, { user: 'user-1', status: 'success' });
    // Only the server that is started reads them.
    Object.assign(process.env, { PLAID_URL: plaid.url, PLAID_CLIENT_ID: 'guide-client', PLAID_SECRET: 'guide-secret', PLAID_TEMPLATE_ID: 'idvtmp_guide' });
    const project = await createProject(packed.tarball, application());
    t.after(() => project.remove());
    await project.build('next', 'build');
    const server = await project.start('next', 'start', '--hostname', '127.0.0.1', '--port', '0');
    t.after(() => server.stop());
    const html = String(await server.read('/'));
    assert.match(html, /Verify your identity/, 'it is rendered on the server');

    const browser = await launch();
    t.after(() => browser.close());
    const context = await browser.newContext({ baseURL: server.url });
    const complaints = [];
    context.on('weberror', (error) => complaints.push(String(error.error())));
    await context.addInitScript((options) => (window.LINKTRAIL_TESTING = options), { scenario: 'happy-path', speed: 20, linkSessionId });
    const standIn = join(packed.installed, 'dist', 'testing', 'link-initialize.js');
    await context.route('https://cdn.plaid.com/link/v2/stable/link-initialize.js', (route) => route.fulfill({ path: standIn }));
    const tab = await context.newPage();
    await tab.goto('/');
    await tab.waitForFunction(() => 'Plaid' in window, undefined, { timeout: patienceMs });
    await tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
    await tab.getByText('ACCEPT_TOS: passed').waitFor({ timeout: patienceMs });
    await tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
    await until(() => assert.match(server.printed(), new RegExp(`${linkSessionId} success`)));
    assert.deepEqual(complaints, []);
    assert.doesNotMatch(server.printed(), /error|not defined/i);
  });
}
