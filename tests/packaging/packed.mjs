// The packed tarball, and a clean folder with nothing but it installed. Packed once per test file.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs a program and gives back what it printed; rejects with its output when it fails or takes a minute. */
export async function execIn(folder, command, ...args) {
  return execute(command, args, { cwd: folder, timeout: 60_000, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' } });
}

/** Packs what `npm publish` would publish, and installs it where nothing else is; `remove` ends the folder. */
export async function packAndInstall() {
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-packaging-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { stdout } = await execIn(root, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder);
  const [{ filename, files }] = JSON.parse(stdout);
  writeFileSync(join(folder, 'package.json'), '{ "name": "customer", "private": true }\n');
  await execIn(folder, 'npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${filename}`);
  return { folder, tarball: join(folder, filename), files: files.map(({ path }) => path), installed: join(folder, 'node_modules', 'linktrail'), remove };
}
