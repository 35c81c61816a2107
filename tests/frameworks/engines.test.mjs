// The hooks, the composable, the funnel and the recorder from the packed tarball, and Link's stand-in beside them, in Chromium,
// Firefox and WebKit; the other tests of this folder go further, in Chromium.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { openSite } from '../bundlers/site.mjs';
import { until } from '../laboratory/engines/protocol.mjs';
import { engines } from '../laboratory/laboratory.mjs';
import { packAndInstall, root } from '../packaging/packed.mjs';

const patienceMs = 60_000;
const policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";

let packed;
let site;
before(async () => {
  packed = await packAndInstall();
  const contents = readFileSync(new URL('pages/engines.mjs', import.meta.url), 'utf8');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: packed.folder, sourcefile: 'page.mjs' },
    bundle: true,
    format: 'esm',
    splitting: true,
    outdir: '/',
    write: false,
    nodePaths: [join(root, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map((file) => [file.path, Buffer.from(file.contents)]));
  files.set('/link-initialize.js', readFileSync(join(packed.installed, 'dist', 'testing', 'link-initialize.js')));
  const read = async (path) => {
    if (!path.startsWith('/?')) return files.get(path) ?? null;
    const linkSessionId = new URLSearchParams(path.slice(1)).get('session');
    const testing = JSON.stringify({ scenario: 'happy-path', speed: 50, linkSessionId });
    const link = `<script>window.LINKTRAIL_TESTING = ${testing}</script><script src="/link-initialize.js"></script>`;
    return Buffer.from(`<!doctype html><title>shop</title>${link}<body><script type="module" src="/stdin.js"></script>`);
  };
  site = await openSite(read, { page: policy, worker: '' });
});
after(async () => {
  await site?.close();
  packed?.remove();
});

for (const name of ['chromium', 'firefox', 'webkit']) {
  describe(`in ${name}`, () => {
    let engine;
    let profile;
    before(async () => {
      profile = mkdtempSync(join(tmpdir(), 'linktrail-frameworks-'));
      engine = await engines[name]({ profile });
    });
    after(async () => {
      await engine?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    });

    async function follow(t, way) {
      const session = `idv_${name}_${way}`;
      const tab = await engine.open(`${site.url}/?${new URLSearchParams({ way, session })}`);
      t.after(() => tab.close());
      await until('the page is ready', () => tab.evaluate('typeof window.verify === "function"').catch(() => false), patienceMs);
      await tab.evaluate('void verify()');
      await until('it is delivered', () => tab.evaluate('shown()?.flow === "completed" && shown().delivery === "delivered"'), patienceMs);
      assert.equal((await tab.evaluate('shown()')).outcome, 'passed');
      const reports = site.reports.filter(({ body }) => body.link_session_id === session);
      assert.equal(reports.at(-1).body.outcome, 'passed');
      assert.equal(new Set(reports.map(({ key }) => key)).size, reports.length, 'each report leaves once');
      return tab;
    }

    for (const way of ['react', 'vue']) {
      it(`linktrail/${way} follows a verification and delivers it`, async (t) => {
        await follow(t, way);
      });
    }

    it('linktrail/analytics tells each fact once, and linktrail/recorder what led to it, without the owner', async (t) => {
      const tab = await follow(t, 'plain');
      const facts = await tab.evaluate('facts.map(({ id, name }) => ({ id, name }))');
      assert.equal(new Set(facts.map(({ id }) => id)).size, facts.length);
      assert.equal(facts[0].name, 'verification_started');
      assert.ok(facts.some((fact) => fact.name === 'verification_completed'));
      const text = await tab.evaluate('JSON.stringify(recorder.recording())');
      assert.equal(JSON.parse(text).schema, 'linktrail.recording.v1');
      assert.ok(text.includes(`idv_${name}_plain`) && !text.includes('"ana"'));
    });
  });
}
