// docs/progress.md says what is so: its examples run as they stand, and its tables name what there is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../packaging/packed.mjs';
import { moments, plan } from './moments.mjs';
import { visitors } from './visitor.mjs';

const document = readFileSync(join(root, 'docs', 'progress.md'), 'utf8');
const examples = Object.fromEntries([...document.matchAll(/<!-- example: (\S+) -->\n```\w+\n([^]*?)\n```/g)].map(([, name, code]) => [name, code]));

/** A bundler's work: where a bare name leads. */
const resolved = (code) => code.replace(/'linktrail(\/\w+)?'/g, (_, entry = '') => `'/dist${entry}/index.mjs'`);
const pageOf = (head, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>ready</title>${head}<body><main>${body}</main>`;
const standIn = '<script src="/dist/testing/link-initialize.js"></script>';

const arrive = visitors(() => ({
  '/verify.html': pageOf(`${standIn}<script type="module" src="/verify.js"></script>`, examples['verify.html']),
  '/verify.js': resolved(examples['verify.js']).replace('/api/idv', '/idv').replace('const trail', 'const trail = window.trail'),
  '/script-tag.html': pageOf(examples['script-tag.html'].replaceAll('"/linktrail/', '"/dist/'), examples['verify.html']),
}));
const shows = (page, text) => page.locator('linktrail-progress').getByText(text, { exact: true }).waitFor();
const run = (page, code) => page.evaluate(`(async () => { ${code} })()`);

describe('the document', () => {
  it('has these examples, and each is tried here', () => {
    assert.deepEqual(Object.keys(examples).sort(), ['labels.js', 'looks.css', 'script-tag.html', 'verdict.js', 'verify.html', 'verify.js']);
  });

  it('is right about a page with a trail, the last word, and words and looks of its own', async (t) => {
    const page = await arrive(t, { path: '/verify.html' });
    await page.addInitScript(() => (window.LINKTRAIL_TESTING = { clock: 'manual' }));
    await page.reload();
    await page.getByRole('button', { name: 'Verify your identity' }).click();
    await page.waitForFunction(() => Plaid.handlers.length === 1);
    await page.evaluate(() => Plaid.advance(45_000));
    await shows(page, 'Step 3 of 4');
    await run(page, examples['labels.js']);
    await shows(page, 'About you');
    await page.evaluate(() => Plaid.finish());
    await shows(page, 'We are checking the result…');
    await page.route('**/api/idv/status', (route) => route.fulfill({ json: { identity_verification_status: 'success' } }));
    await run(page, examples['verdict.js']);
    await shows(page, 'Your identity is verified');
    await page.addStyleTag({ content: examples['looks.css'] });
    const [radius, family] = await page.evaluate(() => {
      const of = (part, name) => getComputedStyle(window.document.querySelector('linktrail-progress').shadowRoot.querySelector(`[part~=${part}]`))[name];
      return [of('base', 'borderRadius'), of('headline', 'fontFamily')];
    });
    assert.deepEqual([radius, family], ['4px', 'Georgia, serif']);
  });

  it('is right about script tags', async (t) => {
    const page = await arrive(t, { path: '/script-tag.html' });
    await shows(page, '0 of 4 steps');
    assert.equal(await page.evaluate(() => typeof LinkTrail.createLinkTrail), 'function');
  });

  it('names every part and every custom property, and none that is not there', async (t) => {
    const page = await arrive(t);
    const [parts, properties] = await page.evaluate(
      async ([all, steps]) => {
        const names = new Set();
        for (const one of Object.values(all)) {
          for (const plan of ['', steps]) {
            await show(one, { steps: plan });
            for (const node of element.shadowRoot.querySelectorAll('[part]')) for (const name of node.part) names.add(name);
          }
        }
        const text = [...element.shadowRoot.adoptedStyleSheets[0].cssRules].map(({ cssText }) => cssText).join('');
        return [[...names], [...new Set(text.match(/--linktrail-[a-z-]+/g))]];
      },
      [moments, plan],
    );
    const looks = document.slice(document.indexOf('## Its looks'), document.indexOf('## For everybody'));
    const words = new Set([...looks.replaceAll(/```[^]*?```/g, '').matchAll(/`([a-z_-]+)`/g)].map(([, word]) => word));
    const statuses = ['active', 'passed', 'failed', 'pending_review', 'ahead', 'started', 'skipped'];
    const named = (part) => words.has(part) || statuses.some((status) => words.has(status) && [`step-${status}`, `segment-${status}`].includes(part));
    assert.deepEqual(parts.filter((part) => !named(part)), []);
    assert.deepEqual(properties.filter((property) => !words.has(property)), []);
    const there = [...parts, ...properties, ...statuses, 'color-scheme'];
    assert.deepEqual([...words].filter((word) => !there.includes(word)), []);
  });
});
