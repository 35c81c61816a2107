// The types of the packed tarball, for the newest compiler and for the oldest that is supported, in every way of resolving
// modules; what must not compile; and what an editor offers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { entries } from '../../scripts/entries.mjs';
import { packAndInstall, root } from '../packaging/packed.mjs';

const execute = promisify(execFile);
const require = createRequire(import.meta.url);
const folderOfEntries = fileURLToPath(new URL('entries/', import.meta.url));
const sources = Object.fromEntries(readdirSync(folderOfEntries).map((name) => [name.slice(0, -3), readFileSync(join(folderOfEntries, name), 'utf8')]));

/** The entries that need nothing of a framework's own types, which the oldest compiler does not read. */
const frameless = ['main', ...entries.filter(({ peers = [] }) => peers.length === 0).map(({ name }) => name)];
const compilers = {
  newest: { package: 'typescript', entries: Object.keys(sources) },
  oldest: { package: 'typescript-oldest', entries: frameless },
};
const textsOf = (names) => Object.fromEntries(names.map((entry) => [entry, sources[entry]]));
const versionOf = (compiler) => require(`${compilers[compiler].package}/package.json`).version;

const resolutions = [
  { compiler: 'newest', name: 'bundler', module: 'esnext', extensions: ['.ts'] },
  { compiler: 'newest', name: 'node16', module: 'node16', extensions: ['.mts', '.cts'] },
  { compiler: 'newest', name: 'nodenext', module: 'nodenext', extensions: ['.mts', '.cts'] },
  { compiler: 'oldest', name: 'node', module: 'commonjs', extensions: ['.ts'] },
  { compiler: 'oldest', name: 'node16', module: 'node16', extensions: ['.mts', '.cts'] },
];
/** The oldest compiler takes its time on a busy machine. */
const compileMsMax = 180_000;

let packed;
before(async () => {
  packed = await packAndInstall();
  for (const used of ['@types/react', 'csstype', 'react', 'react-plaid-link', 'vue']) {
    const link = join(packed.folder, 'node_modules', used);
    mkdirSync(join(link, '..'), { recursive: true });
    if (!existsSync(link)) symlinkSync(join(root, 'node_modules', used), link);
  }
});
after(() => packed?.remove());

/** @returns what the compiler prints, a line for each error */
async function compile(folder, { compiler, name, module, extensions }, texts) {
  const path = join(packed.folder, folder);
  mkdirSync(path, { recursive: true });
  for (const [entry, text] of Object.entries(texts)) {
    for (const extension of extensions) writeFileSync(join(path, `${entry}${extension}`), text);
  }
  const compilerOptions = {
    strict: true, noEmit: true, target: 'es2021', lib: ['es2021', 'dom'], types: [], module, moduleResolution: name,
    // The frameworks' own declarations are not ours to mend.
    skipLibCheck: 'react' in texts,
  };
  writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }));
  const tsc = join(root, 'node_modules', compilers[compiler].package, 'bin', 'tsc');
  const run = execute(process.execPath, [tsc, '--project', '.', '--pretty', 'false'], { cwd: path, timeout: compileMsMax });
  const { stdout } = await run.catch((error) => ({ stdout: error.stdout || String(error) }));
  return stdout.trim();
}

it('every entry of the package has its file here, and every file its entry', () => {
  assert.deepEqual(Object.keys(sources).sort(), ['main', ...entries.map(({ name }) => name)].sort());
});

describe('what should compile does, and nothing else', () => {
  for (const resolution of resolutions) {
    const { compiler, name, extensions } = resolution;
    it(`for TypeScript ${versionOf(compiler)}, the ${compiler}, with moduleResolution ${name} and ${extensions.join(' and ')}`, async () => {
      assert.equal(await compile(`${compiler}-${name}`, resolution, textsOf(compilers[compiler].entries)), '');
    });
  }

  it('in the declarations themselves as well', async () => {
    assert.equal(await compile('whole', resolutions[0], textsOf(frameless)), '');
  });
});

describe('what must not compile', () => {
  for (const [entry, source] of Object.entries(sources)) {
    it(`of ${entry} fails for the reasons that stand beside it`, async () => {
      const demanded = [...source.matchAll(/^.*@ts-expect-error (\d+): .*$/gm)].map((match) => {
        const line = source.slice(0, match.index).split('\n').length + 1;
        return `${line} TS${match[1]}`;
      });
      assert.ok(demanded.length > 0 && demanded.length === source.split('@ts-expect-error ').length - 1);
      const printed = await compile(`wrong-${entry}`, resolutions[0], { [entry]: source.replaceAll('@ts-expect-error ', '') });
      const found = [...printed.matchAll(/^[^(\s]+\((\d+),\d+\): error (TS\d+)/gm)].map(([, line, code]) => `${line} ${code}`);
      assert.deepEqual(found, demanded, printed);
    });
  }
});

describe('an editor', () => {
  const ts = require('typescript-oldest');
  const marker = '/*here*/';
  /** The libraries are read once. */
  const parsed = ts.createDocumentRegistry();

  /** The names that are offered where the marker stands. */
  function offeredIn(text) {
    const path = join(packed.folder, 'edited.ts');
    const head = "import { createLinkTrail, type LinkTrail } from 'linktrail';\ndeclare const trail: LinkTrail;\n";
    const source = `${head}${text.replace(marker, '')}\n`;
    const host = {
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      getCompilationSettings: () => ({ strict: true, target: ts.ScriptTarget.ES2021, lib: ['lib.es2021.d.ts', 'lib.dom.d.ts'], types: [], moduleResolution: ts.ModuleResolutionKind.NodeJs }),
      getScriptFileNames: () => [path],
      getScriptVersion: (file) => (file === path ? text : ''),
      getScriptSnapshot: (file) => {
        const content = file === path ? source : ts.sys.readFile(file);
        return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
      },
      getCurrentDirectory: () => packed.folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
    };
    const offered = ts.createLanguageService(host, parsed).getCompletionsAtPosition(path, head.length + text.indexOf(marker), {});
    return offered?.entries.map(({ name }) => name) ?? [];
  }

  const views = ['ACCEPT_TOS', 'VERIFY_SMS', 'KYC_CHECK', 'DOCUMENTARY_VERIFICATION', 'SELFIE_CHECK', 'RISK_CHECK', 'SCREENING'];
  const cases = [
    ['names of steps', "trail.progress.steps[0]!.viewName === '/*here*/'", views],
    ['the step under way', "trail.progress.currentStep === '/*here*/'", views],
    ['flows', "trail.progress.flow === '/*here*/'", ['idle', 'in_progress', 'exited', 'completed']],
    ['advice', "switch (trail.progress.advice) { case '/*here*/': }", ['none', 'continue', 'new_token', 'retry_later', 'manual_review', 'wait', 'ask_backend']],
    ['options', 'createLinkTrail({ /*here*/ })', ['endpoint', 'headers', 'owner', 'credentials', 'body', 'onUndelivered', 'onError', 'onSuccess', 'onExit', 'onEvent']],
    ['names of events', "createLinkTrail({ endpoint: '/idv', onEvent: (name) => name === '/*here*/' })", ['OPEN', 'IDENTITY_VERIFICATION_PASS_SESSION', 'IDENTITY_VERIFICATION_PENDING_REVIEW_STEP']],
    ['what comes with an event', "createLinkTrail({ endpoint: '/idv', onEvent: (name, metadata) => metadata?./*here*/ })", ['view_name', 'timestamp', 'error_code']],
  ];
  for (const [what, text, expected] of cases) {
    it(`offers ${what}`, () => {
      const offered = offeredIn(text);
      assert.deepEqual(expected.filter((name) => !offered.includes(name)), [], offered.slice(0, 20).join());
    });
  }
});
