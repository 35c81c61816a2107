// <linktrail-progress> from the packed tarball in Chromium, Firefox and WebKit, under a policy that allows neither an inline style
// nor a string as markup. LINKTRAIL_ENGINES=chromium tries only that.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../laboratory/engines/protocol.mjs';
import { engines } from '../laboratory/laboratory.mjs';
import { packAndInstall } from '../packaging/packed.mjs';
import { openSite } from './site.mjs';

const chosen = process.env.LINKTRAIL_ENGINES?.split(',') ?? Object.keys(engines);
const plan = 'ACCEPT_TOS VERIFY_SMS KYC_CHECK RISK_CHECK';

let packed;
let site;
before(async () => {
  packed = await packAndInstall();
  site = await openSite(packed);
});
after(async () => {
  await site?.close();
  packed?.remove();
});

for (const engineName of chosen) {
  describe(engineName, () => {
    const profile = mkdtempSync(join(tmpdir(), 'linktrail-progress-'));
    let engine;
    before(async () => {
      engine = await engines[engineName]({ profile });
    });
    after(async () => {
      await engine?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });

    /** A page of its own; a test that ends has seen no violation but those it names. */
    async function arrive(t, path = '/en', bound = []) {
      const tab = await engine.open(`${site.url}${path}`);
      t.after(async () => {
        const seen = await tab.evaluate('violations');
        await tab.close();
        assert.deepEqual(seen.map((one) => one.replace(/ .*/, '')), bound);
      });
      await until('the page has loaded', () => tab.evaluate("document.title === 'ready'"));
      return (expression) => tab.evaluate(expression);
    }

    it('shows a whole session in plain words, counted where the page names the steps, and says each change once', async (t) => {
      const evaluate = await arrive(t);
      const course = await evaluate(`play('happy-path', { steps: '${plan}' })`);
      const rows = (...statuses) => ['Terms of use', 'Code by text message', 'Personal details', 'Security check'].map((name, index) => {
        return `${statuses[index] === 'In progress' ? '> ' : ''}${name}: ${statuses[index] ?? 'Not started'}`;
      });
      const underway = 'Verifying your identity';
      const step = (count, next, statuses, ...said) => ({
        shown: { headline: underway, detail: next === null ? null : `Next: ${next}`, count, steps: rows(...statuses), more: null },
        said,
      });
      const done = ['Done', 'Done', 'Done', 'Done'];
      assert.deepEqual(course, [
        { shown: { headline: 'Verify your identity', detail: 'Not started yet.', count: '0 of 4 steps', steps: rows(), more: null }, said: [] },
        step('0 of 4 steps', 'Terms of use', [], underway),
        step('Step 1 of 4', 'Code by text message', ['In progress'], 'Terms of use: In progress'),
        step('1 of 4 steps', 'Code by text message', ['Done'], 'Terms of use: Done'),
        step('Step 2 of 4', 'Personal details', ['Done', 'In progress'], 'Code by text message: In progress'),
        step('2 of 4 steps', 'Personal details', ['Done', 'Done'], 'Code by text message: Done'),
        step('Step 3 of 4', 'Security check', ['Done', 'Done', 'In progress'], 'Personal details: In progress'),
        step('3 of 4 steps', 'Security check', ['Done', 'Done', 'Done'], 'Personal details: Done'),
        step('Step 4 of 4', null, ['Done', 'Done', 'Done', 'In progress'], 'Security check: In progress'),
        step('4 of 4 steps', null, done, 'Security check: Done'),
        {
          shown: { headline: 'You have finished', detail: 'We are checking the result…', count: null, steps: rows(...done), more: null },
          said: ['You have finished. We are checking the result…'],
        },
      ]);
    });

    it('shows only what was seen where nobody named the steps, and that a failed step decides nothing', async (t) => {
      const evaluate = await arrive(t);
      const course = await evaluate(`play('kyc-fail-documentary-pass')`);
      const shown = course.map(({ shown }) => shown);
      assert.ok(shown.every(({ count }) => count === null), 'nobody knows of how many');
      assert.deepEqual(shown[0].steps, []);
      const failed = 'Personal details: Not successful (This decides nothing yet: there may be another way.)';
      assert.deepEqual(shown.find(({ steps }) => steps.some((row) => row.startsWith('> Identity document'))), {
        headline: 'Verifying your identity',
        detail: null,
        count: null,
        steps: ['Terms of use: Done', failed, '> Identity document: In progress'],
        more: 'More steps may follow.',
      });
      assert.deepEqual(shown.at(-1).steps.slice(0, 3), ['Terms of use: Done', 'Personal details: Not successful', 'Identity document: Done']);
      assert.deepEqual([shown.at(-1).headline, shown.at(-1).more], ['You have finished', null]);
      const said = course.flatMap(({ said }) => said);
      assert.equal(said.filter((text) => text === 'Personal details: Not successful').length, 1);
    });

    it('says a burst at the end as what it came to', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`(define(), window.element = place(), listen(element), settle())`);
      const moments = [
        { flow: 'in_progress', steps: 'ACCEPT_TOS:active' },
        { flow: 'in_progress', steps: 'ACCEPT_TOS:passed KYC_CHECK:active' },
        { flow: 'completed', outcome: 'pending_review', advice: 'wait', steps: 'ACCEPT_TOS:passed KYC_CHECK:passed SCREENING:pending_review' },
      ];
      for (const one of moments) await evaluate(`element.progress = moment(${JSON.stringify(one)})`);
      assert.deepEqual(await evaluate('settle()'), ['Your verification is in review. You have nothing more to do.']);
      await evaluate('element.progress = { ...element.progress }');
      assert.deepEqual(await evaluate('settle()'), [], 'the same once more is no news');
    });

    it('takes what was set before it was defined', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`(() => {
        window.element = place({ steps: 'KYC_CHECK' });
        element.labels = { steps: { KYC_CHECK: 'About you' } };
        element.progress = moment({ flow: 'in_progress', steps: 'KYC_CHECK:active' });
      })()`);
      assert.equal(await evaluate('element.shadowRoot'), null);
      await evaluate('define()');
      const { count, steps } = await evaluate('settle().then(() => read(element))');
      assert.deepEqual({ count, steps }, { count: 'Step 1 of 1', steps: ['> About you: In progress'] });
      assert.deepEqual(await evaluate('Object.keys(element)'), []);
    });

    it('follows its trail only while it is in the document, and catches up without a word', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`(() => {
        define();
        const listeners = new Set();
        window.trail = {
          progress: moment(),
          subscribe: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
          goTo: (changes) => { trail.progress = moment(changes); for (const listener of listeners) listener(trail.progress); },
          listeners,
        };
        window.element = document.createElement('linktrail-progress');
        element.trail = trail;
      })()`);
      assert.equal(await evaluate('trail.listeners.size'), 0);
      await evaluate(`(document.querySelector('main').append(element), listen(element), settle())`);
      assert.equal(await evaluate('trail.listeners.size'), 1);
      await evaluate(`trail.goTo({ flow: 'in_progress', steps: 'KYC_CHECK:active' })`);
      assert.deepEqual(await evaluate('settle()'), ['Personal details: In progress', 'Verifying your identity']);
      await evaluate('element.remove()');
      assert.equal(await evaluate('trail.listeners.size'), 0);
      await evaluate(`trail.goTo({ flow: 'in_progress', steps: 'KYC_CHECK:passed' })`);
      await evaluate(`document.querySelector('main').append(element)`);
      assert.deepEqual(await evaluate('settle()'), []);
      assert.deepEqual((await evaluate('read(element)')).steps, ['Personal details: Done']);
      await evaluate('element.trail = null');
      assert.equal(await evaluate('trail.listeners.size'), 0);
      assert.equal((await evaluate('settle().then(() => read(element))')).headline, 'Verify your identity');
    });

    it('keeps the rows that stay, so that a reader in the list stays where they are', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`show({ flow: 'in_progress', steps: 'KYC_CHECK:active' })`);
      const kept = await evaluate(`(async () => {
        const row = element.shadowRoot.querySelector('li');
        element.progress = moment({ flow: 'in_progress', steps: 'ACCEPT_TOS:passed KYC_CHECK:passed RISK_CHECK:active' });
        await settle();
        return row === element.shadowRoot.querySelectorAll('li')[1];
      })()`);
      assert.equal(kept, true);
    });

    const looks = `(() => {
      const part = (name) => getComputedStyle(element.shadowRoot.querySelector('[part~=' + name + ']'));
      return [part('base').display, part('list').listStyleType, part('status').color];
    })()`;
    const drawn = ['grid', 'none', 'rgb(31, 79, 191)'];

    for (const [how, query] of [["under style-src 'self'", ''], ['where no sheet can be constructed, if the policy allows styles without text', '?old&hash']]) {
      it(`is drawn ${how}`, async (t) => {
        const evaluate = await arrive(t, `/en${query}`);
        await evaluate(`show({ flow: 'in_progress', steps: 'KYC_CHECK:active' })`);
        // Elsewhere in the document a sheet may begin anew.
        await evaluate(`(element.remove(), document.querySelector('main').append(element))`);
        assert.deepEqual(await evaluate(looks), drawn);
        assert.equal(await evaluate('element.shadowRoot.adoptedStyleSheets.length'), query === '' ? 1 : 0);
      });
    }

    it('is a plain list where no sheet can be constructed and the policy is as strict as that', async (t) => {
      const evaluate = await arrive(t, '/en?old', ['style-src-elem']);
      const { steps } = await evaluate(`show({ flow: 'in_progress', steps: 'KYC_CHECK:active' })`);
      assert.deepEqual(steps, ['> Personal details: In progress']);
      assert.notDeepEqual(await evaluate(looks), drawn);
    });

    it('would be told of a violation', async (t) => {
      const evaluate = await arrive(t, '/en', ['style-src-elem']);
      await evaluate(`(() => { const style = document.createElement('style'); style.textContent = 'p{}'; document.head.append(style); })()`);
      await until('it is reported', () => evaluate('violations.length > 0'));
    });

    it('runs from the right to the left where the page does', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`show({ flow: 'in_progress', steps: 'KYC_CHECK:active' }, { dir: 'rtl' })`);
      const places = await evaluate(`(() => {
        const left = (name) => element.shadowRoot.querySelector('[part=' + name + ']').getBoundingClientRect().left;
        return { mark: left('mark'), name: left('name'), status: left('status') };
      })()`);
      assert.ok(places.mark > places.name && places.name > places.status, JSON.stringify(places));
    });

    it('is defined once, and in a registry that is handed in', async (t) => {
      const evaluate = await arrive(t);
      const defined = await evaluate(`(() => {
        const names = [];
        const registry = { get: () => undefined, define: (name) => names.push(name) };
        progress.defineLinkTrailProgress(registry);
        define();
        define();
        return [...names, typeof customElements.get('linktrail-progress')];
      })()`);
      assert.deepEqual(defined, ['linktrail-progress', 'function']);
    });

    it('refuses what it cannot show', async (t) => {
      const evaluate = await arrive(t);
      const refusals = await evaluate(`(() => {
        define();
        const element = place();
        const refusal = (name, value) => { try { element[name] = value; return null; } catch (error) { return String(error); } };
        return [refusal('trail', 7), refusal('trail', {}), refusal('progress', []), refusal('progress', { flow: 'idle' }), refusal('labels', 'de'), refusal('trail', null)];
      })()`);
      const said = 'TypeError: linktrail: <linktrail-progress> takes as';
      const trail = `${said} \`trail\` what \`createLinkTrail\` gives, or null.`;
      const progress = `${said} \`progress\` that of a trail, or null.`;
      assert.deepEqual(refusals, [trail, trail, progress, progress, `${said} \`labels\` an object, or null.`, null]);
    });

    it('takes undefined, as frameworks set it, for null: before it is defined, and where a property is no longer given', async (t) => {
      const evaluate = await arrive(t);
      const seen = await evaluate(`(async () => {
        window.element = place();
        for (const name of ['labels', 'progress', 'trail']) element[name] = undefined;
        define();
        const seen = [read(element).headline];
        element.labels = { situations: { underway: ['Hello', ''] } };
        element.progress = moment({ flow: 'in_progress' });
        await settle();
        seen.push(read(element).headline);
        for (const name of ['labels', 'progress', 'trail']) element[name] = undefined;
        await settle();
        return [...seen, read(element).headline, element.labels, element.progress, element.trail];
      })()`);
      assert.deepEqual(seen, ['Verify your identity', 'Hello', 'Verify your identity', null, null, null]);
    });

    it('is drawn in another document too, as in a frame or a window that the page has opened, and back in its own', async (t) => {
      const evaluate = await arrive(t);
      await evaluate(`show({ flow: 'in_progress', steps: 'KYC_CHECK:active' })`);
      const seen = await evaluate(`(() => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        // Where there is no window, nobody sees it.
        document.implementation.createHTMLDocument('').body.append(element);
        const places = [frame.contentDocument.body, document.querySelector('main')];
        return places.map((place) => {
          place.append(element);
          const base = element.shadowRoot.querySelector('[part~=base]');
          return [place.ownerDocument.defaultView.getComputedStyle(base).display, read(element).headline];
        });
      })()`);
      assert.deepEqual(seen, [['grid', 'Verifying your identity'], ['grid', 'Verifying your identity']]);
    });
  });
}
