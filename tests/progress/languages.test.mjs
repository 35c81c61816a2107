// The words of <linktrail-progress>: five languages, each whole, and a page's own in their place.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moments, plan } from './moments.mjs';
import { visitors } from './visitor.mjs';

const arrive = visitors();
const languages = ['en', 'es', 'fr', 'de', 'pt'];

/** Every situation in one language: all that is shown in it. */
const readAll = (page, lang) =>
  page.evaluate(
    async ([all, steps, language]) => {
      document.documentElement.lang = language;
      const seen = {};
      for (const [name, one] of Object.entries(all)) seen[name] = [await show(one, { steps }), await show(one)];
      return seen;
    },
    [moments, plan, lang],
  );

const textsOf = (seen) => Object.values(seen).flat().flatMap(({ headline, detail, count, steps, more }) => [headline, detail, count, more, ...steps]);

describe('a language', () => {
  it('is whole: each says in every situation something of its own, with every blank filled in', async (t) => {
    const page = await arrive(t);
    const english = await readAll(page, 'en');
    for (const lang of languages) {
      const seen = await readAll(page, lang);
      for (const [situation, [planned, unplanned]] of Object.entries(seen)) {
        assert.ok(planned.headline && planned.detail, `${lang} ${situation}`);
        if (situation === 'idle') assert.deepEqual(unplanned.steps, []);
        if (lang !== 'en') assert.notEqual(planned.headline, english[situation][0].headline);
      }
      const texts = textsOf(seen).filter((text) => text !== null);
      assert.deepEqual(texts.filter((text) => /[{}]|undefined|null/.test(text)), []);
      assert.match(seen.underway[0].count, /2.*5/);
      assert.notEqual(seen.left[1].more, null);
      if (lang === 'en') continue;
      const borrowed = texts.filter((text) => textsOf(english).includes(text));
      assert.deepEqual(borrowed, [], `${lang} says nothing in English`);
    }
  });

  it('is that of the closest `lang`, through shadow roots, or else of the document, or else English', async (t) => {
    const page = await arrive(t);
    const headlines = await page.evaluate(async (one) => {
      define();
      const headline = async (place, attributes = {}) => {
        const element = document.createElement('linktrail-progress');
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.progress = moment(one);
        place.append(element);
        await settle();
        return [element.shadowRoot.querySelector('[part=headline]').textContent, element.shadowRoot.querySelector('[part~=base]').lang];
      };
      const within = (lang) => Object.assign(document.body.appendChild(document.createElement('div')), { lang });
      const shadow = within('fr').attachShadow({ mode: 'open' });
      const seen = [await headline(within('de-AT')), await headline(shadow), await headline(within('de'), { lang: 'pt-BR' }), await headline(within('pl'))];
      document.documentElement.lang = 'es';
      seen.push(await headline(document.body));
      document.documentElement.removeAttribute('lang');
      seen.push(await headline(document.body));
      return seen;
    }, moments.checking);
    assert.deepEqual(headlines, [
      ['Sie sind fertig', 'de'],
      ['Vous avez terminé', 'fr'],
      ['Você terminou', 'pt'],
      ['You have finished', 'en'],
      ['Ha terminado', 'es'],
      ['You have finished', 'en'],
    ]);
  });

  it('changes with the attribute', async (t) => {
    const page = await arrive(t);
    await page.evaluate((one) => show(one), moments.checking);
    const headline = await page.evaluate(async () => {
      element.lang = 'de';
      await settle();
      return read(element).headline;
    });
    assert.equal(headline, 'Sie sind fertig');
  });
});

describe('a page', () => {
  it('puts words of its own in place of some, and the rest stays', async (t) => {
    const page = await arrive(t);
    const labels = {
      steps: { VERIFY_SMS: 'Your phone', NEW_STEP: 'Something new' },
      statuses: { passed: 'Great' },
      situations: { underway: ['Nearly there', ''] },
      stepOf: '{n}/{total}',
      next: undefined,
    };
    const seen = await page.evaluate(([one, steps, own]) => show(one, { steps }, own), [moments.underway, 'ACCEPT_TOS VERIFY_SMS NEW_STEP', labels]);
    assert.deepEqual(seen, {
      headline: 'Nearly there',
      detail: 'Next: Something new',
      count: '2/3',
      steps: ['Terms of use: Great', '> Your phone: In progress', 'Something new: Not started'],
      more: null,
    });
    assert.equal(await page.evaluate(() => element.shadowRoot.querySelector('[part~=base]').getAttribute('lang')), null);
  });

  it('sees a name that nobody knows made readable, and none taken for a property of every object', async (t) => {
    const page = await arrive(t);
    const { steps } = await page.evaluate(() => show({ flow: 'in_progress', steps: 'NEW_STEP:passed __proto__:passed constructor:passed' }));
    assert.deepEqual(steps, ['New step: Done', 'Proto: Done', 'Constructor: Done']);
  });
});
