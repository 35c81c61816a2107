// Makes docs/timeline.png: the timeline in Chromium, with a recording that the package itself has made.
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { chromium } from 'playwright-core';
import { recordedSession } from '../tests/timeline/session.mjs';
import { build } from './build.mjs';
import { at } from './repository.mjs';
import { main } from './run_command.mjs';
import { setup } from './setup.mjs';

const size = { width: 1120, height: 700 };

async function script() {
  const options = { entryPoints: [at('dist', 'timeline', 'index.mjs')], bundle: true, format: 'iife', globalName: 'timeline', write: false };
  return (await bundle(options)).outputFiles[0].text;
}

export async function takePicture(path) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const tab = await browser.newPage({ viewport: size, deviceScaleFactor: 2, colorScheme: 'light', reducedMotion: 'reduce' });
    await tab.setContent('<!doctype html><body style="margin: 16px"><linktrail-timeline></linktrail-timeline>');
    await tab.addScriptTag({ content: await script() });
    await tab.evaluate((recording) => {
      globalThis.timeline.defineLinkTrailTimeline();
      document.querySelector('linktrail-timeline').recording = recording;
    }, await recordedSession());
    const attempt = tab.locator('linktrail-timeline').getByRole('button', { name: /answered 503, Retry-After/ });
    await attempt.focus();
    await tab.locator('body').screenshot({ path, animations: 'disabled' });
  } finally {
    await browser.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await setup('build');
    await build();
    await takePicture(at('docs', 'timeline.png'));
    console.log('docs/timeline.png is made.');
    return 0;
  });
}
