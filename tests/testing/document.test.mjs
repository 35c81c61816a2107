// docs/testing.md: its examples are run as they stand, with a runner's few words made up, and its table is that of the scenarios.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, it, mock } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { createPlaid } from 'linktrail/testing';
import { document, tableIn, tableText } from '../../scripts/testing_scenarios.mjs';
import { readScenarios } from '../scenarios/scenario_files.mjs';
import { at } from './support.mjs';

const text = readFileSync(document, 'utf8');
const example = (name) => new RegExp(`<!-- example: ${name} -->\\n\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(text)[1];

// Within the package, so that its own name leads to it.
const folder = at(`build/testing-${process.pid}`);
const put = (name, source) => writeFileSync(`${folder}/${name}`, source);

/** What the examples use of Vitest and Playwright, on node:assert. */
const expecting = (actual) => ({
  toBe: (expected) => assert.equal(actual, expected),
  toEqual: (expected) => assert.deepEqual(actual, expected),
  toHaveLength: (length) => assert.equal(actual.length, length),
  toHaveBeenCalledTimes: (times) => assert.equal(actual.mock.calls.length, times),
  not: { toContain: (item) => assert.ok(!actual.includes(item)) },
});
const tests = [];
const note = (name, body) => tests.push({ name, body });
const fn = (implementation) => {
  const spied = mock.fn(implementation);
  const calls = [];
  return Object.assign((...args) => (calls.push(args), spied(...args)), { mock: { calls } });
};
const stubGlobal = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
const waitFor = async (expectation) => {
  const end = performance.now() + 5_000;
  for (;;) {
    try {
      return expectation();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
};
globalThis.runner = { it: note, test: note, expect: expecting, vi: { fn, stubGlobal, waitFor } };

before(() => {
  mkdirSync(folder, { recursive: true });
  put('runner.mjs', 'export const { it, test, expect, vi } = globalThis.runner;\n');
  put('page.js', example('page.js'));
  for (const name of ['page.test.js', 'live.test.js', 'page.spec.js']) {
    const source = example(name);
    const replaced = source.replace(/from '(?:vitest|@playwright\/test)'/, "from './runner.mjs'");
    assert.notEqual(replaced, source);
    put(name, replaced);
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function only(name) {
  tests.length = 0;
  await import(pathToFileURL(`${folder}/${name}`).href);
  assert.equal(tests.length, 1);
  return tests[0];
}

it('the table of the document is that of the scenarios', () => {
  assert.equal(tableIn(text), tableText(readScenarios()));
});

it('the README counts the scenarios as they are', () => {
  assert.match(readFileSync(at('README.md'), 'utf8'), new RegExp(`\\b${readScenarios().length} courses of events`));
});

it('the document names every fault and every option', () => {
  for (const name of ['drop', 'repeat', 'delay', 'reorder', 'burst', 'strip_ids', 'strip_metadata', 'hang', 'scenario', 'faults', 'clock', 'speed',
    'linkSessionId', 'createThrows', 'onUncaught', 'onWarning']) assert.ok(text.includes(`\`${name}\``), name);
});

for (const name of ['page.test.js', 'live.test.js']) {
  it(`the Vitest example ${name} passes`, async () => {
    const { fetch } = globalThis;
    try {
      await (await only(name)).body();
    } finally {
      stubGlobal('fetch', fetch);
      stubGlobal('Plaid', undefined);
    }
  });
}

it("the examples' page opens Link once more for a refused token, also when the report of that exit is answered only then", async (t) => {
  const { fetch } = globalThis;
  t.after(() => {
    stubGlobal('fetch', fetch);
    stubGlobal('Plaid', undefined);
  });
  const { verify } = await import(pathToFileURL(`${folder}/page.js`).href);
  const plaid = createPlaid({ clock: 'manual', scenario: ['exit-invalid-link-token-at-start', 'happy-path'] });
  let answer;
  const answered = new Promise((resolve) => (answer = () => resolve(new Response(null, { status: 204 }))));
  stubGlobal('Plaid', plaid);
  stubGlobal('fetch', () => answered);
  const verified = verify({ fetchLinkToken: async () => 'link-sandbox-1', endpoint: 'https://shop.example/api/idv' });
  await plaid.finish();
  await waitFor(() => assert.equal(plaid.handlers.length, 2));
  answer();
  await plaid.finish();
  assert.equal((await verified).state, 'delivered');
  assert.equal(plaid.handlers.length, 2);
});

const cdn = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const types = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript' };

/** The customer's site: a page with Plaid's script tag, and the backend that takes reports. */
async function openSite(tag = `<script src="${cdn}"></script>`) {
  const page = `<!doctype html><meta charset="utf-8"><title>verify</title>
<script type="importmap">{ "imports": { "linktrail": "/dist/index.mjs" } }</script>
${tag}
<button>Verify</button>
<script type="module">
  import { verify } from '/page.js';
  document.querySelector('button').onclick = () =>
    verify({ fetchLinkToken: async () => 'link-sandbox-1', endpoint: '/api/idv' }).then(({ state }) => (document.title = state));
</script>`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    const send = (type, body) => response.writeHead(200, { 'Content-Type': type }).end(body);
    if (pathname === '/verify') send(types.html, page);
    else if (pathname === '/page.js') send(types.js, example('page.js'));
    else if (/^\/dist\/[\w.-]+\.mjs$/.test(pathname)) send(types.mjs, readFileSync(at(pathname.slice(1))));
    else if (pathname === '/api/idv') request.resume().on('end', () => response.writeHead(204).end());
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('in Chromium', () => {
  let browser;
  before(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  after(() => browser?.close());

  /** A page of a site of its own, with the address of Plaid's script leading to the stand-in; nothing else leaves the machine. */
  async function openPage(t, tag) {
    const site = await openSite(tag);
    const context = await browser.newContext({ baseURL: site.url });
    t.after(async () => {
      await context.close();
      await site.close();
    });
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => ['warning', 'error'].includes(message.type()) && !message.location().url.endsWith('/favicon.ico') && complaints.push(message.text()));
    return { page, complaints };
  }
  const standIn = async (page) => page.route(cdn, (route) => route.fulfill({ path: at('dist/testing/link-initialize.js') }));

  it('the Playwright example passes', async (t) => {
    const { page, complaints } = await openPage(t);
    const { body } = await only('page.spec.js');
    await body({ page });
    assert.deepEqual(complaints, []);
  });

  it('the drop-in takes its scenario from the script tag, and plays it in real time', async (t) => {
    const { page, complaints } = await openPage(t, `<script src="${cdn}" data-scenario="fail-session" data-speed="Infinity"></script>`);
    await standIn(page);
    await page.goto('/verify');
    await page.getByRole('button').click();
    await page.waitForFunction(() => document.title === 'delivered');
    assert.deepEqual(await page.evaluate(() => Plaid.calls.filter(({ callback }) => callback !== 'onEvent').map(({ result }) => result)), ['returned']);
    assert.ok(await page.evaluate(() => Plaid.calls.some(({ args }) => args[0] === 'IDENTITY_VERIFICATION_FAIL_SESSION')));
    assert.deepEqual(complaints, []);
  });

  it('the drop-in moves by hand, and refuses a scenario that does not exist', async (t) => {
    const { page, complaints } = await openPage(t, `<script src="${cdn}" data-scenario="no-such"></script>`);
    await standIn(page);
    await page.goto('/verify');
    assert.match(complaints.join(), /No scenario is called no-such/);
    await page.addInitScript(() => (window.LINKTRAIL_TESTING = { clock: 'manual' }));
    await page.reload();
    await page.getByRole('button').click();
    await page.waitForFunction(() => Plaid.handlers.length === 1);
    assert.equal(await page.evaluate(() => Plaid.calls.length), 0);
    await page.evaluate(() => Plaid.finish());
    await page.waitForFunction(() => document.title === 'delivered');
    assert.deepEqual(await page.evaluate(() => [Plaid.calls.length, Plaid.handlers[0].isOpen]), [14, false]);
  });

  it('a callback that throws is an uncaught error of the page, and loading twice is warned of', async (t) => {
    const { page, complaints } = await openPage(t, `<script src="${cdn}" data-speed="Infinity"></script>`.repeat(2));
    await standIn(page);
    await page.goto('/verify');
    assert.deepEqual(complaints.splice(0), ['Link was embedded more than once on this page']);
    await page.evaluate(() => {
      const onSuccess = () => {
        throw new Error('the page is at fault');
      };
      Plaid.create({ token: 'x', onSuccess }).open();
    });
    await page.waitForFunction(() => Plaid.handlers[0].openings === 1 && !Plaid.handlers[0].isOpen);
    assert.deepEqual(complaints, ['Error: the page is at fault']);
  });
});
