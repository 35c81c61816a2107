// A customer's project: the packed tarball installed into a folder of its own, and built by a tool without configuration.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { at } from '../../scripts/repository.mjs';
import { run } from '../../scripts/run_command.mjs';

const customer = fileURLToPath(new URL('./customer', import.meta.url));
const buildMsMax = 5 * 60_000;
const startMsMax = 60_000;
// No tool may take options from this process, report home, or believe that it runs inside this test.
const env = { NODE_OPTIONS: '', NODE_ENV: 'production', NODE_TEST_CONTEXT: '', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' };

/** The tools stand in a folder above the project, as they do in a workspace; linktrail stands in the project itself. */
const tools = at('build', 'bundlers');
const program = (name) => join(tools, 'node_modules', '.bin', name);

/**
 * @param {string} tarball what `npm pack` made
 * @param {Record<string, string> | undefined} files texts by their paths, instead of the customer of this folder
 */
export async function createProject(tarball, files) {
  const folder = mkdtempSync(join(tools, 'project-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const options = { cwd: folder, env, quiet: true };
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  if (files === undefined) cpSync(customer, folder, { recursive: true });
  else for (const [name, text] of Object.entries(files)) write(name, text);
  writeFileSync(join(folder, 'package.json'), '{ "name": "customer", "private": true }\n');
  try {
    await run('npm install', 'npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], options);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    /** Runs a tool of tests/bundlers/package.json to its end. */
    build: (tool, ...args) => run(tool, program(tool), args, { ...options, timeoutMs: buildMsMax }),
    write,
    /** Reads what a tool has written into `output`; null where there is nothing. */
    reader: (output) => async (path) => {
      const { pathname } = new URL(path, 'http://site');
      try {
        return readFileSync(join(folder, output, pathname === '/' ? 'index.html' : pathname));
      } catch (error) {
        if (error.code === 'ENOENT' || error.code === 'EISDIR') return null;
        throw error;
      }
    },
    start: (tool, ...args) => startServer(folder, program(tool), args),
    remove,
  };
}

/** Starts a server that says its address, and reads from it; `printed` is all that it has said. */
async function startServer(folder, command, args) {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The server did not start: ${printed}`));
    const timer = setTimeout(fail, startMsMax);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        printed += text;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      });
    }
    child.once('error', fail);
    child.once('close', fail);
  }).catch((error) => {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    throw error;
  });
  return {
    url,
    printed: () => printed,
    async read(path) {
      const answer = await fetch(`${url}${path}`);
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
    },
    async stop() {
      if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}
