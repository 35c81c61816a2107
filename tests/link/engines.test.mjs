// linktrail/link from the packed tarball in Firefox and WebKit. Plaid's host cannot be stood in for there, so the stand-in for Link is
// on the page already, or, for the page that has none, the policy keeps Plaid's script out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { openSite } from '../bundlers/site.mjs';
import { until } from '../laboratory/engines/protocol.mjs';
import { engines } from '../laboratory/laboratory.mjs';
import { packAndInstall } from '../packaging/packed.mjs';

const patienceMs = 60_000;
const policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";

let packed;
let site;
let tokens = 0;
before(async () => {
  packed = await packAndInstall();
  const contents = readFileSync(new URL('page.mjs', import.meta.url), 'utf8');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: packed.folder, sourcefile: 'page.mjs' },
    bundle: true,
    format: 'esm',
    splitting: true,
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map((file) => [file.path, Buffer.from(file.contents)]));
  files.set('/link-initialize.js', readFileSync(join(packed.installed, 'dist', 'testing', 'link-initialize.js')));
  const read = async (path) => {
    if (path === '/token') return Buffer.from(`link-sandbox-${(tokens += 1)}`);
    if (!path.startsWith('/?')) return files.get(path) ?? null;
    const testing = new URLSearchParams(path.slice(1)).get('testing');
    const link = testing === null ? '' : `<script>window.LINKTRAIL_TESTING = ${testing}</script><script src="/link-initialize.js"></script>`;
    return Buffer.from(`<!doctype html><title>shop</title>${link}<button>Verify</button><script type="module" src="/stdin.js"></script>`);
  };
  site = await openSite(read, { page: policy, worker: '' });
});
after(async () => {
  await site?.close();
  packed?.remove();
});

for (const name of ['firefox', 'webkit']) {
  describe(`in ${name}`, () => {
    let engine;
    let profile;
    before(async () => {
      profile = mkdtempSync(join(tmpdir(), 'linktrail-link-'));
      engine = await engines[name]({ profile });
    });
    after(async () => {
      await engine?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    });

    async function arrive(t, testing) {
      const query = new URLSearchParams(testing === undefined ? {} : { testing: JSON.stringify(testing) });
      const tab = await engine.open(`${site.url}/?${query}`);
      t.after(() => tab.close());
      const isReady = () => tab.evaluate('window.link !== undefined').catch(() => false);
      await until('the page is ready', isReady, patienceMs);
      return {
        tab,
        open: () => tab.evaluate('void open()'),
        until: (condition) => until(condition, () => tab.evaluate(condition), patienceMs),
        results: async (count) => {
          await until(`${count} results`, async () => (await tab.evaluate('results.length')) === count, patienceMs);
          return tab.evaluate('JSON.parse(JSON.stringify(results))');
        },
        async reload() {
          await tab.evaluate('void (window.link = undefined, location.reload())');
          await until('the page is ready again', isReady, patienceMs);
        },
        async playTo(last) {
          await until('Link is open', () => tab.evaluate('Plaid.handlers.some(({ isOpen }) => isOpen)'), patienceMs);
          const isIt = `(call) => call === null || call.callback === '${last}' || call.args[0] === '${last}'`;
          await tab.evaluate(`(async () => { while (!(${isIt})(await Plaid.next())); })()`);
        },
      };
    }

    it('the last screen of a success stays until the person closes it', async (t) => {
      const page = await arrive(t, { clock: 'manual' });
      await page.open();
      await page.playTo('onSuccess');
      assert.equal(await page.tab.evaluate('link.state'), 'finished');
      assert.equal(await page.tab.evaluate('Plaid.handlers[0].isDestroyed'), false);
      await page.playTo('IDENTITY_VERIFICATION_CLOSE_UI');
      const [{ kind, outcome, advice }] = await page.results(1);
      assert.deepEqual({ kind, outcome, advice }, { kind: 'completed', outcome: 'passed', advice: 'none' });
      await page.until('Plaid.handlers[0].isDestroyed');
      assert.deepEqual(await page.tab.evaluate('states'), ['idle', 'preparing', 'open', 'finished', 'closing', 'idle']);
      assert.deepEqual(await page.tab.evaluate('errors'), []);
    });

    it('after an exit the session goes on with another token and handler', async (t) => {
      const page = await arrive(t, { scenario: 'resume-after-exit', speed: 200 });
      await page.open();
      const [left] = await page.results(1);
      assert.deepEqual([left.kind, left.advice], ['exited', 'continue']);
      await page.open();
      const [, completed] = await page.results(2);
      assert.deepEqual([completed.kind, completed.linkSessionId], ['completed', left.linkSessionId]);
      assert.equal(await page.tab.evaluate('new Set(Plaid.handlers.map(({ config }) => config.token)).size'), 2);
    });

    it('for a token that Link refuses it fetches another and goes on', async (t) => {
      const page = await arrive(t, { scenario: ['exit-invalid-link-token-at-start', 'happy-path'], speed: 100 });
      await page.open();
      assert.equal((await page.results(1))[0].kind, 'completed');
      assert.equal(await page.tab.evaluate('Plaid.handlers.length'), 2);
    });

    it('after a reload in the middle the page learns what was under way, and resumes it', async (t) => {
      const page = await arrive(t, { clock: 'manual' });
      await page.open();
      await page.playTo('IDENTITY_VERIFICATION_START_STEP');
      const id = await page.tab.evaluate('trail.progress.linkSessionId');
      await page.reload();
      await page.until('link.interrupted !== null');
      assert.equal(await page.tab.evaluate('link.interrupted.linkSessionId'), id);
      await page.open();
      await page.playTo('IDENTITY_VERIFICATION_CLOSE_UI');
      assert.deepEqual((await page.results(1)).map(({ kind, linkSessionId }) => [kind, linkSessionId]), [['completed', id]]);
      assert.equal(await page.tab.evaluate('link.interrupted'), null);
    });

    it("a policy that keeps Plaid's script out is a failure that says so", async (t) => {
      const page = await arrive(t);
      await page.open();
      const [{ kind, failure, advice }] = await page.results(1);
      assert.deepEqual({ kind, failure, advice }, { kind: 'failed', failure: 'script', advice: 'retry_later' });
    });
  });
}
