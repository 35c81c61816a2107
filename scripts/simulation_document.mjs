// The figures of docs/simulation.md: each command writes its own between two markers, and nobody writes them by hand.
import { readFileSync } from 'node:fs';
import { at, writeWhole } from './repository.mjs';
import { CommandFailed } from './run_command.mjs';

const document = at('docs', 'simulation.md');

/** @param {string} name of the figures, as the markers have it */
function parts(name) {
  const text = readFileSync(document, 'utf8');
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const [before, rest] = text.split(begin);
  const [figures, after] = (rest ?? '').split(end);
  if (after === undefined) throw new CommandFailed(`docs/simulation.md has no markers for ${name}.`);
  return { before: before + begin, figures: figures.trim(), after: end + after };
}

export const readFigures = (name) => parts(name).figures;

export function writeFigures(name, figures) {
  const { before, after } = parts(name);
  writeWhole(document, `${before}\n${figures.trim()}\n${after}`);
}

export const thousands = (number) => Math.round(number).toLocaleString('en-US');

/** The number behind `--name`, or the default. */
export function numberOption(name, otherwise) {
  const position = process.argv.indexOf(`--${name}`);
  return position === -1 ? otherwise : Number(process.argv[position + 1]);
}

export const isWriting = () => process.argv.includes('--write');
