// What the browser tests share: a real Chromium, a visitor with a backend of their own, and what must not happen unseen.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startDemo } from '../../build/demo/library.mjs';

const picturesFolder = process.env.LINKTRAIL_SCREENSHOTS;
const testMsMax = 60_000;
const patienceMs = 20_000;

/** How the page is looked at; the first is how the tests use it. */
const appearances = [
  { name: '1280-light', colorScheme: 'light', width: 1280, height: 900 },
  { name: '1280-dark', colorScheme: 'dark', width: 1280, height: 900 },
  { name: '390-light', colorScheme: 'light', width: 390, height: 844 },
];

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
after(() => browser?.close());

const sizeOf = ({ width, height }) => ({ width, height });

/**
 * A test with a visitor: a browser profile and a backend that nobody else uses. It fails as well for every policy
 * violation, uncaught error and console error that it did not declare, and for every declared one that never came.
 *
 * @param {object} options
 *   `expected`: patterns of what the browser is bound to complain of; `policy`: makes another Content-Security-Policy of
 *   the one that was sent; `demo`: options of the backend; `plays`: whether Link plays by itself and not step by step
 */
export function visit(name, options, body) {
  const { expected = [] } = options;
  test(name, { timeout: testMsMax }, async (t) => {
    const visitor = await arrive(t, options);
    await body(visitor);
    const { complaints } = visitor;
    assert.deepEqual(complaints.filter((one) => !expected.some((pattern) => pattern.test(one))), []);
    for (const pattern of expected) assert.ok(complaints.some((one) => pattern.test(one)), `there was no ${pattern}`);
  });
}

async function arrive(t, { demo: options = {}, policy, plays = false }) {
  const data = mkdtempSync(join(tmpdir(), 'linktrail-browser-test-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  let demo = await startDemo({ data, port: 0, keys: null, ...options });
  const { url, port } = demo;
  t.after(() => demo.close());
  const context = await browser.newContext({
    viewport: sizeOf(appearances[0]),
    colorScheme: 'light',
    reducedMotion: plays ? 'no-preference' : 'reduce',
    locale: 'en-US',
  });
  t.after(() => context.close());
  context.setDefaultTimeout(patienceMs);

  const complaints = [];
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} at ${message.location().url.replace(url, '')}`);
  });
  await context.exposeBinding('noteViolation', (_source, violation) => complaints.push(`violation: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteViolation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  if (policy !== undefined) {
    await context.route(`${url}/`, async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': sent, ...headers } = response.headers();
      await route.fulfill({ response, headers: { ...headers, 'content-security-policy': policy(sent) } });
    });
  }

  return {
    complaints,
    url: `${url}/`,
    /** Opens the page, or another of the demo, in a new tab, which may be made ready before. */
    async open(prepare, path = '/') {
      const tab = await context.newPage();
      await prepare?.(tab);
      const response = await tab.goto(`${url}${path}`);
      return pageOf(tab, response);
    },
    /** What the backend holds, asked as the page asks it and without the page. */
    async stored() {
      const answer = await context.request.get(`${url}/api/verifications`);
      assert.equal(answer.status(), 200);
      return (await answer.json()).verifications;
    },
    /** Waits until the backend holds what `isSo` accepts. */
    async storedOnce(isSo) {
      const giveUp = performance.now() + patienceMs;
      for (;;) {
        const sessions = await this.stored();
        if (isSo(sessions)) return;
        assert.ok(performance.now() < giveUp, `the backend still holds ${JSON.stringify(sessions)}`);
      }
    },
    /** Ends the backend, whatever it is doing. */
    stopBackend: () => demo.close(),
    /** Starts it again, with the same data at the same address. */
    async startBackend() {
      demo = await startDemo({ data, port, keys: null });
    },
  };
}

function pageOf(tab, response) {
  const byTestId = (id) => tab.getByTestId(id);
  const page = {
    tab,
    response,
    byTestId,
    async press(testId) {
      await byTestId(testId).click();
    },
    /** Presses a button that opens Link, and gives the id of the session that Plaid opens. */
    async opensLink(testId) {
      const [id] = await page.opensLinkTimes(1, testId);
      return id;
    },
    /** Presses a button after which Link is opened so many times, and gives the id that each opening gets. */
    async opensLinkTimes(times, testId) {
      const ids = [];
      const opened = tab.waitForResponse(async (answer) => {
        if (new URL(answer.url()).pathname !== '/stand-in/link/open') return false;
        ids.push((await answer.json()).linkSessionId);
        return ids.length === times;
      });
      await byTestId(testId).click();
      await opened;
      return ids;
    },
    /** Goes through Link step by step, up to the screen with this button. */
    async goTo(button, { view } = {}) {
      const place = view === undefined ? '' : `[data-view=${view}] `;
      const there = tab.locator(`${place}[data-testid=${button}]`);
      const onward = tab.locator('[data-testid=link-continue]:enabled:visible');
      for (;;) {
        await there.or(onward).first().waitFor();
        if (await there.isVisible()) return;
        await onward.click();
      }
    },
    async finish() {
      await page.goTo('link-finish');
      await page.press('link-finish');
    },
    /** Waits until the page shows this, and says what is different when it never does. */
    async shows(expected) {
      const names = Object.keys(expected);
      const seen = await tab.evaluate(watch, { names, wanted: JSON.stringify(expected), patienceMs });
      assert.deepEqual(seen, expected);
    },
    /** Nothing is cut off at any width; saves what it looks like, where that was asked for. */
    async look(name, { whole = true } = {}) {
      await tab.mouse.move(0, 0);
      for (const appearance of appearances) {
        await tab.setViewportSize(sizeOf(appearance));
        await tab.emulateMedia({ colorScheme: appearance.colorScheme });
        const tooWide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(tooWide, 0, `${name} is too wide at ${appearance.name}`);
        if (picturesFolder === undefined) continue;
        mkdirSync(picturesFolder, { recursive: true });
        const path = resolve(picturesFolder, `${name}-${appearance.name}.png`);
        await tab.screenshot({ path, fullPage: whole, animations: 'disabled' });
      }
      await tab.setViewportSize(sizeOf(appearances[0]));
      await tab.emulateMedia({ colorScheme: 'light' });
    },
  };
  return page;
}

/**
 * Runs in the page: reads what it shows under these names, again with every change, until it is what is wanted or patience
 * has ended.
 */
function watch({ names, wanted, patienceMs }) {
  const byTestId = (id) => document.querySelector(`[data-testid="${id}"]`);
  const { shadowRoot: person } = document.querySelector('linktrail-progress');
  const part = (name) => person.querySelector(`[part="${name}"]`);
  const told = (name) => (part(name).hidden ? null : part(name).textContent);
  const text = (id) => byTestId(id)?.textContent ?? null;
  const all = (selector, reading) => [...document.querySelectorAll(selector)].map(({ dataset }) => reading(dataset));
  const readings = {
    title: () => document.title,
    mode: () => text('mode'),
    headline: () => told('headline'),
    detail: () => told('detail'),
    count: () => told('count'),
    banner: () => (byTestId('banner').hidden ? null : text('banner')),
    session: () => text('session-id'),
    flow: () => byTestId('flow').dataset.value,
    outcome: () => byTestId('outcome').dataset.value,
    verdict: () => byTestId('verdict').dataset.value,
    steps: () => [...person.querySelectorAll('li')].map((step) => ['name', 'status'].map((name) => step.querySelector(`[part=${name}]`).textContent).join(': ')),
    seen: () => ['flow', 'outcome'].map((id) => byTestId(id).querySelector('strong')?.textContent),
    delivery: () => byTestId('delivery').dataset.value,
    nextAttempt: () => /^in \d+ s$/.test(text('delivery-next') ?? ''),
    lastAnswer: () => text('delivery-status'),
    advice: () => byTestId('next').dataset.advice,
    offers: () => all('[data-testid="next"] button', ({ testid }) => testid),
    stored: () => all('[data-testid="verification"]', ({ id, flow, outcome, verdict }) => ({ id, flow, outcome, verdict })),
  };
  const read = () => Object.fromEntries(names.map((name) => [name, readings[name]()]));
  return new Promise((resolve) => {
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(read());
    };
    const check = () => JSON.stringify(read()) === wanted && end();
    const observer = new MutationObserver(check);
    const timer = setTimeout(end, patienceMs);
    for (const root of [document, person]) observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    check();
  });
}
