// Makes docs/progress.png: <linktrail-progress> in six moments of sessions that a real trail follows and the stand-in for Link plays.
import { launch } from '../tests/bundlers/site.mjs';
import { openSite } from '../tests/progress/site.mjs';
import { build } from './build.mjs';
import { at } from './repository.mjs';
import { main } from './run_command.mjs';
import { setup } from './setup.mjs';

const plan = 'ACCEPT_TOS VERIFY_SMS KYC_CHECK RISK_CHECK';
/** How long each session is played, in milliseconds; without, to its end. `button` stands between the tags. */
const moments = [
  { scenario: 'happy-path', ms: 45_000, steps: plan },
  { scenario: 'kyc-fail-documentary-pass', ms: 70_000 },
  { scenario: 'exit-midway', steps: plan, button: 'Carry on' },
  { scenario: 'kyc-fail-documentary-pass' },
  { scenario: 'pending-review' },
  { scenario: 'happy-path', verdict: 'success' },
];
const look = `
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
  main { display: grid; grid-template-columns: repeat(3, 400px); width: max-content; }
  div { padding: 14px; }
  div:nth-child(3n + 1) { padding-left: 28px; }
  div:nth-child(3n) { padding-right: 28px; }
  div:nth-child(-n + 3) { color-scheme: light; background: #eef1f5; padding-block: 28px; }
  div:nth-child(n + 4) { color-scheme: dark; background: #0f1218; padding-block: 28px; }
  button { font: inherit; font-weight: 600; padding: 0.5em 1em; border: 0; border-radius: 0.6em; color: #fff; background: #1f4fbf; justify-self: start; }
`;

await main(async () => {
  await setup('test');
  await build();
  const site = await openSite({ installed: at() });
  const browser = await launch();
  try {
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, deviceScaleFactor: 2 });
    const page = await context.newPage();
    await page.goto(`${site.url}/en`);
    await page.waitForFunction(() => document.title === 'ready');
    await page.addStyleTag({ content: look });
    for (const moment of moments) {
      await page.evaluate(async ({ scenario, ms, steps, button, verdict }) => {
        define();
        const trail = createLinkTrail({ endpoint: '/idv', owner: `${Math.random()}` });
        await trail.ready;
        const element = document.createElement('linktrail-progress');
        if (steps !== undefined) element.setAttribute('steps', steps);
        if (button !== undefined) element.append(Object.assign(document.createElement('button'), { textContent: button }));
        element.trail = trail;
        const place = document.createElement('div');
        place.append(element);
        document.querySelector('main').append(place);
        const plaid = createPlaid({ scenario, clock: 'manual' });
        plaid.create({ token: 'link-sandbox-1', ...trail.handlers }).open();
        await (ms === undefined ? plaid.finish() : plaid.advance(ms));
        if (trail.progress.flow === 'completed') await trail.delivered();
        if (verdict !== undefined) element.progress = { ...trail.progress, verdict };
      }, moment);
    }
    await page.locator('main').screenshot({ path: at('docs', 'progress.png'), animations: 'disabled' });
  } finally {
    await browser.close();
    await site.close();
  }
  console.log('docs/progress.png is made.');
  return 0;
});
