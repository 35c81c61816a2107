// Figures in documents: each stands between two markers, and is written by the command that measures it.
import { readFileSync } from 'node:fs';
import { writeWhole } from './repository.mjs';
import { CommandFailed } from './run_command.mjs';

function parts(path, marker) {
  const [begin, end] = [`<!-- ${marker}: begin -->`, `<!-- ${marker}: end -->`];
  const [before, rest] = readFileSync(path, 'utf8').split(begin);
  const [text, after] = (rest ?? '').split(end);
  if (after === undefined) throw new CommandFailed(`${path} has no markers for ${marker}.`);
  return { before: before + begin, text, after: end + after };
}

/** What stands there now. */
export const heldText = (path, marker) => parts(path, marker).text.trim();

/** Replaces what stands there: within its line, or on lines of its own as before. */
export function writeHeldText(path, marker, text) {
  const { before, text: old, after } = parts(path, marker);
  const gap = old.includes('\n') ? '\n' : '';
  writeWhole(path, `${before}${gap}${text}${gap}${after}`);
}
