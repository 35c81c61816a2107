// A person with a Chromium of their own at the customer's site; how they look at it is up to the test.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { launch } from '../bundlers/site.mjs';
import { packAndInstall } from '../packaging/packed.mjs';
import { openSite } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** For a test file: everything is there before its first test and gone after its last. `files` is asked for once it is packed. */
export function visitors(files = () => ({})) {
  let packed;
  let site;
  let browser;
  before(async () => {
    packed = await packAndInstall();
    site = await openSite(packed, files());
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    packed?.remove();
  });

  /** Opens a page; axe is there to be asked. What the policy forbids is tested elsewhere. */
  return async function arrive(t, { path = '/en', ...look } = {}) {
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...look });
    t.after(() => context.close());
    await context.addInitScript(axe);
    const page = await context.newPage();
    await page.goto(`${site.url}${path}`);
    await page.waitForFunction(() => document.title === 'ready');
    return page;
  };
}
