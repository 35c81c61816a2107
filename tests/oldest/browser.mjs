// The oldest browser that linktrail promises to run in: Chromium 81 of April 2020, built for servers and kept on the npm registry.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { installAside } from '../../scripts/install_aside.mjs';
import { at, writeWhole } from '../../scripts/repository.mjs';
import { launchChromium } from '../laboratory/engines/chromium.mjs';

export const oldestVersion = '81.0.4044.0';

const folder = at('build', 'oldest-browser');
const packed = join(folder, 'node_modules', 'chrome-aws-lambda', 'bin', 'chromium.br');
const program = join(folder, `chromium-${oldestVersion}`);

/** Installs it where it is not there. */
export async function installOldest() {
  await installAside('the oldest browser', fileURLToPath(new URL('browser/', import.meta.url)), folder);
  if (existsSync(program)) return;
  writeWhole(program, brotliDecompressSync(readFileSync(packed)));
  chmodSync(program, 0o755);
}

/** As the laboratory starts an engine. Its helper that splits off processes is not in the package. */
export const launchOldest = ({ profile }) => launchChromium({ profile, program, more: ['--no-zygote'] });
