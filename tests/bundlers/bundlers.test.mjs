// The packed tarball in the hands of the tools that build pages, none of them configured, and in Chromium what they built.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { packAndInstall } from '../packaging/packed.mjs';
import { createProject } from './project.mjs';
import { launch, openSite, policyOf, visit } from './site.mjs';
import { tools } from './tools.mjs';

const versions = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).dependencies;
const chosen = process.env.LINKTRAIL_BUNDLERS?.split(',');

/** What only this part of linktrail says, in whatever words a minifier has left of it. */
const signs = {
  shim: (text) => text.includes('receipt_requested'),
  core: (text) => text.includes('Idempotency-Key') && text.includes('WebAssembly.instantiate'),
  fallback: (text) => text.includes('Idempotency-Key') && text.includes('Math.clz32'),
};

/** The parts in each script that holds any, in the order in which the scripts were asked for. */
const partsOf = (scripts) =>
  [...scripts.values()]
    .map((text) => Object.keys(signs).filter((part) => signs[part](text)).join(' '))
    .filter((parts) => parts !== '');

/** The one report of a session of which nothing is known but its end. */
const reportOf = (linkSessionId) => ({ method: 'POST', key: `${linkSessionId}:completed:unknown`, linkSessionId, sameKey: true });
const brief = ({ method, key, body }) => ({ method, key, linkSessionId: body.link_session_id, sameKey: body.idempotency_key === key });

describe('without configuration', () => {
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

  for (const { name, how = '', parts, page = {}, worker, rendersOnServer = false, make } of tools) {
    if (chosen !== undefined && !chosen.includes(name)) continue;

    describe(`${name} ${versions[name]}${how}`, () => {
      let project;
      let built;
      before(async () => {
        project = await createProject(packed.tarball);
        built = await make(project);
      });
      after(async () => {
        await built?.stop();
        project?.remove();
      });

      /** Opens what was built at a fresh origin, and holds it to exactly one report. */
      async function play(t, path, policies) {
        const site = await openSite(built.read, policies);
        t.after(() => site.close());
        const linkSessionId = `idv_${name}`;
        const shown = await visit(browser, site, `${path}session=${linkSessionId}`);
        assert.deepEqual(site.reports.map(brief), [reportOf(linkSessionId)]);
        return { ...shown, parts: partsOf(site.scripts) };
      }

      it('delivers one report with the core as WebAssembly, loaded when it is needed', async (t) => {
        const seen = await play(t, '/?', { page: policyOf(page) });
        assert.deepEqual(seen, { engine: 'wasm', state: 'delivered', complaints: [], parts: parts.wasm });
      });

      it('delivers one report with the fallback where the policy forbids WebAssembly', async (t) => {
        const seen = await play(t, '/?', { page: policyOf({ ...page, wasm: false }) });
        assert.deepEqual(seen, { engine: 'js', state: 'delivered', complaints: ['violation: script-src wasm-eval'], parts: parts.js });
      });

      if (worker !== undefined) {
        it('delivers one report from a worker', async (t) => {
          // The page's own `new Worker` takes a bare string, so that only what runs in the worker is held to trusted types.
          const policies = { page: policyOf({ ...page, trustedTypes: false }), worker: policyOf(worker) };
          const { engine, state, complaints } = await play(t, '/?worker&', policies);
          assert.deepEqual({ engine, state, complaints }, { engine: 'wasm', state: 'delivered', complaints: [] });
        });
      }

      if (rendersOnServer) {
        it('renders the page that uses it on the server', async () => {
          const html = String(await built.read('/?session=idv_rendered'));
          assert.ok(html.includes('<p>idv_rendered</p><output></output>'), html);
          assert.doesNotMatch(built.printed(), /error|not defined/i);
        });
      }
    });
  }
});
