// Executes the README's example as it stands, with the page around it made up, and holds its figures to the source.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { metadata, openBrowser, until } from './fake_page.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const readme = readFileSync(at('README.md'), 'utf8');
const block = (language, after) => new RegExp(`${after}[\\s\\S]*?\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)[1];

test("the README's example runs as it stands, from Link's first event to the backend", async () => {
  const example = block('js', '<!-- example');
  assert.ok(example.trim().split('\n').length <= 22, 'it stays short');
  const browser = openBrowser({ answer: ({ report }) => new Response(report.flow === 'completed' ? '{"identity_verification_status":"success"}' : null) });
  const calls = [];
  const page = {
    csrf: () => 'csrf-token',
    currentUser: { id: 'user-1' },
    linkToken: 'link-sandbox-1',
    Plaid: { create: (config) => ((page.config = config), { open: () => calls.push('open') }) },
  };
  for (const name of ['showThanks', 'alertSupport']) page[name] = (...args) => calls.push(name, ...args);
  const states = { showSteps: [], showRestart: [], showVerified: [] };
  for (const name of Object.keys(states)) page[name] = (...args) => states[name].push(...args);
  Object.assign(globalThis, page);
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-readme-'));
  try {
    const source = example.replace("from 'linktrail'", `from ${JSON.stringify(pathToFileURL(at('dist/index.mjs')).href)}`);
    writeFileSync(join(folder, 'example.mjs'), `${source}\nexport { trail };\n`);
    const { trail } = await import(pathToFileURL(join(folder, 'example.mjs')).href);
    assert.deepEqual(Object.keys(page.config).sort(), ['onEvent', 'onExit', 'onSuccess', 'token']);
    page.config.onExit({ error_type: 'INVALID_INPUT', error_code: 'INVALID_LINK_TOKEN' }, { link_session_id: 'idv_expired' });
    await until('the offer to begin again', () => states.showRestart.at(-1) === true);
    page.config.onEvent('IDENTITY_VERIFICATION_START_STEP', metadata('idv_readme', { view_name: 'KYC_CHECK' }));
    page.config.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', metadata('idv_readme'));
    page.config.onSuccess('', { link_session_id: 'idv_readme' });
    await until('the delivery', async () => (await trail.delivered('idv_readme')).state === 'delivered');
    await until('the verdict', () => states.showVerified.at(-1) === true);
    assert.deepEqual(calls, ['open', 'showThanks']);
    assert.equal(states.showRestart.at(-1), false, 'what is over is hidden');
    assert.deepEqual(states.showSteps.at(-1).map(({ viewName }) => viewName), ['KYC_CHECK']);
    assert.deepEqual(new Set([...states.showRestart, ...states.showVerified]), new Set([true, false]), 'states, not moments');
    const { headers, report } = browser.requests.at(-1);
    assert.equal(headers['X-CSRF-Token'], 'csrf-token');
    // The body in the README has the shape of the one that was sent.
    const shown = JSON.parse(block('json', 'Your endpoint receives'));
    assert.deepEqual(Object.keys(shown), Object.keys(report));
    assert.deepEqual(Object.keys(shown.steps[0]), Object.keys(report.steps[0]));
    assert.equal(shown.client.version, JSON.parse(readFileSync(at('package.json'), 'utf8')).version);
    trail.dispose();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the README's figures are the source's", () => {
  const limits = readFileSync(at('wasm/core/limits.hpp'), 'utf8');
  assert.match(limits, /record_age_ms_max = 7LL \* 24 \* 3'600'000;/);
  assert.match(readme, /older than seven days/);
  assert.match(limits, /failures_before_expiry = 16;/);
  assert.match(readme, /failed at least 16 times/);
  assert.match(limits, /records_max = 64;/);
  assert.match(readme, /at most 64 wait at once/);
  const backend = readFileSync(at('docs/backend.md'), 'utf8');
  assert.match(limits, /ask_pause_first_ms = 2'000;[^]*ask_pause_ms_max = 30'000;/);
  assert.match(backend, /after 1 to 2 s, then after pauses that double up to 15 to 30 s/);
  assert.match(limits, /asks_max = 20;[^]*asking_ms_max = 600'000;/);
  assert.match(backend, /at most 20 times and for 10 minutes/);
  assert.match(readFileSync(at('web/src/transport.ts'), 'utf8'), /answerLengthMax = 4096;/);
  assert.match(backend, /beyond 4 KiB/);
});

test('every file that the documents link to exists', async () => {
  const { existsSync, readdirSync } = await import('node:fs');
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'NOTICE.md',
    ...readdirSync(at('docs'), { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  for (const document of documents) {
    const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
    for (const [, target] of readFileSync(at(document), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
      assert.ok(existsSync(at(folder + target)), `${document} links to ${target}`);
    }
  }
});
