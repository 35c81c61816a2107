// What the native core was told in every scenario and what it answered, to which whatever is shipped is held.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** As text, one scenario per line; `npm test` has it at hand, and otherwise it is played here. */
export function readNativeRecord() {
  if (process.env.LINKTRAIL_SCENARIO_RECORD) return readFileSync(process.env.LINKTRAIL_SCENARIO_RECORD, 'utf8').trim();
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-scenarios-'));
  try {
    const path = join(folder, 'native.jsonl');
    execFileSync(at('build/native/scenario_runner'), [at('tests/scenarios'), '--record', path], { stdio: 'pipe' });
    return readFileSync(path, 'utf8').trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
