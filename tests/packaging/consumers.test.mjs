// The installed tarball as its users load it: as a module, through require, with a script tag, and by a compiler.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execIn, packAndInstall, root } from './packed.mjs';

// Node's own fetch compiles WebAssembly when it is first touched, and ends the process where there is none.
const network = 'globalThis.fetch = async () => { throw new TypeError("no network here"); };\n';

// Prints which engine runs the core, how large its memory was at the start, and whether an event is heard.
const use = `
const report = async ({ createLinkTrail }) => {
  const { instantiate } = WebAssemblyIfAny;
  let memoryBytes = null;
  if (instantiate) {
    WebAssemblyIfAny.instantiate = async (...args) => {
      const result = await instantiate(...args);
      const exported = Object.values((result.instance ?? result).exports);
      memoryBytes = exported.find((value) => value instanceof WebAssemblyIfAny.Memory).buffer.byteLength;
      return result;
    };
  }
  const trail = createLinkTrail({ endpoint: 'http://127.0.0.1:9/idv' });
  const engine = await trail.ready;
  trail.handlers.onEvent('IDENTITY_VERIFICATION_OPEN_UI', { link_session_id: 'idv_1', timestamp: '2026-01-01T00:00:00.000Z' });
  const { linkSessionId, uiOpen } = trail.progress;
  trail.dispose();
  console.log(JSON.stringify({ engine, memoryBytes, linkSessionId, uiOpen }));
};
`;
const here = 'const WebAssemblyIfAny = globalThis.WebAssembly ?? {};';

const consumers = {
  'module.mjs': `import * as linktrail from 'linktrail';\n${network}${here}${use}await report(linktrail);\n`,
  'common.cjs': `const linktrail = require('linktrail');\n${network}${here}${use}report(linktrail);\n`,
  // A page's globals in a context of their own. What the script imports is resolved against the script's own address.
  'script.mjs': `import { readFileSync } from 'node:fs';
import vm from 'node:vm';
${network}const path = new URL('./node_modules/linktrail/dist/linktrail.global.js', import.meta.url);
const page = vm.createContext({ TextDecoder, TextEncoder, URL, AbortController, AbortSignal, fetch, performance, crypto,
  setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, structuredClone, console, Event, EventTarget });
page.window = page.self = page;
page.addEventListener = page.removeEventListener = () => {};
const script = new vm.Script(readFileSync(path, 'utf8'), {
  filename: path.href, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
script.runInContext(page);
const WebAssemblyIfAny = vm.runInContext('globalThis.WebAssembly', page) ?? {};
${use}await report(page.LinkTrail);
`,
};

/** The stand-in for Link beside it, moved by hand; it needs no engine. */
const standIn = `
const play = async ({ createPlaid }) => {
  const plaid = createPlaid({ clock: 'manual', scenario: 'exit-midway' });
  const handler = plaid.create({ token: 'link-sandbox-1', onSuccess() {} });
  handler.open();
  await plaid.finish();
  console.log(plaid.calls.length, handler.isOpen);
};
`;
const testers = {
  'testing.mjs': `import * as testing from 'linktrail/testing';\n${standIn}await play(testing);\n`,
  'testing.cjs': `const testing = require('linktrail/testing');\n${standIn}play(testing);\n`,
  'drop_in.mjs': `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
const path = fileURLToPath(import.meta.resolve('linktrail/testing/link-initialize.js'));
if (createRequire(import.meta.url).resolve('linktrail/testing/link-initialize.js') !== path) throw new Error(path);
const page = vm.createContext({ setTimeout, clearTimeout, MessageChannel, console, document: { currentScript: null } });
page.window = page;
page.LINKTRAIL_TESTING = { clock: 'manual', scenario: 'exit-midway' };
vm.runInContext(readFileSync(path, 'utf8'), page);
${standIn}await play({ createPlaid: () => page.Plaid });\n`,
};

const environments = [
  { flags: [], engine: 'wasm' },
  { flags: ['--disallow-code-generation-from-strings'], engine: 'wasm' },
  { flags: ['--jitless'], engine: 'js' },
  { flags: ['--jitless', '--disallow-code-generation-from-strings'], engine: 'js' },
];

describe('the installed package', () => {
  let packed;
  let folder;
  before(async () => {
    packed = await packAndInstall();
    ({ folder } = packed);
    for (const [name, text] of Object.entries({ ...consumers, ...testers })) writeFileSync(join(folder, name), text);
  });
  after(() => packed?.remove());

  for (const name of Object.keys(consumers)) {
    for (const { flags, engine } of environments) {
      it(`runs as ${engine} in ${name} under "node ${flags.join(' ')}"`, async () => {
        const { stdout, stderr } = await execIn(folder, process.execPath, '--no-warnings', ...flags, name);
        const { memoryBytes, ...rest } = JSON.parse(stdout);
        assert.deepEqual(rest, { engine, linkSessionId: 'idv_1', uiOpen: true });
        if (engine === 'wasm') assert.ok(memoryBytes > 0 && memoryBytes <= 1024 * 1024, `${memoryBytes} bytes of memory at the start`);
        // V8 itself warns of --jitless; we print nothing.
        assert.equal(stderr.replace(/^Warning: disabling flag --expose_wasm.*\n/m, ''), '');
      });
    }
  }

  for (const name of Object.keys(testers)) {
    it(`has a stand-in for Link that plays in ${name}`, async () => {
      const { stdout, stderr } = await execIn(folder, process.execPath, '--no-warnings', name);
      assert.deepEqual([stdout, stderr], ['7 false\n', '']);
    });
  }

  const testingTypes = `
import { applyFaults, createPlaid, scenarios, type Fault, type ManualPlaid, type Script } from 'linktrail/testing';
const script: Script = [{ ms: 0, callback: 'onExit', args: [null, {}] }];
const faults: Fault[] = [{ kind: 'drop', of: 'onSuccess' }, { kind: 'delay', of: 'HANDOFF', ms: 5 }, (before) => before.slice(1)];
export const manual: ManualPlaid = createPlaid({ clock: 'manual', scenario: ['happy-path', script, scenarios['exit-midway']], faults });
export const handler = manual.create({ token: 'link-sandbox-1', ...trail.handlers });
export const shortened: Script = applyFaults(scenarios['happy-path'].openings[0], faults);
// Whatever types a wrapper gives to Link's callbacks.
manual.create({ token: null, onSuccess: (token: string | null, metadata: { link_session_id: string }) => void [token, metadata] });
createPlaid({ scenario: ({ index, config }) => (index === 0 && config.token !== null ? 'fail-session' : []) });
// @ts-expect-error no scenario has this name
createPlaid({ scenario: 'no-such' });
// @ts-expect-error no fault has this name
createPlaid({ faults: [{ kind: 'explode' }] });
// @ts-expect-error only a manual clock is moved by hand
createPlaid().advance(1);
// @ts-expect-error an onSuccess is demanded
manual.create({ token: 'link-sandbox-1' });
`;

  const linkTypes = `
import { createLinkDriver, type LinkDriver, type LinkFailed, type LinkResult } from 'linktrail/link';
export const link: LinkDriver = createLinkDriver({ trail, fetchLinkToken: async () => 'link-sandbox-1', nonce: undefined });
export function words(result: LinkResult): string {
  switch (result.kind) {
    case 'completed': return result.flow satisfies 'completed';
    case 'exited': return result.exit?.errorCode ?? result.advice;
    case 'failed': return (result satisfies LinkFailed).failure;
    case 'closed': return '';
  }
}
// @ts-expect-error only a failure has a cause
void link.open().then((result) => result.cause);
// @ts-expect-error a token is text
createLinkDriver({ trail, fetchLinkToken: () => ({ link_token: 'link-sandbox-1' }) });
// @ts-expect-error a state is read, never written
link.state = 'open';
`;

  const source = `import { createLinkTrail, type LinkTrail, type Progress, type Report } from 'linktrail';
export const trail: LinkTrail = createLinkTrail({ endpoint: '/idv', body: (report: Report) => report.link_session_id });
export const progress: Progress = trail.progress;
// @ts-expect-error an endpoint is demanded
createLinkTrail({});
${testingTypes}${linkTypes}`;
  for (const [name, module, resolution] of [
    ['bundler.ts', 'esnext', 'bundler'],
    ['node16.mts', 'node16', 'node16'],
    ['node16.cts', 'node16', 'node16'],
  ]) {
    it(`has types for ${name} (${resolution}), complete in themselves`, async () => {
      writeFileSync(join(folder, name), source);
      const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''];
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const { stdout } = await execIn(folder, process.execPath, tsc, ...options, '--module', module, '--moduleResolution', resolution, name).catch(
        (error) => ({ stdout: error.stdout || String(error) }),
      );
      assert.equal(stdout, '');
    });
  }
});
