// Builds what is committed twice, in two folders with names of different lengths, and compares dist/ byte by byte.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { at, filesUnder } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

async function buildIn(folder) {
  await run('git clone', 'git', ['clone', '--quiet', at(), folder], { quiet: true, timeoutMs: 120_000 });
  cpSync(at('node_modules'), join(folder, 'node_modules'), { recursive: true });
  await run(`Building in ${folder}`, process.execPath, [join('scripts', 'build.mjs')], { cwd: folder, timeoutMs: 15 * 60_000 });
  return new Map(filesUnder(join(folder, 'dist')).map((path) => [relative(folder, path), readFileSync(path)]));
}

await main(async () => {
  await setup('build');
  const parent = mkdtempSync(join(tmpdir(), 'linktrail-reproduce-'));
  try {
    const first = await buildIn(join(parent, 'one'));
    const second = await buildIn(join(parent, 'another-folder'));
    const names = [...new Set([...first.keys(), ...second.keys()])];
    const different = names.filter((name) => !(first.get(name)?.equals(second.get(name) ?? Buffer.alloc(0)) ?? false));
    if (different.length > 0) throw new CommandFailed(`Two builds of one commit differ: ${different.join(', ')}.`);
    console.log(`Two builds of one commit are the same: ${names.length} files, byte by byte.`);
    return 0;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
