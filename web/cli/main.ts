/** `npx linktrail`: for whoever has a recording before them and wants to know what happened. */

import { readFileSync } from 'node:fs';
import { readRecording } from '../recording/read.js';
import { tell } from '../recording/tell.js';
import { chronologyLines, headLines, shownLine, verdictLine } from './print.js';
import { replay, replayable, type StartCore } from './replay.js';
import { scenarioOf } from './scenario.js';

const help = `Usage: linktrail replay <recording.json> [--json | --scenario]

Feeds a recording of linktrail/recorder through the core once more and prints what happened.
"-" reads the recording from standard input.

  --json      prints facts, differences and the core's steps as JSON
  --scenario  prints what Link said as a scenario file (JSON lines), with what linktrail concludes from it
  --help      prints this

Exit codes: 0 the same effects as recorded; 1 they differ, or the recording cannot be replayed; 2 no recording could be read.
With --scenario 0 stands for every recording that could be read.
`;

/** What a person can mend; told without a stack. */
class Unusable extends Error {}

function textOf(path: string): string {
  try {
    // Without the mark that editors on Windows put before a text.
    return new TextDecoder().decode(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' };
    throw new Unusable(`${path}: ${reasons[code] ?? `it cannot be read (${code})`}.`);
  }
}

function recordingIn(path: string) {
  const text = textOf(path);
  try {
    return readRecording(text);
  } catch (error) {
    throw new Unusable(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The same core as in a page; as JavaScript where Node may not run WebAssembly. */
const startCore: StartCore = async () => {
  const chunk = typeof WebAssembly === 'object' ? await import('../link/core.mjs') : await import('../core-js.mjs');
  return chunk.startModule();
};

interface Wish {
  readonly path: string;
  readonly form: 'text' | 'json' | 'scenario';
}

function wishOf(args: readonly string[]): Wish | undefined {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return undefined;
  const [command, ...rest] = args;
  if (command !== 'replay') throw new Unusable(`There is no command "${String(command)}". Try: linktrail --help`);
  const flags = rest.filter((arg) => arg.startsWith('--'));
  const paths = rest.filter((arg) => !arg.startsWith('--'));
  const unknown = flags.find((flag) => flag !== '--json' && flag !== '--scenario');
  if (unknown !== undefined) throw new Unusable(`There is no option "${unknown}". Try: linktrail --help`);
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0 || flags.length > 1) {
    throw new Unusable('One recording is needed, and at most one of --json and --scenario. Try: linktrail --help');
  }
  return { path, form: flags[0] === '--json' ? 'json' : flags[0] === '--scenario' ? 'scenario' : 'text' };
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(shownLine).join('\n')}\n`);
}

async function run(args: readonly string[]): Promise<number> {
  const wish = wishOf(args);
  if (wish === undefined) {
    process.stdout.write(help);
    return args.length === 0 ? 2 : 0;
  }
  const recording = recordingIn(wish.path);
  const replayed = await replay(recording, startCore);
  const isSame = replayable(recording) > 0 && replayed.differences.length === 0;
  if (wish.form === 'scenario') {
    print(scenarioOf(recording, await startCore()).trimEnd().split('\n'));
    return 0;
  }
  const forms = {
    json: () => JSON.stringify({ schema: 'linktrail.replay.v1', version: __LINKTRAIL_VERSION__, isSame, facts: tell(recording), ...replayed }, null, 1).split('\n'),
    text: () =>
      [...headLines(recording), '', ...chronologyLines(recording, replayed), '', verdictLine(recording, replayed, __LINKTRAIL_VERSION__)],
  };
  print(forms[wish.form]());
  return isSame ? 0 : 1;
}

// Whoever reads it may stop before the end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unusable)) throw error;
  process.stderr.write(`linktrail: ${error.message}\n`);
  process.exitCode = 2;
}
