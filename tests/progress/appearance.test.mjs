// What <linktrail-progress> is to people who see it differently, hear it, or use no mouse.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moments, plan } from './moments.mjs';
import { visitors } from './visitor.mjs';

const arrive = visitors();
const languages = ['en', 'es', 'fr', 'de', 'pt'];

/** Every situation on one page, with and without the names of the steps. */
const showAll = (page) =>
  page.evaluate(
    async ([all, steps]) => {
      for (const one of Object.values(all)) {
        await show(one);
        await show(one, { steps });
      }
    },
    [moments, plan],
  );

const looks = {
  'in light': {},
  'in dark': { colorScheme: 'dark' },
  'from the right to the left': { dir: 'rtl' },
};

describe('axe finds nothing', () => {
  for (const [how, { dir = 'ltr', ...look }] of Object.entries(looks)) {
    it(how, async (t) => {
      const page = await arrive(t, look);
      await page.evaluate((direction) => {
        document.documentElement.style.colorScheme = 'light dark';
        document.documentElement.dir = direction;
        // The page's own ground, and a heading as every page has one.
        document.body.style.background = 'Canvas';
        document.querySelector('main').append(Object.assign(document.createElement('h1'), { textContent: 'Your account' }));
      }, dir);
      await showAll(page);
      const { violations, unsure, passed } = await page.evaluate(async () => {
        const found = await axe.run(document, { resultTypes: ['violations', 'incomplete', 'passes'] });
        const brief = (results) => results.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any.map(({ message }) => message)}`));
        return { violations: brief(found.violations), unsure: brief(found.incomplete), passed: found.passes.map(({ id }) => id) };
      });
      assert.deepEqual(violations, []);
      assert.deepEqual(unsure, []);
      for (const rule of ['color-contrast', 'listitem', 'aria-required-children', 'aria-valid-attr-value']) assert.ok(passed.includes(rule), rule);
    });
  }

  it('and would find a contrast that is too low', async (t) => {
    const page = await arrive(t);
    await showAll(page);
    const found = await page.evaluate(async () => {
      for (const element of document.querySelectorAll('linktrail-progress')) element.style.setProperty('--linktrail-muted', '#9aa');
      const { violations } = await axe.run();
      return violations.map(({ id }) => id);
    });
    assert.ok(found.includes('color-contrast'), found.join());
  });
});

describe('for a person', () => {
  it('who hears it, there is a named group with a list, and the step under way is the current one', async (t) => {
    const page = await arrive(t);
    await page.evaluate(([one, steps]) => show(one, { steps }), [moments.underway, plan]);
    const snapshot = await page.locator('linktrail-progress').ariaSnapshot();
    const expected = [
      '- group "Identity verification":',
      '  - paragraph: Verifying your identity',
      '  - paragraph: "Next: Personal details"',
      '  - paragraph: Step 2 of 5',
      '  - list "Steps":',
      '    - listitem: Terms of use Done',
      '    - listitem: Code by text message In progress',
      '    - listitem: Personal details Not started',
      '    - listitem: Identity document Not started',
      '    - listitem: Selfie Not started',
    ];
    assert.deepEqual(snapshot.replace(/\[.*?\] ?/g, '').split('\n').filter((line) => !line.includes('status')), expected);
    assert.equal(await page.locator('li[aria-current=step] [part=name]').textContent(), 'Code by text message');
    assert.equal(await page.locator('[aria-current]').count(), 1);
  });

  it('who uses the keyboard, nothing stands in the way but what the page has put in', async (t) => {
    const page = await arrive(t);
    await page.evaluate(async (one) => {
      await show(one);
      element.append(Object.assign(document.createElement('button'), { textContent: 'Carry on' }));
    }, moments.left);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Carry on');
    assert.equal(await page.locator('linktrail-progress button').isVisible(), true);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  });

  for (const [how, look, rootSize] of [['280 pixels', { viewport: { width: 280, height: 600 } }, '100%'], ['letters of twice the size', { viewport: { width: 400, height: 600 } }, '200%']]) {
    it(`with ${how}, nothing is cut off in any language`, async (t) => {
      const page = await arrive(t, look);
      for (const lang of languages) {
        const wide = await page.evaluate(
          async ([all, steps, language, size]) => {
            document.documentElement.lang = language;
            document.documentElement.style.fontSize = size;
            document.body.style.margin = '0';
            document.querySelector('main').replaceChildren();
            for (const one of Object.values(all)) await show(one, { steps });
            const parts = [...document.querySelectorAll('linktrail-progress')].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[part]:not(svg)')]);
            const cut = parts.filter((part) => part.scrollWidth > part.clientWidth && getComputedStyle(part).display !== 'inline');
            return [document.documentElement.scrollWidth - document.documentElement.clientWidth, cut.map((part) => part.outerHTML)];
          },
          [moments, plan, lang, rootSize],
        );
        assert.deepEqual(wide, [0, []], lang);
      }
    });
  }

  it('who wants less motion, nothing moves; for others the current step does', async (t) => {
    for (const [reducedMotion, animation] of [['reduce', 'none'], ['no-preference', 'pulse']]) {
      const page = await arrive(t, { reducedMotion });
      await page.evaluate((one) => show(one), moments.underway);
      const moving = await page.evaluate(() => [...element.shadowRoot.querySelectorAll('*')].map((node) => getComputedStyle(node).animationName).filter((name) => name !== 'none'));
      assert.deepEqual(moving, animation === 'none' ? [] : [animation]);
    }
  });

  it('with colours of their own, marks and segments are drawn in these', async (t) => {
    const page = await arrive(t, { forcedColors: 'active' });
    await page.evaluate(([one, steps]) => show(one, { steps }), [moments.underway, plan]);
    const drawn = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('p'));
      probe.style.forcedColorAdjust = 'none';
      const system = (name) => ((probe.style.color = name), getComputedStyle(probe).color);
      const [text, ground] = [system('CanvasText'), system('Canvas')];
      const nodes = (selector) => [...element.shadowRoot.querySelectorAll(selector)].map((node) => getComputedStyle(node));
      const name = (colour) => (colour === text ? 'text' : colour === ground ? 'ground' : colour);
      return {
        marks: [...new Set(nodes('svg').map(({ stroke }) => name(stroke)))],
        segments: nodes('i').map(({ backgroundColor }) => name(backgroundColor)),
        edges: [...new Set(nodes('i').map(({ borderTopColor }) => name(borderTopColor)))],
      };
    });
    assert.deepEqual(drawn, { marks: ['text'], segments: ['text', 'text', 'ground', 'ground', 'ground'], edges: ['text'] });
  });
});

describe('a page', () => {
  it('gives it colours, measures and parts of its own, and keeps its own custom properties in the slot', async (t) => {
    const page = await arrive(t);
    await page.evaluate((one) => show(one), moments.underway);
    await page.addStyleTag({
      content: `linktrail-progress { --linktrail-live: rgb(1, 2, 3); --linktrail-radius: 3px; --linktrail-padding: 5px; }
        linktrail-progress::part(headline) { color: rgb(4, 5, 6); } linktrail-progress::part(step-active) { margin-top: 7px; }
        :root { --text: rgb(8, 9, 10); } b { color: var(--text); }`,
    });
    const look = await page.evaluate(() => {
      element.append(document.createElement('b'));
      const of = (selector, name) => getComputedStyle(element.shadowRoot.querySelector(selector))[name];
      return [of('[data-status=active] [part=status]', 'color'), of('[part~=base]', 'borderRadius'), of('[part~=base]', 'paddingTop'), of('[part=headline]', 'color'),
        of('li[data-status=active]', 'marginTop'), getComputedStyle(element.querySelector('b')).color];
    });
    assert.deepEqual(look, ['rgb(1, 2, 3)', '3px', '5px', 'rgb(4, 5, 6)', '7px', 'rgb(8, 9, 10)']);
  });

  it('hides it as any other element', async (t) => {
    const page = await arrive(t);
    await page.evaluate((one) => show(one, { hidden: '' }), moments.underway);
    assert.equal(await page.locator('linktrail-progress').isVisible(), false);
  });
});
