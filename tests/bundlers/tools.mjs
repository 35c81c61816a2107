// How each tool is used by somebody who has configured nothing, and what it makes of linktrail's three parts.
import { readFileSync } from 'node:fs';

/**
 * The parts of linktrail that a script can hold. A tool that splits gives each a script of its own, so that a page loads
 * the shim and one core; a tool that does not split puts all three into one.
 */
const split = { wasm: ['shim', 'core'], js: ['shim', 'fallback'] };
const whole = { wasm: ['shim core fallback'], js: ['shim core fallback'] };

/** The customer's page with another script, for the tools that build scripts and no pages. */
const customerPage = readFileSync(new URL('./customer/index.html', import.meta.url), 'utf8');
const pageOf = (script) => customerPage.replace(/<script.*<\/script>/, script);
const asModule = '<script type="module" src="./index.js"></script>';

/** Reads the tool's `dist`, with a page of ours where the tool has made none. */
function readFrom(project, page) {
  if (page !== undefined) project.write('dist/index.html', page);
  return { read: project.reader('dist'), async stop() {} };
}

/**
 * `make` builds a project and tells how its output is read. `page` and `worker` say where the tool's own output does not
 * bear the strict policy, as options of `policyOf`; a tool without `worker` is not asked for one.
 */
export const tools = [
  {
    name: 'vite',
    parts: split,
    worker: {},
    async make(project) {
      await project.build('vite', 'build');
      return readFrom(project);
    },
  },
  {
    name: 'webpack',
    parts: split,
    // The runtime gives a chunk's address to a script element, and to importScripts, as a bare string.
    page: { trustedTypes: false },
    worker: { trustedTypes: false },
    async make(project) {
      await project.build('webpack', '--mode', 'production');
      return readFrom(project, pageOf('<script defer src="./main.js"></script>'));
    },
  },
  {
    name: 'rollup',
    parts: split,
    worker: {},
    async make(project) {
      await project.build('rollup', 'src/index.js', 'src/worker.js', '--dir', 'dist', '--plugin', 'node-resolve');
      return readFrom(project, pageOf(asModule));
    },
  },
  {
    name: 'esbuild',
    parts: split,
    worker: {},
    async make(project) {
      await project.build('esbuild', 'src/index.js', 'src/worker.js', '--bundle', '--splitting', '--format=esm', '--minify', '--outdir=dist');
      return readFrom(project, pageOf(asModule));
    },
  },
  {
    name: 'esbuild',
    how: ' into one script',
    parts: whole,
    async make(project) {
      await project.build('esbuild', 'src/index.js', '--bundle', '--minify', '--outdir=dist', '--log-level=error');
      return readFrom(project, pageOf('<script defer src="./index.js"></script>'));
    },
  },
  {
    name: 'parcel',
    parts: split,
    // The page names its chunks in an import map, which is an inline script; the worker gives addresses to importScripts.
    page: { inline: true },
    worker: { trustedTypes: false },
    async make(project) {
      await project.build('parcel', 'build', 'index.html');
      return readFrom(project);
    },
  },
  {
    name: 'next',
    parts: split,
    // The page carries its data in inline scripts, and the runtime gives addresses to script elements as bare strings.
    page: { inline: true, trustedTypes: false },
    rendersOnServer: true,
    async make(project) {
      await project.build('next', 'build');
      return project.start('next', 'start', '--hostname', '127.0.0.1', '--port', '0');
    },
  },
];
