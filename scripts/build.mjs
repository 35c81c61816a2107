// Builds dist/: the C++ core through CMake, then the shim and the core's chunks through esbuild, then the types.
// Does nothing when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { billOfMaterials } from './bill_of_materials.mjs';
import { glue, glueNames, jsChunkSource, linkChunkSource, wasmChunkSource } from './chunks.mjs';
import { bundleDeclarations } from './declarations.mjs';
import { entries } from './entries.mjs';
import { minify } from './minify.mjs';
import { alone, at, filesUnder, readPackage, stage, writeWhole } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

/**
 * Properties within the shim, which nobody outside sees: shortened. None may be read of what is not ours, none may be stored, as
 * `text` and `wallMs` of the journal are: another build, or another version, would not find them again. Nor may one be read in
 * another file of dist/, as `setTimer` is in the core's chunk: each file is shortened by itself. Nor may one be read of `globalThis`, as
 * `indexedDB` is: it would be undefined.
 */
const internalNames = [
  'await', 'baseUrl', 'clearOf', 'engine', 'entriesOf', 'hasFailed', 'hasLocks', 'hasTrapped', 'hold', 'keep',
  'localStorage', 'monotonicMs', 'opened', 'release', 'releaseSoon', 'removeCopies', 'removePrefix', 'reportError',
  'sessionStorage', 'tellForgotten',
];

/** What a strict Content-Security-Policy, a bundler or another platform would trip over. */
const forbidden = /new Function|\beval\(|import\.meta|\brequire\(|process\.|node:/;
/** What CommonJS has for `import()`, and for the imports of an entry for a framework. */
const peers = entries.flatMap((entry) => entry.peers ?? []);
const plannedRequire = new RegExp(`\\brequire\\("(?:\\./core(?:-js)?\\.cjs|\\.\\./index\\.cjs|${peers.join('|')})"\\)`, 'g');

/** What runs in Node alone, for people. */
const commandLine = 'cli/linktrail.mjs';

const shipped = [
  commandLine,
  'core-js.cjs',
  'core-js.mjs',
  'core.cjs',
  'core.mjs',
  'index.cjs',
  'index.cjs.map',
  'index.d.cts',
  'index.d.mts',
  'index.mjs',
  'index.mjs.map',
  'integrity.json',
  'linktrail.global.js',
  'linktrail.global.js.map',
  'sbom.cdx.json',
  'testing/link-initialize.js',
  ...entries.flatMap(({ name, script = [], hasCore = false }) => {
    const files = ['index.cjs', 'index.d.cts', 'index.d.mts', 'index.mjs'].concat(script, hasCore ? ['core.cjs', 'core.mjs'] : []);
    return files.map((file) => `${name}/${file}`);
  }),
];

async function buildModule() {
  const inputs = ['CMakeLists.txt', 'CMakePresets.json', 'cmake', 'wasm', 'package.json'].map((path) => at(path));
  const wasm = stage('module', inputs, Object.values(glue));
  if (wasm.isDone()) return false;
  for (const needed of ['wasm/core', 'wasm/bindings.cpp']) {
    if (filesUnder(at(needed)).length === 0) throw new CommandFailed(`${needed} is missing, so there is no core to build.`);
  }
  const done = wasm.begin();
  await cmakeBuild('wasm', ['linktrail_wasm', 'linktrail_link_wasm', 'linktrail_js'], 'the core as WebAssembly and as JavaScript');
  done();
  return true;
}

/** Configures and builds targets of a preset of CMakePresets.json. */
export async function cmakeBuild(preset, targets, what, { quiet = false } = {}) {
  const options = { cwd: at(), quiet, timeoutMs: 15 * 60_000 };
  await run(`Configuring ${what}`, 'cmake', ['--preset', preset], { ...options, quiet: true });
  await run(`Building ${what}`, 'cmake', ['--build', '--preset', preset, '--target', ...targets], options);
}

/** Resolves the shim's `./core.mjs` and `./core-js.mjs`: to a neighbour in dist/, or to the source to be bundled in. */
function chunks(extension, bundled) {
  return {
    name: 'linktrail-chunks',
    setup(build) {
      build.onResolve({ filter: /^\.\/core(-js)?\.mjs$/ }, ({ path }) =>
        path in bundled ? { path, namespace: 'chunk' } : { path: path.replace(/\.mjs$/, extension), external: true },
      );
      build.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({ contents: bundled[path], resolveDir: at() }));
    },
  };
}

/** A style sheet is imported as text, for whoever makes a `CSSStyleSheet` of it. */
const styleSheets = {
  name: 'linktrail-style-sheets',
  setup: (build) =>
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await build.esbuild.transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: `export default ${JSON.stringify(code.trim())}` };
    }),
};

/** CommonJS has no `import()` everywhere, but `require`. */
const formats = { '.mjs': { format: 'esm' }, '.cjs': { format: 'cjs', supported: { 'dynamic-import': false } } };

/** Each a thin layer over the main entry, which it imports. */
function entryJobs(common, outdir) {
  const overMain = (extension) => ({
    name: 'linktrail-main',
    setup: (build) => build.onResolve({ filter: /\/src\/index\.js$/ }, () => ({ path: `../index${extension}`, external: true })),
  });
  const readable = { ...common, minify: false, mangleProps: undefined, mangleQuoted: undefined };
  const modules = entries.flatMap(({ name, peers = [], isClientOnly = false, isReadable = false }) =>
    Object.entries(formats).map(([extension, format]) => ({
      ...(isReadable ? readable : common),
      ...format,
      banner: { js: isClientOnly ? `"use client";\n${common.banner.js}` : common.banner.js },
      entryPoints: [at('web', name, 'index.ts')],
      outfile: join(outdir, name, `index${extension}`),
      external: peers,
      plugins: [overMain(extension), chunks(extension, {}), styleSheets],
    })),
  );
  const scripts = entries
    .filter(({ script }) => script !== undefined)
    .map(({ name, script }) => ({ ...common, format: 'iife', entryPoints: [at('web', name, 'global.ts')], outfile: join(outdir, name, script) }));
  const [name, source] = ['link-initialize.js', at('web', 'testing', 'link-initialize.ts')];
  const dropIn = { ...readable, format: 'iife', entryPoints: [source], outfile: join(outdir, 'testing', name) };
  return [...modules, ...scripts, dropIn, commandLineJob(readable, outdir)];
}

function commandLineJob(readable, outdir) {
  return {
    ...readable,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    charset: 'utf8',
    banner: { js: `#!/usr/bin/env node\n${readable.banner.js}` },
    entryPoints: [at('web', 'cli', 'main.ts')],
    outfile: join(outdir, commandLine),
    external: ['../link/core.mjs', '../core-js.mjs'],
  };
}

async function bundle(version, outdir) {
  const { build } = await import('esbuild');
  const wasmChunk = wasmChunkSource();
  const jsChunk = jsChunkSource();
  const common = {
    bundle: true,
    minify: true,
    target: 'es2020',
    platform: 'neutral',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    mangleProps: new RegExp(`^(?:${[...internalNames, ...glueNames].join('|')})$`),
    mangleQuoted: true,
    define: { __LINKTRAIL_VERSION__: JSON.stringify(version), 'import.meta.url': '"x:/"' },
    banner: { js: `/*! linktrail ${version} | MIT */` },
  };
  const jobs = [];
  for (const [extension, format] of Object.entries(formats)) {
    jobs.push({
      ...common,
      ...format,
      sourcemap: true,
      entryPoints: [at('web', 'src', 'index.ts')],
      outfile: join(outdir, `index${extension}`),
      plugins: [chunks(extension, {})],
    });
    for (const [name, contents] of [['core', wasmChunk], ['link/core', linkChunkSource()], ['core-js', jsChunk]]) {
      jobs.push({
        ...common,
        ...format,
        stdin: { contents, resolveDir: at(), sourcefile: `${name}.mjs` },
        outfile: join(outdir, `${name}${extension}`),
      });
    }
  }
  jobs.push({
    ...common,
    format: 'iife',
    globalName: 'LinkTrail',
    sourcemap: true,
    entryPoints: [at('web', 'src', 'index.ts')],
    outfile: join(outdir, 'linktrail.global.js'),
    plugins: [chunks('.mjs', { './core.mjs': wasmChunk })],
  });
  jobs.push(...entryJobs(common, outdir));
  for (const job of jobs) {
    try {
      await build(job);
      if (job.minify) await minify(job);
    } catch (error) {
      throw new CommandFailed(`${basename(job.outfile)} could not be made.`, error.message);
    }
  }
}

/** A source map keeps our sources; the glue and the bytes in it would double the package and help nobody. */
function trimSourceMap(path) {
  const map = JSON.parse(readFileSync(path, 'utf8'));
  map.sources = map.sources.map((source) => source.replace(/^(?:\.\.\/)+(?=web\/)/, '../'));
  map.sourcesContent = map.sources.map((source, index) => (source.startsWith('../web/') ? map.sourcesContent[index] : null));
  writeFileSync(path, JSON.stringify(map));
}

/** Of each file that a page can load, for the `integrity` attribute. */
function integrityOf(folder) {
  const loadable = shipped.filter((name) => /^[^/]+\.m?js$|\.global\.js$/.test(name));
  const hash = (name) => createHash('sha384').update(readFileSync(join(folder, name))).digest('base64');
  const hashes = Object.fromEntries(loadable.map((name) => [name, `sha384-${hash(name)}`]));
  return `${JSON.stringify(hashes, null, 2)}\n`;
}

const namesUnder = (folder) => filesUnder(folder).map((file) => relative(folder, file)).sort();

function check(folder) {
  const found = namesUnder(folder);
  if (found.join() !== [...shipped].sort().join()) {
    throw new CommandFailed(`dist/ would hold other files than planned: ${found.join(' ')}`);
  }
  for (const name of found.filter((file) => /\.[mc]?js$/.test(file) && file !== commandLine)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const match = forbidden.exec(name.endsWith('.cjs') ? text.replace(plannedRequire, '') : text);
    if (match !== null) {
      const around = text.slice(Math.max(0, match.index - 40), match.index + 40);
      throw new CommandFailed(`${name} holds "${match[0]}", which some policies or bundlers refuse: …${around}…`);
    }
  }
}

async function buildDist() {
  const { name: packageName, version, license } = readPackage();
  const configuration = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.declarations.json'];
  const folders = ['src', 'bindings', 'cli', 'recording', ...entries.map(({ name }) => name)].map((name) => `web/${name}`);
  const scripts = ['bill_of_materials', 'build', 'chunks', 'declarations', 'entries', 'minify'].map((name) => `scripts/${name}.mjs`);
  const inputs = [...configuration, ...folders, ...scripts];
  const dist = stage('dist', [...inputs.map((path) => at(path)), ...Object.values(glue)], [at('dist')]);
  if (dist.isDone()) return false;
  if (!existsSync(at('web', 'src', 'index.ts'))) {
    throw new CommandFailed('web/src/index.ts is missing, so there is no shim to build.');
  }
  const done = dist.begin();

  const fresh = at('build', 'dist');
  const declarations = at('build', 'declarations');
  for (const folder of [fresh, declarations]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  const project = at('tsconfig.declarations.json');
  await run('Writing type declarations', process.execPath, [tsc, '--project', project], { cwd: at(), timeoutMs: 120_000 });
  await bundle(version, fresh);
  for (const [source, folder] of [['src', ''], ...entries.map(({ name }) => [name, name])]) {
    const types = bundleDeclarations(join(declarations, source, 'index.d.ts'));
    for (const name of ['index.d.mts', 'index.d.cts']) writeFileSync(join(fresh, folder, name), types);
  }
  for (const name of shipped.filter((file) => file.endsWith('.map'))) trimSourceMap(join(fresh, name));
  writeFileSync(join(fresh, 'integrity.json'), integrityOf(fresh));
  writeFileSync(join(fresh, 'sbom.cdx.json'), await billOfMaterials({ name: packageName, version, license }));
  check(fresh);

  for (const stale of namesUnder(at('dist')).filter((name) => !shipped.includes(name))) rmSync(at('dist', stale));
  for (const name of shipped) writeWhole(at('dist', name), readFileSync(join(fresh, name)));
  done();
  return true;
}

/** Brings dist/ up to date. Says whether anything had to be done. */
export async function build() {
  return alone(async () => {
    const moduleBuilt = await buildModule();
    const distBuilt = await buildDist();
    return moduleBuilt || distBuilt;
  });
}

function printSizes() {
  for (const name of shipped.filter((file) => /\.[mc]?js$/.test(file))) {
    const bytes = readFileSync(at('dist', name));
    const gzipped = gzipSync(bytes, { level: 9 }).length;
    console.log(`  dist/${name.padEnd(26)} ${String(bytes.length).padStart(8)} bytes, ${gzipped} gzipped`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await setup('build');
    console.log((await build()) ? 'dist/ is built.' : 'dist/ is up to date.');
    printSizes();
    return 0;
  });
}
