// linktrail/link from the packed tarball in Chromium, under a strict policy, with linktrail/testing in the place of Plaid's script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { launch, openSite } from '../bundlers/site.mjs';
import { packAndInstall } from '../packaging/packed.mjs';

const patienceMs = 30_000;
const linkScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const nonce = 'bm9uY2U';
// Plaid's host is not named: its script runs by the nonce alone.
const policy = `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types linktrail`;

let packed;
let browser;
let scripts;
before(async () => {
  packed = await packAndInstall();
  browser = await launch();
  const { outputFiles } = await build({
    stdin: { contents: readFileSync(new URL('page.mjs', import.meta.url), 'utf8'), resolveDir: packed.folder, sourcefile: 'page.mjs' },
    bundle: true,
    format: 'esm',
    splitting: true,
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  scripts = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
});
after(async () => {
  await browser?.close();
  packed?.remove();
});

/** Waits until the check holds; its last failure is told. */
async function until(check) {
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await pause(20);
    }
  }
}

/** A person at the page. `isUp` says whether Plaid's host answers. */
async function arrive(t, { testing = { speed: 100 }, head = '', isUp = () => true } = {}) {
  const world = { tokens: 0, scriptRequests: 0 };
  const html = `<!doctype html><title>shop</title>${head}<button>Verify</button><script type="module" nonce="${nonce}" src="/stdin.js"></script>`;
  const read = async (path) => {
    if (path === '/') return Buffer.from(html);
    if (path === '/token') return Buffer.from(`link-sandbox-${(world.tokens += 1)}`);
    return scripts.get(path) ?? null;
  };
  const site = await openSite(read, { page: policy, worker: '' });
  t.after(() => site.close());
  const context = await browser.newContext();
  t.after(() => context.close());
  const complaints = [];
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
  await context.exposeBinding('noteViolation', (_source, violation) => complaints.push(`violation: ${violation}`));
  await context.addInitScript((options) => {
    window.LINKTRAIL_TESTING = options;
    document.addEventListener('securitypolicyviolation', (event) => window.noteViolation(`${event.effectiveDirective} ${event.blockedURI}`));
  }, testing);
  await context.route(/^https:/, (route) => {
    if (route.request().url() !== linkScript) return route.abort();
    world.scriptRequests += 1;
    return isUp(world.scriptRequests) ? route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }) : route.abort();
  });
  const tab = await context.newPage();
  tab.on('console', (message) => message.type() === 'warning' && complaints.push(message.text()));
  await tab.goto(`${site.url}/`);
  const ready = () => tab.waitForFunction(() => window.link !== undefined, undefined, { timeout: patienceMs });
  await ready();
  return Object.assign(world, {
    tab,
    site,
    complaints,
    ready,
    verify: () => tab.getByRole('button').click({ timeout: patienceMs }),
    results: (count) =>
      until(async () => {
        const results = await tab.evaluate(() => JSON.parse(JSON.stringify(window.results)));
        assert.equal(results.length, count);
        return results;
      }),
    state: () => tab.evaluate(() => window.link.state),
    states: () => tab.evaluate(() => window.states),
    handlers: () => tab.evaluate(() => Plaid.handlers.map(({ config, isDestroyed, isOpen }) => ({ token: config.token, isDestroyed, isOpen }))),
    /** Link's next words, by hand, up to and with the one named. */
    async playTo(name) {
      await tab.waitForFunction(() => window.Plaid?.handlers.at(-1)?.isOpen, undefined, { timeout: patienceMs });
      await tab.evaluate(async (last) => {
        for (let call = await Plaid.next(); call !== null && call.callback !== last && call.args[0] !== last; ) call = await Plaid.next();
      }, name);
    },
  });
}

const delivered = (site) => site.reports.map(({ body }) => body).filter(({ flow }) => flow === 'completed');

it('the last screen of a success stays until the person closes it, under a nonce and Trusted Types', async (t) => {
  const page = await arrive(t, { testing: { clock: 'manual' } });
  await page.verify();
  await page.playTo('onSuccess');
  assert.equal(await page.state(), 'finished');
  // Longer than the driver gives a burst of callbacks: the screen is not taken away by that either.
  await pause(1_000);
  assert.deepEqual(await page.handlers(), [{ token: 'link-sandbox-1', isDestroyed: false, isOpen: true }]);
  assert.equal((await page.results(0)).length, 0);
  await page.playTo('IDENTITY_VERIFICATION_CLOSE_UI');
  const [result] = await page.results(1);
  const { kind, flow, outcome, advice, exit, linkSessionId } = result;
  assert.deepEqual({ kind, flow, outcome, advice, exit }, { kind: 'completed', flow: 'completed', outcome: 'passed', advice: 'none', exit: null });
  await until(async () => assert.deepEqual(await page.handlers(), [{ token: 'link-sandbox-1', isDestroyed: true, isOpen: false }]));
  assert.deepEqual(await page.states(), ['idle', 'preparing', 'open', 'finished', 'closing', 'idle']);
  await until(() => assert.deepEqual([...new Set(delivered(page.site).map(({ link_session_id: id }) => id))], [linkSessionId]));
  assert.equal(await page.tab.locator(`script[src="${linkScript}"]`).count(), 1);
  assert.equal(await page.tab.locator('script[integrity]').count(), 0);
  assert.deepEqual(await page.tab.evaluate(() => window.errors), []);
  assert.deepEqual(page.complaints, []);
});

it('after an exit Link is opened again with another token and another handler, and the session goes on', async (t) => {
  const page = await arrive(t, { testing: { scenario: 'resume-after-exit', speed: 200 } });
  await page.verify();
  const [left] = await page.results(1);
  assert.deepEqual([left.kind, left.flow, left.advice, left.outcome], ['exited', 'exited', 'continue', 'unknown']);
  assert.equal(left.exit.errorCode, null);
  await page.verify();
  const [, completed] = await page.results(2);
  assert.deepEqual([completed.kind, completed.linkSessionId], ['completed', left.linkSessionId]);
  const tokens = (await page.handlers()).map(({ token }) => token);
  assert.deepEqual(tokens, ['link-sandbox-1', 'link-sandbox-2']);
  assert.ok((await page.handlers())[0].isDestroyed);
  assert.equal(page.scriptRequests, 1);
  assert.deepEqual(page.complaints, []);
});

it('for a token that Link refuses it fetches another and goes on, and the person notices nothing', async (t) => {
  const page = await arrive(t, { testing: { scenario: ['exit-invalid-link-token-at-start', 'happy-path'], speed: 100 } });
  await page.verify();
  const [result] = await page.results(1);
  assert.equal(result.kind, 'completed');
  assert.deepEqual((await page.handlers()).map(({ token }) => token), ['link-sandbox-1', 'link-sandbox-2']);
  assert.deepEqual(page.complaints, []);
});

it('tokens that Link refuses again and again are not fetched for ever', async (t) => {
  const page = await arrive(t, { testing: { scenario: 'exit-invalid-link-token-at-start', speed: 100 } });
  await page.verify();
  const [result] = await page.results(1);
  assert.deepEqual([result.kind, result.advice, result.exit.errorCode], ['exited', 'new_token', 'INVALID_LINK_TOKEN']);
  assert.equal(page.tokens, 3);
  await until(async () => assert.ok((await page.handlers()).every(({ isDestroyed }) => isDestroyed)));
});

it("Plaid's host that comes back while the person waits", async (t) => {
  const page = await arrive(t, { isUp: (request) => request > 2 });
  await page.verify();
  assert.equal((await page.results(1))[0].kind, 'completed');
  assert.equal(page.scriptRequests, 3);
  assert.equal(await page.tab.locator(`script[src="${linkScript}"]`).count(), 1);
  assert.equal(page.tokens, 1, 'the token was fetched meanwhile, and kept');
});

it("Plaid's host that does not come back ends the visit, and another try starts afresh", async (t) => {
  let isDown = true;
  const page = await arrive(t, { isUp: () => !isDown });
  await page.verify();
  const [failed] = await page.results(1);
  assert.deepEqual([failed.kind, failed.failure, failed.advice, failed.flow], ['failed', 'script', 'retry_later', 'idle']);
  assert.equal(page.scriptRequests, 4);
  isDown = false;
  await page.verify();
  assert.equal((await page.results(2))[1].kind, 'completed');
});

it('two drivers that start at once load the script once, and both open', async (t) => {
  const page = await arrive(t);
  await page.tab.evaluate(() => window.openTwo());
  const results = await page.results(2);
  assert.deepEqual(results.map(({ kind }) => kind), ['completed', 'completed']);
  assert.equal(page.scriptRequests, 1);
  assert.deepEqual(page.complaints, []);
});

it("the page's own tag is used, whether it has run or not", async (t) => {
  const page = await arrive(t, { head: `<script nonce="${nonce}" src="${linkScript}"></script>` });
  await page.verify();
  assert.equal((await page.results(1))[0].kind, 'completed');
  assert.equal(page.scriptRequests, 1);
  assert.deepEqual(page.complaints, []);
});

it("the page's own tag that failed before anybody listened is replaced", async (t) => {
  const page = await arrive(t, { head: `<script nonce="${nonce}" src="${linkScript}"></script>`, isUp: (request) => request > 1 });
  await page.verify();
  assert.equal((await page.results(1))[0].kind, 'completed');
  assert.equal(page.scriptRequests, 2);
});

it('after a reload in the middle the page learns what was under way, and resumes it', async (t) => {
  const page = await arrive(t, { testing: { clock: 'manual' } });
  await page.verify();
  await page.playTo('IDENTITY_VERIFICATION_START_STEP');
  const id = await page.tab.evaluate(() => window.trail.progress.linkSessionId);
  const interrupted = () => page.tab.evaluate(() => window.link.interrupted);
  for (const _reload of [1, 2]) {
    await page.tab.reload();
    await page.ready();
    await until(async () => assert.equal((await interrupted())?.linkSessionId, id));
    assert.match((await interrupted()).openedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  }
  await page.verify();
  await page.playTo('IDENTITY_VERIFICATION_CLOSE_UI');
  assert.equal((await page.results(1))[0].linkSessionId, id);
  assert.equal(await interrupted(), null);
  await page.tab.reload();
  await page.ready();
  const stored = () => page.tab.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith('/')));
  await until(async () => assert.deepEqual(await stored(), []));
  assert.equal(await interrupted(), null);
});

it('what another living tab has under way is not taken for an interruption, and a sign-out forgets it', async (t) => {
  const page = await arrive(t, { testing: { clock: 'manual' } });
  await page.verify();
  await page.playTo('IDENTITY_VERIFICATION_START_STEP');
  const other = await page.tab.context().newPage();
  await other.goto(`${page.site.url}/`);
  await other.waitForFunction(() => window.link !== undefined);
  await other.evaluate(() => window.trail.ready);
  assert.equal(await other.evaluate(() => window.link.interrupted), null);
  await page.tab.close();
  await other.waitForFunction(() => window.link.interrupted !== null, undefined, { timeout: patienceMs });
  await other.evaluate(() => window.trail.forget());
  await other.waitForFunction(() => window.link.interrupted === null, undefined, { timeout: patienceMs });
  assert.deepEqual(await other.evaluate(() => Object.keys(localStorage)), []);
});

it('close() ends a Link that hangs', async (t) => {
  const page = await arrive(t, { testing: { clock: 'manual', faults: [{ kind: 'hang', of: 'IDENTITY_VERIFICATION_START_STEP' }] } });
  await page.verify();
  await page.playTo('IDENTITY_VERIFICATION_CREATE_SESSION');
  await page.tab.evaluate(() => Plaid.finish());
  await page.tab.evaluate(() => window.link.close());
  const [result] = await page.results(1);
  assert.deepEqual([result.kind, result.flow, result.advice], ['closed', 'exited', 'continue']);
  await until(async () => assert.ok((await page.handlers())[0].isDestroyed));
  await until(() => assert.ok(page.site.reports.some(({ body }) => body.flow === 'exited'), 'the backend hears of it'));
});
