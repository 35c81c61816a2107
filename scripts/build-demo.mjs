// Builds build/demo/: the demo's backend, the headless player and the page, against the package in dist/.
// Does nothing when nothing changed.
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entries } from './entries.mjs';
import { alone, at, stage } from './repository.mjs';
import { main } from './run_command.mjs';

const output = at('build', 'demo');

/** Everything Node runs takes its packages, linktrail among them, from where Node finds them. */
const forNode = {
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
};

const forBrowsers = {
  platform: 'browser',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: true,
};

/** The package as its users name it, from dist/. */
const packageAliases = () => ({
  linktrail: at('dist', 'index.mjs'),
  ...Object.fromEntries(entries.map(({ name }) => [`linktrail/${name}`, at('dist', name, 'index.mjs')])),
});

/** What Vue's plugins for build tools do with a component's file: its template becomes code, since no page may compile it. */
const vueFiles = {
  name: 'vue-files',
  setup: (build) =>
    build.onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { compileScript, parse } = await import('vue/compiler-sfc');
      const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path });
      const compilerOptions = { isCustomElement: (tag) => tag.startsWith('linktrail-') };
      const { content } = compileScript(descriptor, { id: 'demo', inlineTemplate: true, templateOptions: { compilerOptions } });
      return { contents: content, loader: 'ts', resolveDir: dirname(path) };
    }),
};
const vueFlags = { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' };

/**
 * Needs dist/ and esbuild; whoever calls it has built and installed them.
 *
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function buildDemo() {
  const demo = (path) => at('web', 'demo', ...path.split('/'));
  const inputs = [at('web', 'demo'), at('web', 'src', 'types.ts'), at('dist'), at('scripts', 'build-demo.mjs'), at('scripts', 'entries.mjs')];
  const built = stage('demo', inputs, [output]);
  if (built.isDone()) return false;
  const done = built.begin();
  const { build } = await import('esbuild');
  const fresh = at('build', 'demo.new');
  rmSync(fresh, { recursive: true, force: true });
  const common = { bundle: true, logLevel: 'warning', absWorkingDir: at(), legalComments: 'none' };
  await Promise.all([
    build({ ...common, ...forNode, entryPoints: [demo('server/main.ts')], outfile: `${fresh}/server.mjs` }),
    // What tests import: everything without a command line.
    build({ ...common, ...forNode, entryPoints: [demo('library.ts')], outfile: `${fresh}/library.mjs` }),
    build({ ...common, ...forNode, entryPoints: [demo('headless/main.ts')], outfile: `${fresh}/headless.mjs` }),
    build({
      ...common,
      ...forBrowsers,
      entryPoints: {
        main: demo('page/main.ts'),
        react: demo('react/main.tsx'),
        vue: demo('vue/main.ts'),
        style: demo('page/style.css'),
        away: demo('page/away.ts'),
      },
      outdir: `${fresh}/page`,
      format: 'esm',
      // The core stays a chunk of its own, as in a customer's page.
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      alias: packageAliases(),
      define: vueFlags,
      plugins: [vueFiles],
    }),
    build({
      ...common,
      ...forBrowsers,
      entryPoints: [demo('link/link-initialize.ts')],
      outfile: `${fresh}/page/link/link-initialize.js`,
      format: 'iife',
      alias: packageAliases(),
    }),
  ]);
  mkdirSync(`${fresh}/page`, { recursive: true });
  for (const file of ['index.html', 'away.html', 'icon.svg']) copyFileSync(demo(`page/${file}`), `${fresh}/page/${file}`);
  for (const name of ['react', 'vue']) copyFileSync(demo(`${name}/index.html`), `${fresh}/page/${name}.html`);
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
  done();
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(() =>
    alone(async () => {
      console.log((await buildDemo()) ? 'The demo is in build/demo.' : 'The demo in build/demo is up to date.');
      return 0;
    }),
  );
}
