// The installed tarball as its users load it: as a module, through require, and with a script tag.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execIn, packAndInstall } from './packed.mjs';

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
const page = vm.createContext({ setTimeout, clearTimeout, MessageChannel, AbortController, console, document: { currentScript: null } });
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
});
