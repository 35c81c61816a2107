// How each tool is used by somebody who has configured nothing, and what it makes of linktrail's three parts.

/**
 * The parts of linktrail that a script can hold. A tool that splits gives each a script of its own, so that a page loads
 * the shim and one core; a tool that does not split puts all three into one.
 */
const split = { wasm: ['shim', 'core'], js: ['shim', 'fallback'] };
const whole = { wasm: ['shim core fallback'], js: ['shim core fallback'] };

/** The page of the tools that build scripts and no pages. */
const pageOf = (script) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>customer</title>
<output></output>
${script}
</html>
`;
const module = '<script type="module" src="./index.js"></script>';

async function static_(project, output, page) {
  if (page !== undefined) project.write(`${output}/index.html`, page);
  return { read: project.reader(output), async stop() {} };
}

/**
 * `make` builds a project and tells how its output is read. `trustedTypes` and `inline` are what the tool's own output
 * does and does not bear of the strict policy.
 */
export const tools = [
  {
    name: 'vite',
    parts: split,
    hasWorker: true,
    async make(project) {
      await project.build('vite', 'build');
      return static_(project, 'dist');
    },
  },
  {
    name: 'webpack',
    parts: split,
    hasWorker: true,
    // The runtime gives a chunk's address to a script element, and to importScripts, as a bare string.
    trustedTypes: false,
    async make(project) {
      await project.build('webpack', '--mode', 'production');
      return static_(project, 'dist', pageOf('<script defer src="./main.js"></script>'));
    },
  },
  {
    name: 'rollup',
    parts: split,
    hasWorker: true,
    async make(project) {
      await project.build('rollup', 'src/index.js', 'src/worker.js', '--dir', 'dist', '--plugin', 'node-resolve');
      return static_(project, 'dist', pageOf(module));
    },
  },
  {
    name: 'esbuild',
    parts: split,
    hasWorker: true,
    async make(project) {
      await project.build('esbuild', 'src/index.js', 'src/worker.js', '--bundle', '--splitting', '--format=esm', '--minify', '--outdir=dist');
      return static_(project, 'dist', pageOf(module));
    },
  },
  {
    name: 'esbuild',
    how: ' into one script',
    parts: whole,
    async make(project) {
      await project.build('esbuild', 'src/index.js', '--bundle', '--minify', '--outdir=dist', '--log-level=error');
      return static_(project, 'dist', pageOf('<script defer src="./index.js"></script>'));
    },
  },
  {
    name: 'parcel',
    parts: split,
    hasWorker: true,
    // The page names its chunks in an import map, which is an inline script.
    inline: true,
    async make(project) {
      await project.build('parcel', 'build', 'index.html');
      return static_(project, 'dist');
    },
  },
  {
    name: 'next',
    parts: split,
    // The page carries its data in inline scripts, and the runtime gives addresses to script elements as bare strings.
    inline: true,
    trustedTypes: false,
    rendersOnServer: true,
    async make(project) {
      await project.build('next', 'build');
      return project.start('next', 'start', '--hostname', '127.0.0.1', '--port', '0');
    },
  },
];
