// Makes docs/demo.png: the demo after a person was verified while the backend was down for a moment, with the fold-out for developers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../tests/bundlers/site.mjs';
import { build } from './build.mjs';
import { buildDemo } from './build-demo.mjs';
import { at } from './repository.mjs';
import { main } from './run_command.mjs';
import { setup } from './setup.mjs';

await main(async () => {
  await setup('test');
  await build();
  await buildDemo();
  const { startDemo } = await import('../build/demo/library.mjs');
  const data = mkdtempSync(join(tmpdir(), 'linktrail-demo-picture-'));
  const demo = await startDemo({ data, port: 0, keys: null });
  const browser = await launch();
  try {
    // With motion Link plays by itself, at the pace of a person in a hurry.
    const context = await browser.newContext({ reducedMotion: 'no-preference', colorScheme: 'light', locale: 'en-US', viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1.5 });
    const page = await context.newPage();
    await page.goto(demo.url);
    await page.getByTestId('scenario-outage').click();
    await page.getByTestId('link-finish').click({ timeout: 120_000 });
    await page.locator('#verdict[data-value="success"]').waitFor();
    await page.locator('#developers > summary').click();
    await page.locator('linktrail-timeline').getByText('RISK_CHECK', { exact: true }).first().waitFor();
    await page.mouse.move(0, 0);
    await page.screenshot({ path: at('docs', 'demo.png'), fullPage: true, animations: 'disabled' });
  } finally {
    await browser.close();
    await demo.close();
    rmSync(data, { recursive: true, force: true });
  }
  console.log('docs/demo.png is made.');
  return 0;
});
