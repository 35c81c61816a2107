// docs/driver.md: its examples are run as they stand in Chromium, and its figures are the source's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { build } from 'esbuild';
import { launch, openSite } from '../bundlers/site.mjs';
import { packAndInstall, root } from '../packaging/packed.mjs';

const text = readFileSync(join(root, 'docs', 'driver.md'), 'utf8');
const example = (name) => new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\\n\`\`\``).exec(text)[1];
const linkScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' https://cdn.plaid.com";
const patienceMs = 30_000;

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

/** A page whose backend makes tokens and takes reports; Link plays the scenario. */
async function arrive(t, html, files, scenario) {
  const read = async (path) => {
    if (path === '/') return Buffer.from(html);
    if (path === '/api/link-token') return Buffer.from(JSON.stringify({ link_token: 'link-sandbox-1' }));
    if (path === '/api/idv') return Buffer.from('{}');
    return files(path);
  };
  const site = await openSite(read, { page: policy, worker: '' });
  t.after(() => site.close());
  const context = await browser.newContext();
  t.after(() => context.close());
  await context.addInitScript((options) => (window.LINKTRAIL_TESTING = options), { scenario, speed: 100 });
  await context.route(linkScript, (route) => route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }));
  const tab = await context.newPage();
  await tab.goto(`${site.url}/`);
  return tab;
}

it('the example in plain HTML does what it says', async (t) => {
  const files = (path) => (path.startsWith('/linktrail/') ? readFileSync(join(packed.installed, 'dist', path.slice('/linktrail/'.length))) : null);
  const tab = await arrive(t, example('page.html'), (path) => (/\.mjs$/.test(path) ? files(path) : null), ['exit-midway', 'happy-path']);
  await tab.getByRole('button').click();
  await tab.getByText('Not finished: continue').waitFor({ timeout: patienceMs });
  await tab.getByRole('button').click();
  await tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
});

it('the example as a module does what it says', async (t) => {
  const page = `
    import { createVerification } from './verification.js';
    const show = (words) => (document.querySelector('p').textContent += words + '|');
    const fetchLinkToken = async () => (tokens++ === 0 ? null : 'link-sandbox-1');
    let tokens = 0;
    const { verify } = createVerification({ user: { id: 'ana' }, fetchLinkToken, show });
    document.querySelector('button').onclick = verify;`;
  const { outputFiles } = await build({
    stdin: { contents: page, resolveDir: packed.folder, sourcefile: 'page.mjs' },
    bundle: true,
    format: 'esm',
    splitting: true,
    outdir: '/',
    write: false,
    logLevel: 'silent',
    plugins: [{
      name: 'example',
      setup(esbuild) {
        esbuild.onResolve({ filter: /verification\.js$/ }, ({ path }) => ({ path, namespace: 'example' }));
        esbuild.onLoad({ filter: /.*/, namespace: 'example' }, () => ({ contents: example('verification.js'), resolveDir: packed.folder }));
      },
    }],
  });
  const scripts = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  const html = '<!doctype html><title>shop</title><button>Verify</button><p></p><script type="module" src="/stdin.js"></script>';
  const tab = await arrive(t, html, (path) => scripts.get(path) ?? null, 'happy-path');
  await tab.getByRole('button').click();
  await tab.getByText('That did not work (token). Please try again.').waitFor({ timeout: patienceMs });
  await tab.getByRole('button').click();
  await tab.getByText('You are done here.|Thank you. We tell you as soon as you are verified.').waitFor({ timeout: patienceMs });
});

it("the document's figures are the source's", () => {
  const limits = readFileSync(join(root, 'wasm', 'core', 'limits.hpp'), 'utf8');
  const figures = [
    [/link_script_timeout_ms = 10'000;/, /One attempt has 10 seconds/],
    [/link_script_attempts_max = 4;/, /there are 4 of them/],
    [/link_script_pause_ms = 500;/, /pauses of up to 0\.5, 1 and 2 seconds/],
    [/link_token_timeout_ms = 20'000;/, /`fetchLinkToken` has 20 seconds/],
    [/link_renewals_max = 2;/, /at most 2 times per visit/],
    [/link_burst_ms = 250;/, /0\.25 seconds after Link's last word/],
    [/link_silence_ms = 10'000;/, /neither comes within 10 seconds/],
    [/link_exit_ms = 3'000;/, /after 3 seconds the handler is destroyed/],
    [/link_last_screen_ms = 120'000;/, /within 2 minutes that the last screen was closed/],
    [/record_age_ms_max = 7LL \* 24 \* 3'600'000;/, /after seven days/],
  ];
  for (const [source, words] of figures) {
    assert.match(limits, source);
    assert.match(text, words);
  }
});

it('every kind, failure and state of the types is in the document', () => {
  const types = readFileSync(join(packed.installed, 'dist', 'link', 'index.d.mts'), 'utf8');
  const words = (declaration) => [...declaration.exec(types)[1].matchAll(/'(\w+)'/g)].map(([, word]) => word);
  const failures = words(/readonly failure: ([^;]+);/);
  const states = words(/type LinkState = ([^;]+);/);
  const kinds = [...types.matchAll(/readonly kind: '(\w+)';/g)].map(([, kind]) => kind);
  assert.deepEqual([kinds.length, failures.length, states.length], [4, 4, 5]);
  for (const failure of failures) assert.ok(text.includes(`\`failed\`, \`failure: '${failure}'\``), failure);
  for (const kind of kinds) assert.ok(text.includes(`| \`${kind}\``), kind);
  for (const state of states) assert.ok(text.includes(state), state);
});
