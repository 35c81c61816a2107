// npm packages that some tests or measurements need and the package does not: they stand in a package.json of their own, and are
// installed outside the package, in a folder of build/.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { at, hashOf, writeWhole } from './repository.mjs';
import { run } from './run_command.mjs';

/**
 * Installs what the package-lock.json in `source` says into `folder`, unless it is there.
 *
 * @param {string} what names it for whoever waits
 */
export async function installAside(what, source, folder) {
  const stamp = at('build', 'stamps', basename(folder));
  const wanted = hashOf(join(source, 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(join(folder, 'node_modules'))) return;
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(source, name), join(folder, name));
  // What there is of machine code comes ready-made in packages of its own.
  await run(`Installing ${what}`, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  writeWhole(stamp, wanted);
}
