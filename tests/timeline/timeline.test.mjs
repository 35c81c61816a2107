// `<linktrail-timeline>` from the packed tarball, in three engines, under a strict policy.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { openSite } from '../bundlers/site.mjs';
import { engines } from '../laboratory/laboratory.mjs';
import { until } from '../laboratory/engines/protocol.mjs';
import { execIn, packAndInstall, root } from '../packaging/packed.mjs';
import { recordedSession } from './session.mjs';

const patienceMs = 20_000;
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'";
const document = readFileSync(join(root, 'docs', 'recorder.md'), 'utf8');
const example = (name) => new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``).exec(document)[1];

let packed;
let site;
let recording;

/** What the tests do in the page, beside the example of the document. */
const tools = `
  import './desk.js';
  import { createLinkTrail } from 'linktrail';
  import { createRecorder } from 'linktrail/recorder';
  const element = document.querySelector('linktrail-timeline');
  const root = element.shadowRoot;
  const violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => violations.push(effectiveDirective + ' ' + blockedURI));
  const uncaught = [];
  addEventListener('error', ({ message }) => uncaught.push(message));
  const transferOf = (text, asFile) => {
    const data = new DataTransfer();
    if (asFile) data.items.add(new File([text], 'recording.json', { type: 'application/json' }));
    else data.setData('text/plain', text);
    return data;
  };
  const focused = () => root.activeElement?.getAttribute('aria-label') ?? null;
  globalThis.tools = {
    element, root, violations, uncaught, focused, createLinkTrail, createRecorder,
    hand(kind, text, asFile) {
      const event = new Event(kind, { bubbles: true, composed: true, cancelable: true });
      Object.defineProperty(event, kind === 'paste' ? 'clipboardData' : 'dataTransfer', { value: transferOf(text, asFile) });
      root.querySelector('.empty').dispatchEvent(event);
      return event.defaultPrevented;
    },
    choose(text) {
      const input = root.querySelector('input');
      input.files = transferOf(text, true).files;
      input.dispatchEvent(new Event('change'));
    },
    press(key) {
      root.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
      return focused();
    },
    seen() {
      const texts = (selector) => [...root.querySelectorAll(selector)].filter((one) => one.checkVisibility?.() ?? true).map((one) => one.textContent);
      return {
        isEmpty: !root.querySelector('.empty').hidden,
        error: root.querySelector('[role=alert]').textContent,
        head: root.querySelector('.head').textContent,
        rows: [...root.querySelectorAll('.row .label')].slice(1).map((one) => [...one.children].map((child) => child.textContent).join(': ')),
        spots: root.querySelectorAll('.spot').length,
        facts: root.querySelectorAll('tbody tr').length,
        detail: texts('.detail p'),
      };
    },
    async axe() {
      const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'] });
      return found.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target.flat().join(' ') + ' ' + failureSummary).join('; '));
    },
  };`;

before(async () => {
  recording = await recordedSession();
  packed = await packAndInstall();
  writeFileSync(join(packed.folder, 'desk.js'), example('desk.js'));
  const options = { stdin: { contents: tools, resolveDir: packed.folder, sourcefile: 'page.mjs' }, bundle: true, format: 'esm', splitting: true, outdir: '/', write: false, logLevel: 'silent' };
  const files = new Map((await build(options)).outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  const markup = example('desk.html').replace(/<script.*/, '');
  const head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>desk</title>';
  files.set('/', Buffer.from(`${head}<script src="/axe.js"></script><script type="module" src="/stdin.js"></script><body><main><h1>Support</h1>${markup}</main>`));
  files.set('/axe.js', readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js')));
  site = await openSite(async (path) => files.get(path) ?? null, { page: policy, worker: '' }, () => 204);
});
after(async () => {
  await site?.close();
  packed?.remove();
});

const rows = [
  'ACCEPT_TOS: passed', 'VERIFY_SMS: passed', 'KYC_CHECK: failed', 'DOCUMENTARY_VERIFICATION: passed', 'SELFIE_CHECK: passed', 'RISK_CHECK: passed',
  'Link says', 'Page', 'Storage', 'in progress: 204', 'exited: 204', 'completed, passed: 503, 503, 204',
];

for (const [engine, launch] of Object.entries(engines)) {
  describe(`in ${engine}`, () => {
    let browser;
    let profile;
    before(async () => {
      profile = mkdtempSync(join(tmpdir(), 'linktrail-timeline-'));
      browser = await launch({ profile });
    });
    after(async () => {
      await browser?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });

    /** A page of its own; `ends` holds it to its policy. */
    async function arrive() {
      const tab = await browser.open(`${site.url}/`);
      await until('the page is there', () => tab.evaluate('globalThis.tools !== undefined').catch(() => false), patienceMs);
      const seen = () => tab.evaluate('tools.seen()');
      return {
        evaluate: tab.evaluate,
        seen,
        sees: (what, check) => until(what, async () => check(await seen()), patienceMs),
        show: (value) => tab.evaluate(`(tools.element.recording = ${JSON.stringify(value)}, tools.seen())`),
        async ends() {
          assert.deepEqual(await tab.evaluate('[...tools.violations, ...tools.uncaught]'), []);
          await tab.close();
        },
      };
    }

    it('says how a recording gets into it as long as it has none', async () => {
      const page = await arrive();
      const { isEmpty, error } = await page.seen();
      assert.deepEqual({ isEmpty, error }, { isEmpty: true, error: '' });
      assert.deepEqual(await page.evaluate('tools.axe()'), []);
      await page.ends();
    });

    it('draws steps, events and deliveries, tells all of it as a list too, and axe-core finds nothing', async () => {
      const page = await arrive();
      const seen = await page.show(recording);
      assert.deepEqual(seen.rows, rows);
      assert.match(seen.head, /^idv_52xR9LKo77r1Npflow: completedoutcome: passed.*Recorded by linktrail [\d.]+ · 2026-11-23 09:14:07 UTC · 22 min 31 s/s);
      assert.ok(seen.facts > 50);
      assert.equal(await page.evaluate("tools.root.querySelector('.pause').textContent"), '⋯ 20 min');
      await page.evaluate("void (tools.root.querySelector('details').open = true)");
      assert.deepEqual(await page.evaluate('tools.axe()'), []);
      await page.ends();
    });

    it('takes a recording that is dropped, pasted or chosen, as a file and as text', async () => {
      const text = JSON.stringify(JSON.stringify(recording));
      for (const action of [`tools.hand('drop', ${text}, true)`, `tools.hand('drop', ${text}, false)`, `tools.hand('paste', ${text}, true)`, `tools.hand('paste', ${text}, false)`, `tools.choose(${text})`, `(tools.element.recording = ${text})`]) {
        const page = await arrive();
        await page.evaluate(`void ${action}`);
        await page.sees('the recording is shown', ({ isEmpty }) => !isEmpty);
        assert.deepEqual((await page.seen()).rows, rows);
        await page.ends();
      }
    });

    it('keeps the browser from opening what is dropped', async () => {
      const page = await arrive();
      assert.equal(await page.evaluate(`tools.hand('drop', 'x', true)`), true);
      await page.ends();
    });

    it('says what is wrong with what is no recording, and goes on showing the one before', async () => {
      const page = await arrive();
      const cases = [
        ['hello', /^This is not JSON/],
        ['', /^This is not JSON/],
        ['{"a":1}', /no recording of linktrail: its `schema`/],
        ['{"schema":"linktrail.recording.v9"}', /of another version \(linktrail\.recording\.v9\)/],
        [42, /it is no object/],
        [{ ...recording, entries: [{}] }, /entry 1: `event` must be/],
      ];
      for (const [value, message] of cases) assert.match((await page.show(value)).error, message);
      assert.equal((await page.show(recording)).error, '');
      for (const [value, message] of cases) {
        const seen = await page.show(value);
        assert.match(seen.error, message);
        assert.deepEqual(seen.rows, rows);
      }
      await page.evaluate(`tools.hand('drop', 'hello', true)`);
      assert.equal((await page.show(null)).isEmpty, true);
      await page.ends();
    });

    it('takes undefined, as frameworks set it, for null', async () => {
      const page = await arrive();
      await page.show(recording);
      await page.evaluate('void (tools.element.recorder = undefined)');
      assert.deepEqual((await page.seen()).rows, rows);
      const seen = await page.evaluate('(tools.element.recording = undefined, [tools.seen().isEmpty, tools.seen().error, tools.element.recording, tools.element.recorder])');
      assert.deepEqual(seen, [true, '', null, null]);
      await page.ends();
    });

    it('is walked through with the arrow keys, one stop of the tab key, each mark told in words', async () => {
      const page = await arrive();
      await page.show(recording);
      assert.equal(await page.evaluate(`tools.root.querySelectorAll('.spot[tabindex="0"]').length`), 1);
      await page.evaluate(`tools.root.querySelector('.spot').focus()`);
      const label = await page.evaluate('tools.focused()');
      assert.match(label, /^\+1\.3 s step ACCEPT_TOS passed, 4\.5 s$/);
      const press = (key) => page.evaluate(`tools.press('${key}')`);
      assert.match(await press('ArrowDown'), /step VERIFY_SMS failed, 13\.4 s$/);
      assert.match(await press('ArrowRight'), /step VERIFY_SMS passed, 12 s$/);
      assert.match(await press('ArrowLeft'), /failed/);
      for (let row = 0; row < 5; row++) await press('ArrowDown');
      await press('End');
      assert.match(await press('ArrowUp'), /RISK_CHECK/);
      for (let row = 0; row < 9; row++) await press('ArrowDown');
      assert.match(await press('Home'), /request 3 \(completed, passed\) answered 503, Retry-After: 3, after 310 ms/);
      const { detail } = await page.seen();
      assert.match(detail[0], /^\+22 min 21 srequest 3/);
      assert.equal(await page.evaluate(`tools.root.querySelectorAll('.spot[tabindex="0"]').length`), 1);
      await page.ends();
    });

    it('parts marks that lie together when it is zoomed, and puts them together again', async () => {
      const page = await arrive();
      const { spots } = await page.show(recording);
      const click = (label) => page.evaluate(`(tools.root.querySelector('[aria-label="${label}"]').click(), tools.seen().spots)`);
      assert.ok((await click('Zoom in')) > spots);
      for (let times = 0; times < 5; times++) await click('Zoom in');
      for (let times = 0; times < 4; times++) await click('Zoom out');
      assert.equal(await click('Zoom out'), (await page.show(recording)).spots);
      await page.ends();
    });

    it('shows a recorder as it goes on, and keeps the focus', async () => {
      const page = await arrive();
      await page.evaluate(`(async () => {
        const trail = tools.createLinkTrail({ endpoint: '/idv' });
        tools.trail = trail;
        tools.recorder = tools.createRecorder(trail);
        tools.element.recorder = tools.recorder;
        await trail.ready;
        trail.handlers.onEvent('IDENTITY_VERIFICATION_OPEN_UI', { link_session_id: 'idv_LiveLiveLive1' });
      })()`);
      await page.sees('the session is shown', ({ head }) => head.startsWith('idv_LiveLiveLive1'));
      await page.evaluate(`tools.root.querySelector('.spot').focus()`);
      const before = await page.evaluate('tools.focused()');
      await page.evaluate(`tools.trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', { link_session_id: 'idv_LiveLiveLive1' })`);
      await page.sees('the outcome is shown', ({ head }) => head.includes('outcome: passed'));
      assert.equal((await page.evaluate('tools.focused()')).slice(0, 12), before.slice(0, 12));
      await page.evaluate('void (tools.element.recorder = null, tools.trail.dispose())');
      await page.ends();
    });

    it('takes what was set before it was defined, and lives through being moved', async () => {
      const page = await arrive();
      const shown = await page.evaluate(`(() => {
        const early = document.createElement('linktrail-later');
        early.recording = ${JSON.stringify(recording)};
        document.body.append(early);
        customElements.define('linktrail-later', class extends customElements.get('linktrail-timeline') {});
        const other = document.createElement('div');
        document.body.append(other);
        other.append(early);
        return early.shadowRoot.querySelectorAll('.row').length;
      })()`);
      assert.equal(shown, rows.length + 1);
      await page.ends();
    });

    it('shows hostile values as the text that they are', async () => {
      const page = await arrive();
      const markup = '<img src=x onerror=alert(1)>';
      const entry = (event, effects = []) => ({ event, effects, wall_ms: 1e300, monotonic_ms: -1e300, entropy: 7, progress: { linkSessionId: [markup], flow: markup, advice: {} } });
      const hostile = {
        ...recording,
        version: markup,
        entries: [
          entry({ type: markup }), entry({ type: '__proto__' }), entry({ type: 'constructor' }), entry({ type: 'on_event', name: markup, view_name: { a: 1 }, timestamp: 'x' }),
          entry({ type: 'on_event', name: 'IDENTITY_VERIFICATION_START_STEP', view_name: markup, timestamp: '9999-12-31T00:00:00Z' }),
          entry({ type: 'post_answered', post: markup, kind: 'toString' }, [{ do: 'post' }, { do: 'settle', receipt: markup }, { do: markup }, { do: 'wake_after', delay_ms: 'x' }]),
          ...Array.from({ length: 2_000 }, (_, index) => ({ ...entry({ type: 'on_event', name: 'X'.repeat(50) }), monotonic_ms: index * 1e9 })),
        ],
      };
      const seen = await page.show(hostile);
      assert.equal(seen.error, '');
      assert.equal(await page.evaluate("tools.root.querySelectorAll('img').length"), 0);
      assert.ok(seen.rows.some((row) => row.startsWith(markup)));
      await page.ends();
    });
  });
}

describe('outside a page', () => {
  it('importing touches nothing, and defining is refused with a clear error', async () => {
    const program = `
      const before = Object.getOwnPropertyNames(globalThis).join();
      const { defineLinkTrailTimeline } = await import('linktrail/timeline');
      await import('linktrail/recorder');
      if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error('a global was touched');
      try { defineLinkTrailTimeline(); } catch (error) { console.log(String(error)); }`;
    const { stdout } = await execIn(packed.folder, process.execPath, '--input-type=module', '--eval', program);
    assert.match(stdout, /^TypeError: linktrail: `defineLinkTrailTimeline` needs a page/);
  });

  it('has types for a compiler', async () => {
    writeFileSync(join(packed.folder, 'desk.ts'), `
import { createLinkTrail } from 'linktrail';
import { createRecorder, type Recording } from 'linktrail/recorder';
import { defineLinkTrailTimeline, type LinkTrailTimelineElement } from 'linktrail/timeline';
defineLinkTrailTimeline();
const recorder = createRecorder(createLinkTrail({ endpoint: '/idv' }), { entriesMax: 100 });
const recording: Recording = recorder.recording();
export function show(element: LinkTrailTimelineElement): Recording | null {
  element.recording = recording;
  element.recording = JSON.stringify(recording);
  element.recorder = recorder;
  // @ts-expect-error a recording is an object or text
  element.recording = 42;
  // @ts-expect-error entries are read, never written
  recording.entries.push(recording.entries[0]);
  return element.recording;
}
`);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '', '--module', 'esnext', '--moduleResolution', 'bundler'];
    const { stdout } = await execIn(packed.folder, process.execPath, tsc, ...options, 'desk.ts').catch((error) => ({ stdout: error.stdout || String(error) }));
    assert.equal(stdout, '');
  });
});
