// What is in the tarball, and what must never be.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAndInstall, root } from './packed.mjs';

const forbidden = /new Function|\beval\(|import\.meta|\brequire\(|process\.|node:/;
const entries = ['analytics', 'link', 'progress', 'react', 'recorder', 'testing', 'timeline', 'vue'];
const scripts = ['core-js.cjs', 'core-js.mjs', 'core.cjs', 'core.mjs', 'index.cjs', 'index.mjs', 'linktrail.global.js',
  'link/core.cjs', 'link/core.mjs', 'progress/linktrail-progress.global.js', 'testing/link-initialize.js', ...entries.flatMap((entry) => [`${entry}/index.cjs`, `${entry}/index.mjs`])];
/** What CommonJS has for `import()`, and for the imports of an entry for a framework. */
const plannedRequire = /\brequire\("(?:\.\/core(?:-js)?\.cjs|\.\.\/index\.cjs|react|vue)"\)/g;
const documents = ['LICENSE', 'NOTICE.md', 'README.md'];

describe('the tarball', () => {
  let packed;
  const read = (name) => readFileSync(join(packed.installed, 'dist', name), 'utf8');
  before(async () => {
    packed = await packAndInstall();
  });
  after(() => packed?.remove());

  it('holds exactly these files', () => {
    const dist = [...scripts, 'index.cjs.map', 'index.d.cts', 'index.d.mts', 'index.mjs.map', 'linktrail.global.js.map',
      ...entries.flatMap((entry) => [`${entry}/index.d.cts`, `${entry}/index.d.mts`]), 'integrity.json',
      'sbom.cdx.json'];
    const expected = [...documents, 'package.json', 'dist/cli/linktrail.mjs', ...dist.map((name) => `dist/${name}`)];
    assert.deepEqual([...packed.files].sort(), expected.sort());
  });

  it('has nothing that publint objects to', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(packed.tarball);
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg, { color: false })), []);
  });

  it('has types that every way of resolving modules finds, and that fit what is loaded', async () => {
    // Scripts that a page loads, never modules.
    const excludeEntrypoints = ['./progress/linktrail-progress.global.js', './testing/link-initialize.js'];
    const tarball = createPackageFromTarballData(readFileSync(packed.tarball));
    const { types, problems } = await checkPackage(tarball, { excludeEntrypoints });
    assert.deepEqual(types, { kind: 'included' });
    assert.deepEqual(problems, []);
  });

  it('has no dependencies but the frameworks that somebody has who uses them', () => {
    const manifest = JSON.parse(readFileSync(join(packed.installed, 'package.json'), 'utf8'));
    for (const kind of ['dependencies', 'optionalDependencies', 'bundleDependencies']) assert.equal(manifest[kind], undefined, kind);
    assert.deepEqual(Object.keys(manifest.peerDependencies), ['react', 'vue']);
    assert.deepEqual(manifest.peerDependenciesMeta, { react: { optional: true }, vue: { optional: true } });
  });

  it('holds no code that a strict policy, a bundler or another platform would refuse', () => {
    for (const name of scripts) {
      const text = read(name).replace(name.endsWith('.cjs') ? plannedRequire : /$^/g, '');
      assert.equal(forbidden.exec(text)?.[0], undefined, name);
      assert.ok(/^[\x00-\x7f]*$/.test(text), `${name} is ASCII, so that no page's encoding can damage it`);
    }
  });

  /** The module's first two bytes, as build.mjs writes them. */
  const moduleText = '"# (';

  it('keeps the compiled core out of the entry, and the fallback out of everything else', () => {
    for (const name of ['analytics/index.mjs', 'link/index.mjs', 'react/index.mjs', 'vue/index.mjs']) assert.ok(read(name).includes('from"../index.mjs"'), name);
    for (const name of ['index.mjs', 'index.cjs']) assert.ok(!read(name).includes(moduleText), name);
    assert.ok(read('index.mjs').includes('import("./core.mjs")'));
    assert.ok(read('index.cjs').includes('require("./core.cjs")'));
    assert.ok(read('link/index.mjs').includes('import("./core.mjs")'));
    assert.ok(read('link/index.cjs').includes('require("./core.cjs")'));
    assert.ok(read('linktrail.global.js').includes(moduleText));
    assert.ok(read('linktrail.global.js').includes('import("./core-js.mjs")'));
  });

  it('tells the integrity of every file that a page can load', () => {
    const integrity = JSON.parse(read('integrity.json'));
    assert.deepEqual(Object.keys(integrity), scripts.filter((name) => !name.endsWith('.cjs') && (!name.includes('/') || name.endsWith('.global.js'))));
    for (const [name, hash] of Object.entries(integrity)) {
      assert.equal(hash, `sha384-${createHash('sha384').update(read(name)).digest('base64')}`, name);
    }
  });

  it('has a bill of materials that names what was compiled in', () => {
    const { bomFormat, specVersion, metadata, components } = JSON.parse(read('sbom.cdx.json'));
    assert.deepEqual({ bomFormat, specVersion, name: metadata.component.name }, { bomFormat: 'CycloneDX', specVersion: '1.6', name: 'linktrail' });
    assert.deepEqual(components.map(({ name }) => name), ['nlohmann-json', 'emscripten', 'musl', 'libc++']);
    for (const { name, version, licenses, purl } of components) {
      assert.match(version, /^\d+\.\d+(\.\d+)?$/, name);
      assert.ok(licenses.length > 0 && purl.includes(version), name);
    }
  });

  it('names no path of the machine it was built on', () => {
    for (const name of packed.files) {
      assert.equal(readFileSync(join(packed.installed, name), 'utf8').includes(root), false, name);
    }
  });
});
