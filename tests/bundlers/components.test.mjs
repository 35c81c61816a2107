// The recipes of docs/elements.md, built by their framework's own compiler from the packed tarball, and played in Chromium.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packAndInstall } from '../packaging/packed.mjs';
import { frameworks, linkScript } from './components.mjs';
import { createProject } from './project.mjs';
import { launch, openSite, policyOf } from './site.mjs';

const patienceMs = 30_000;
const versions = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).dependencies;
const chosen = process.env.LINKTRAIL_BUNDLERS?.split(',');

describe('a component with the element', () => {
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

  for (const { name, package: versioned, make } of frameworks) {
    if (chosen !== undefined && !chosen.includes(name)) continue;

    describe(`${name} ${versions[versioned]}`, () => {
      let project;
      before(async () => {
        project = await createProject(packed.tarball);
        await make(project);
      });
      after(() => project?.remove());

      it('follows a verification, shows it and reports it, under the policy of the README, and goes with its component', async (t) => {
        const page = policyOf({}).replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' https://cdn.plaid.com");
        const site = await openSite(project.reader('dist'), { page, worker: '' });
        const context = await browser.newContext();
        t.after(async () => {
          await context.close();
          await site.close();
        });
        const complaints = [];
        context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
        context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
        await context.route(linkScript, (route) => route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }));
        await context.addInitScript(() => (window.LINKTRAIL_TESTING = { scenario: 'happy-path', clock: 'manual' }));
        const tab = await context.newPage();
        await tab.goto(`${site.url}/`);
        const element = tab.locator('linktrail-progress');
        const shows = (text) => element.getByText(text, { exact: true }).waitFor({ timeout: patienceMs });
        await shows('0 of 4 steps');
        await tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
        await tab.waitForFunction(() => Plaid.handlers.length === 1);
        await tab.evaluate(() => Plaid.advance(45_000));
        await shows('Step 3 of 4');
        await tab.evaluate(() => Plaid.finish());
        await shows('You have finished');
        await tab.waitForFunction(async () => (await document.querySelector('linktrail-progress').trail.delivered()).state === 'delivered');
        assert.equal(site.reports.at(-1).body.flow, 'completed');
        await tab.evaluate(() => window.leave());
        await element.waitFor({ state: 'detached', timeout: patienceMs });
        assert.deepEqual(complaints, []);
      });
    });
  }
});
