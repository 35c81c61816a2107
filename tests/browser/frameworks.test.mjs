// The demo's pages in React and in Vue, in a real Chromium: each is a whole verification, under the policy of the plain one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { contentSecurityPolicy } from '../../build/demo/library.mjs';
import { visit } from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What a person sees of one of the pages, and does there. */
function personAt(page) {
  const { tab } = page;
  return {
    chooses: (title) => tab.getByLabel('How the session goes').selectOption(title),
    /** Presses a button that opens Link so many times, and gives the ids of the sessions. */
    async opensLink(name, times = 1) {
      const ids = [];
      const opened = tab.waitForResponse(async (answer) => {
        if (new URL(answer.url()).pathname !== '/stand-in/link/open') return false;
        ids.push((await answer.json()).linkSessionId);
        return ids.length === times;
      });
      await tab.getByRole('button', { name }).click();
      await opened;
      return ids;
    },
    async reads(...texts) {
      for (const text of texts) await tab.getByText(text, { exact: true }).first().waitFor();
    },
    async findsNothingWithAxe() {
      await tab.evaluate(axe);
      const found = await tab.evaluate(async () => (await window.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
      assert.deepEqual(found, []);
    },
  };
}

/** The backend holds these sessions and no other, each decided by Plaid. */
async function holds(visitor, ...expected) {
  const brief = (sessions) => sessions.map(({ link_session_id: id, flow, outcome, verdict }) => ({ id, flow, outcome, verdict: verdict.status ?? verdict.kind }));
  await visitor.storedOnce((sessions) => JSON.stringify(brief(sessions)) === JSON.stringify(expected));
}
const verified = (id) => ({ id, flow: 'completed', outcome: 'passed', verdict: 'success' });

for (const name of ['React', 'Vue']) {
  const path = name.toLowerCase();
  const arrive = async (visitor) => {
    const page = await visitor.open(undefined, `/${path}`);
    return { page, person: personAt(page) };
  };

  visit(`in ${name} a person who passes is verified`, {}, async (visitor) => {
    const { page, person } = await arrive(visitor);
    assert.equal(page.response.headers()['content-security-policy'], contentSecurityPolicy('stand-in'));
    await person.reads(`A verification in ${name}`, 'Verify your identity', 'None is due', 'Nothing yet');
    await person.findsNothingWithAxe();
    await page.look(`${path}-at-rest`);
    const [id] = await person.opensLink('Verify your identity');
    await page.finish();
    await person.reads('Your identity is verified', 'Delivered', 'Verified');
    await holds(visitor, verified(id));
    await person.findsNothingWithAxe();
    await page.look(`${path}-verified`);
  });

  visit(`in ${name} nobody knows the steps of a template at Plaid`, { demo: { keys: { clientId: 'none', secret: 'none', templateId: 'idvtmp_none' } } }, async (visitor) => {
    const { page, person } = await arrive(visitor);
    await person.reads(`A verification in ${name}`);
    assert.equal((await page.tab.locator('linktrail-progress').getAttribute('steps')) ?? '', '');
  });

  visit(`in ${name} a person who leaves midway comes back to the same session`, {}, async (visitor) => {
    const { page, person } = await arrive(visitor);
    await person.chooses('Leaves midway');
    const [id] = await person.opensLink('Verify your identity');
    await page.goTo('link-leave');
    await page.press('link-leave');
    await person.reads('You left before the end', 'Still active');
    await holds(visitor, { id, flow: 'exited', outcome: 'unknown', verdict: 'active' });
    await page.look(`${path}-left`);
    await person.findsNothingWithAxe();
    assert.deepEqual(await person.opensLink('Continue'), [id]);
    await page.finish();
    await person.reads('Your identity is verified', 'Verified');
    await holds(visitor, verified(id));
  });

  visit(`in ${name} a refused link token is replaced without anybody touching anything`, {}, async (visitor) => {
    const { page, person } = await arrive(visitor);
    await person.chooses('Expired token');
    const [refused, id] = await person.opensLink('Verify your identity', 2);
    await page.finish();
    await person.reads('Your identity is verified', 'Verified');
    await holds(visitor, verified(id), { id: refused, flow: 'exited', outcome: 'unknown', verdict: 'unknown_to_plaid' });
  });

  visit(`in ${name} a page that was reloaded in the middle of Link goes on in the same session`, {}, async (visitor) => {
    const { page, person } = await arrive(visitor);
    const [id] = await person.opensLink('Verify your identity');
    await page.goTo('link-continue', { view: 'KYC_CHECK' });
    await page.tab.reload();
    await person.reads('You were in the middle of it', 'You can carry on where you stopped.');
    await page.look(`${path}-reloaded`);
    assert.deepEqual(await person.opensLink('Continue'), [id]);
    await page.finish();
    await person.reads('Your identity is verified', 'Verified');
    await holds(visitor, verified(id));
  });
}

visit('each page of the demo leads to the others', {}, async (visitor) => {
  const { tab } = await visitor.open();
  for (const [name, title] of [['React', 'A verification in React'], ['Vue', 'A verification in Vue'], ['TypeScript', 'A verification, followed to its end']]) {
    await tab.getByRole('navigation').getByRole('link', { name }).click();
    await tab.getByRole('heading', { name: title, level: 1 }).waitFor();
    assert.equal(await tab.locator('[aria-current=page]').textContent(), name);
  }
});
