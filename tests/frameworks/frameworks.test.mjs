// linktrail/react and linktrail/vue from the packed tarball, with the newest and the oldest version of each framework: in a real Chromium
// under the README's policy, for a compiler, and on a server.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { launch, openSite, policyOf } from '../bundlers/site.mjs';
import { execIn, packAndInstall, root } from '../packaging/packed.mjs';

const patienceMs = 20_000;
const linkScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';

/** Where the frameworks are installed: those of this repository, and those of tests/frameworks/oldest. */
const releases = { newest: join(root, 'node_modules'), oldest: join(root, 'build', 'oldest-frameworks', 'node_modules') };
const combinations = Object.keys(releases).flatMap((release) => ['react', 'vue'].map((framework) => [release, framework]));
const versionOf = (release, name) => JSON.parse(readFileSync(join(releases[release], name, 'package.json'), 'utf8')).version;

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

/** Puts a release of the frameworks beside the installed tarball, in the place of the one that was there. */
function useRelease(release) {
  for (const name of ['@types/react', 'react', 'react-dom', 'react-plaid-link', 'vue']) {
    const link = join(packed.folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(releases[release], name), link);
  }
}

/** A customer's source as their bundler leaves it: the installed tarball, and the frameworks of a release. */
async function bundle(contents, release, options = {}) {
  useRelease(release);
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: packed.folder, sourcefile: 'page.mjs' },
    bundle: true,
    format: 'esm',
    write: false,
    define: { 'process.env.NODE_ENV': '"development"', ...vueFlags },
    logLevel: 'silent',
    ...options,
  });
  return outputFiles;
}

const vueFlags = { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' };

async function siteOf(page, release) {
  const options = { splitting: true, outdir: '/', jsx: 'automatic', plugins: [vueFiles(release)] };
  const files = new Map((await bundle(page, release, options)).map(({ path, contents }) => [path, Buffer.from(contents)]));
  files.set('/', Buffer.from(`<!doctype html><title>shop</title><script type="module" src="/stdin.js"></script><body>`));
  return async (path) => files.get(path) ?? null;
}

/** The examples of the document, each as the entry of a page. */
const examples = {
  react: `
    import { createElement as h } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Verification } from './Verification.jsx';
    document.cookie = 'login=ana';
    createRoot(document.body.appendChild(document.createElement('div'))).render(h(Verification, { user: { id: 'ana' }, linkToken: 'link-sandbox-1' }));`,
  vue: `
    import { createApp } from 'vue';
    import Verification from './Verification.vue';
    const script = document.head.appendChild(document.createElement('script'));
    script.src = '${linkScript}';
    document.cookie = 'login=ana';
    script.onload = () => createApp(Verification, { user: { id: 'ana' }, linkToken: 'link-sandbox-1' }).mount(document.body);`,
};

/** The same with the driver; the page's function is one and the same, as it has to be. */
const driven = {
  react: `
    import { StrictMode, createElement as h } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Driven } from './Driven.jsx';
    document.cookie = 'login=ana';
    const fetchLinkToken = async () => 'link-sandbox-1';
    createRoot(document.body.appendChild(document.createElement('div'))).render(h(StrictMode, null, h(Driven, { user: { id: 'ana' }, fetchLinkToken })));`,
  vue: `
    import { createApp } from 'vue';
    import Driven from './Driven.vue';
    document.cookie = 'login=ana';
    createApp(Driven, { user: { id: 'ana' }, fetchLinkToken: async () => 'link-sandbox-1' }).mount(document.body);`,
};

function writeExamples() {
  const document = readFileSync(join(root, 'docs', 'frameworks.md'), 'utf8');
  const found = [...document.matchAll(/<!-- example: (\S+) -->\n```\w+\n([^]*?)\n```/g)];
  assert.equal(found.length, 6);
  for (const [, name, code] of found) writeFileSync(join(packed.folder, name), code.replace('/api/idv', '/idv'));
}

/** What Vue's plugins for build tools do with a component's file. */
const vueFiles = (release) => ({
  name: 'vue-files',
  setup(build) {
    const { compileScript, parse } = createRequire(join(releases[release], 'page.cjs'))('vue/compiler-sfc');
    build.onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path });
      const { content } = compileScript(descriptor, { id: 'page', inlineTemplate: true });
      return { contents: content, loader: 'js', resolveDir: packed.folder };
    });
  },
});

/** A person at the page; Link is the stand-in of linktrail/testing. */
async function arrive(t, page, release, speed = 50, scenario = 'happy-path') {
  /** What it answers to somebody who is signed in, and with whose cookie each report came. */
  const backend = { status: 204, logins: [] };
  const script = `${policyOf({ trustedTypes: false })} https://cdn.plaid.com`.replace("default-src 'self'", "default-src 'self'; style-src 'unsafe-inline'");
  const site = await openSite(await siteOf(page, release), { page: script, worker: '' }, (request) => {
    backend.logins.push(request.headers.cookie);
    if (request.headers.cookie === undefined) return 401;
    // A request that is on its way when a page changes its cookies may get the new ones: none must be.
    return backend.status === 503 ? { status: 503, retryAfter: 3 } : backend.status;
  });
  t.after(() => site.close());
  const context = await browser.newContext();
  t.after(() => context.close());
  const complaints = [];
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
  const tab = await context.newPage();
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !bound.test(message.text())) complaints.push(message.text());
  });
  await context.route(linkScript, (route) => route.fulfill({ path: join(packed.installed, 'dist', 'testing', 'link-initialize.js') }));
  await context.addInitScript((options) => (window.LINKTRAIL_TESTING = options), { scenario, speed });
  await tab.goto(`${site.url}/`);
  const shown = async () => JSON.parse(await tab.locator('output').textContent({ timeout: patienceMs }));
  return {
    ...site,
    backend,
    tab,
    complaints,
    verify: () => tab.getByRole('button', { name: 'Verify' }).click({ timeout: patienceMs }),
    show: (owner) => tab.evaluate((name) => window.show(name), owner),
    hide: () => tab.evaluate(() => window.hide()),
    shown,
    shows: (expected) => until(async () => assert.deepEqual({ ...(await shown()), ...expected }, await shown())),
  };
}

/** Waits until the check holds; its last failure is told. */
async function until(check) {
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await sleep(50);
    }
  }
}

/** The browser tells of each answer that is an error, and the stand-in that react-plaid-link 5 loads Link twice in StrictMode. */
const bound = /status of (503|401)|Link was embedded more than once/;

const pageOf = (framework) => readFileSync(new URL(`pages/${framework}.mjs`, import.meta.url), 'utf8');
const accepted = (reports) => reports.filter(({ status }) => status === 204);
const completed = (reports) => reports.filter(({ body }) => body.flow === 'completed');

it('the oldest are the oldest that are promised, and the document says with which versions this was tested', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tested = (name) => [versionOf('oldest', name), versionOf('newest', name)];
  assert.deepEqual(peerDependencies, { react: '>=18', vue: '>=3.3' });
  assert.deepEqual([tested('react')[0], tested('vue')[0]], ['18.0.0', '3.3.0']);
  const document = readFileSync(join(root, 'docs', 'frameworks.md'), 'utf8').replace(/\s+/g, ' ');
  const claim = `React from 18, Vue from 3.3; tested with ${tested('react').join(' and ')}, and with ${tested('vue').join(' and ')}.`;
  assert.ok(document.includes(claim), claim);
});

for (const [release, framework] of combinations) {
  describe(`linktrail/${framework} with ${framework} ${versionOf(release, framework)}, the ${release}`, () => {
    it('follows a verification and reports each thing once', async (t) => {
      const page = await arrive(t, pageOf(framework), release);
      await page.shows({ flow: 'idle', delivery: null });
      await page.verify();
      await page.shows({ flow: 'completed', delivery: 'delivered', successes: 1 });
      const keys = page.reports.map(({ key }) => key);
      assert.deepEqual(keys, [...new Set(keys)], 'no report left twice, although everything may be mounted twice');
      const { session } = await page.shown();
      assert.deepEqual([...new Set(page.reports.map(({ body }) => body.link_session_id))], [session]);
      assert.equal(page.reports.at(-1).body.outcome, 'passed');
      assert.deepEqual(page.complaints, []);
      assert.deepEqual(page.violations, []);
    });

    it('goes on delivering after the component has gone', async (t) => {
      const page = await arrive(t, pageOf(framework), release);
      page.backend.status = 503;
      await page.verify();
      await until(() => assert.ok(completed(page.reports).length > 0));
      await page.hide();
      assert.equal(await page.tab.locator('output').count(), 0);
      page.backend.status = 204;
      await until(() => assert.equal(completed(accepted(page.reports)).length, 1));
      assert.deepEqual(page.complaints, []);
    });

    for (const leaves of [false, true]) it(`sends nothing of one person under the login of the next${leaves ? ', the component gone in between' : ''}`, async (t) => {
      const page = await arrive(t, pageOf(framework), release);
      page.backend.status = 503;
      await page.verify();
      await until(() => assert.ok(completed(page.reports).length > 0));
      if (leaves) await page.hide();
      await page.show('bo');
      await page.shows({ flow: 'idle', session: null });
      page.backend.status = 204;
      await sleep(5_000);
      assert.equal(accepted(page.reports).length, 0, 'what is left of ana waits for ana');
      await page.show('ana');
      await until(() => assert.equal(completed(accepted(page.reports)).length, 1));
      assert.ok(!page.backend.logins.includes('login=bo'));
      assert.deepEqual(page.complaints, []);
    });

    it('does what the example of the document says', async (t) => {
      writeExamples();
      const page = await arrive(t, examples[framework], release, 10);
      await page.tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
      await page.tab.getByText('ACCEPT_TOS: passed').waitFor({ timeout: patienceMs });
      await page.tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
      await until(() => assert.equal(completed(accepted(page.reports)).length, 1));
      assert.deepEqual(page.complaints, []);
    });

    it('does what the example with the driver says, where everything may be mounted twice', async (t) => {
      writeExamples();
      const page = await arrive(t, driven[framework], release);
      await page.tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
      await page.tab.getByText('Thank you.').waitFor({ timeout: patienceMs });
      await until(() => assert.equal(completed(accepted(page.reports)).length, 1));
      assert.deepEqual(await page.tab.evaluate(() => window.Plaid.handlers.map(({ openings }) => openings)), [1]);
      assert.deepEqual(page.complaints, []);
    });

    it('tells of an endpoint that cannot be', async (t) => {
      const page = await arrive(t, pageOf(framework), release);
      const [{ text }] = await bundle(failing[framework], release, { format: 'iife' });
      const message = await page.tab.evaluate(`${text}; globalThis.told`);
      assert.match(String(message), /^TypeError: linktrail: .*endpoint/);
    });
  });
}

/** The example with the element; Link's script is on the page. */
const shown = `
  import { createElement as h } from 'react';
  import { createRoot } from 'react-dom/client';
  import { Shown } from './Shown.jsx';
  const script = document.head.appendChild(document.createElement('script'));
  script.src = '${linkScript}';
  document.cookie = 'login=ana';
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  script.onload = () => root.render(h(Shown, { user: { id: 'ana' }, linkToken: 'link-sandbox-1' }));`;

for (const release of Object.keys(releases)) {
  it(`<linktrail-progress> is given its trail by react ${versionOf(release, 'react')} as the document says`, async (t) => {
    writeExamples();
    const page = await arrive(t, shown, release);
    const element = page.tab.locator('linktrail-progress');
    await element.getByText('0 of 4 steps', { exact: true }).waitFor({ timeout: patienceMs });
    await page.tab.getByRole('button', { name: 'Verify your identity' }).click({ timeout: patienceMs });
    await element.getByText('You have finished', { exact: true }).waitFor({ timeout: patienceMs });
    await until(() => assert.equal(completed(accepted(page.reports)).length, 1));
    assert.deepEqual(page.complaints, []);
  });
}

for (const release of Object.keys(releases)) {
  for (const [name, page, end] of [['Verification.vue', examples.vue, 'Thank you.'], ['Shown.jsx', shown, 'You have finished']]) {
    it(`${name} has one handler per visit, also after a double click and an exit (${release})`, async (t) => {
      writeExamples();
      const { tab, complaints } = await arrive(t, page, release, 20, ['exit-midway', 'happy-path']);
      const button = tab.getByRole('button', { name: 'Verify your identity' });
      const handlers = () => tab.evaluate(() => window.Plaid.handlers.map(({ isDestroyed, openings }) => [isDestroyed, openings]));
      await button.dblclick({ timeout: patienceMs });
      await until(async () => assert.deepEqual(await handlers(), [[true, 1]]));
      await button.dblclick();
      await tab.getByText(end).first().waitFor({ timeout: patienceMs });
      assert.deepEqual(await handlers(), [[true, 1], [false, 1]]);
      assert.deepEqual(complaints, []);
    });
  }
}

/** Each sets `told` to what the component's error boundary, or whoever set it up, was told. */
const failing = {
  react: `
    import { Component, createElement as h } from 'react';
    import { flushSync } from 'react-dom';
    import { createRoot } from 'react-dom/client';
    import { useLinkTrail } from 'linktrail/react';
    class Boundary extends Component {
      state = {};
      static getDerivedStateFromError(error) { globalThis.told = String(error); return { told: true }; }
      render() { return this.state.told ? null : this.props.children; }
    }
    const Wrong = () => (useLinkTrail({ endpoint: 'http://elsewhere.example/idv' }), null);
    flushSync(() => createRoot(document.createElement('div'), { onCaughtError() {} }).render(h(Boundary, null, h(Wrong))));`,
  vue: `
    import { effectScope } from 'vue';
    import { useLinkTrail } from 'linktrail/vue';
    try { effectScope().run(() => useLinkTrail({ endpoint: 'http://elsewhere.example/idv' })); } catch (error) { globalThis.told = String(error); }`,
};

describe('for a compiler', () => {
  const source = `
import { usePlaidLink } from 'react-plaid-link';
import { useLinkTrail, type UseLinkTrail } from 'linktrail/react';
import { useLinkTrail as useInVue } from 'linktrail/vue';
import type { LinkTrailOptions, Progress } from 'linktrail';
const options: LinkTrailOptions = { endpoint: '/idv', owner: 'ana' };
export function useVerification(token: string): Progress {
  const trail: UseLinkTrail = useLinkTrail(options);
  usePlaidLink({ token, ...trail.handlers });
  // @ts-expect-error a progress is read, never written
  trail.progress = trail.progress;
  return trail.progress;
}
export const flow = (): string => useInVue(() => options).progress.value.flow;
// @ts-expect-error an endpoint is demanded
useLinkTrail({ owner: 'ana' });
// @ts-expect-error in Vue the handlers are a ref
useInVue(options).handlers.onSuccess();
`;
  const resolutions = [['bundler.ts', 'esnext', 'bundler'], ['node16.mts', 'node16', 'node16']];
  for (const [release, [name, module, resolution]] of Object.keys(releases).flatMap((release) => resolutions.map((way) => [release, way]))) {
    it(`has types beside those of react ${versionOf(release, '@types/react')} and vue ${versionOf(release, 'vue')} (${resolution})`, async () => {
      useRelease(release);
      writeFileSync(join(packed.folder, name), source);
      // The oldest frameworks' own declarations are not what a new compiler takes, nor ours to mend.
      const checks = release === 'oldest' ? ['--skipLibCheck'] : [];
      const options = ['--strict', '--noEmit', ...checks, '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''];
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const run = execIn(packed.folder, process.execPath, tsc, ...options, '--module', module, '--moduleResolution', resolution, name);
      const { stdout } = await run.catch((error) => ({ stdout: error.stdout || String(error) }));
      assert.equal(stdout, '');
    });
  }
});

describe('on a server', () => {
  const programs = {
    react: `
      import { createElement as h } from 'react';
      import { renderToString } from 'react-dom/server';
      import { useLinkTrail } from 'linktrail/react';
      const Page = () => h('p', null, useLinkTrail({ endpoint: '/idv' }).progress.flow);
      console.log(renderToString(h(Page)));`,
    vue: `
      import { createSSRApp, h } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      import { useLinkTrail } from 'linktrail/vue';
      const Page = { setup() { const { progress } = useLinkTrail({ endpoint: '/idv' }); return () => h('p', progress.value.flow); } };
      console.log(await renderToString(createSSRApp(Page)));`,
  };
  for (const [release, framework] of combinations) {
    it(`linktrail/${framework} with ${framework} ${versionOf(release, framework)} renders an idle progress and starts nothing`, async () => {
      const ends = "if (process.getActiveResourcesInfo().some((name) => name === 'Timeout')) console.log('a timer was started');";
      const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
      const [{ text }] = await bundle(`${programs[framework]}\n${ends}`, release, { platform: 'node', banner: { js: require } });
      writeFileSync(join(packed.folder, 'server.mjs'), text);
      const { stdout } = await execIn(packed.folder, process.execPath, 'server.mjs');
      assert.equal(stdout, '<p>idle</p>\n');
    });
  }

  it('is told to Next.js as code of the browser too', () => {
    assert.match(readFileSync(join(packed.installed, 'dist', 'react', 'index.mjs'), 'utf8'), /^"use client";/);
  });
});
