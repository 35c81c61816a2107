// The examples of a document, as files and as programs. It knows nothing of what they do.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { at } from '../../scripts/repository.mjs';

/** The examples of a document by their names: `<!-- example: name -->` and the block of code behind it. */
export function examplesOf(document) {
  const found = readFileSync(at('docs', document), 'utf8').matchAll(/<!-- example: (\S+) -->\n```\w+\n([^]*?)\n```/g);
  return new Map([...found].map(([, name, code]) => [name, `${code}\n`]));
}

/** The stand-in for Plaid, compiled: its types are checked with all others. */
export async function loadStandIn() {
  const outfile = at('build', `guides-plaid-${process.pid}.mjs`);
  await build({ entryPoints: [at('tests', 'guides', 'stand_in_plaid.mts')], outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
  const loaded = await import(outfile);
  rmSync(outfile);
  return loaded;
}

let folders = 0;
/** A folder of the repository, so that what its files import is found; it is gone after the test. */
export function folderWith(t, files) {
  const folder = at('build', `guides-${process.pid}-${folders++}`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Starts a server that prints its address; it ends with the test. `printed` is all that it has said. */
export async function startServer(t, folder, command, args, env) {
  const child = spawn(command, args, { cwd: folder, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        printed += text;
        const port = /127\.0\.0\.1:(\d+)|port: (\d+)/.exec(printed);
        if (port !== null) resolve(`http://127.0.0.1:${port[1] ?? port[2]}`);
      });
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`The server did not start: ${printed}`)));
  });
  return { url, printed: () => printed };
}

/** Waits until the check holds; its last failure is told. */
export async function until(check, patienceMs = 20_000) {
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
