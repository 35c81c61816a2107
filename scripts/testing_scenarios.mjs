// Writes tests/scenarios/*.jsonl as what linktrail/testing plays, web/testing/scenarios.ts, and as the table of docs/testing.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readScenarios } from '../tests/scenarios/scenario_files.mjs';
import { at } from './repository.mjs';

export const source = at('web', 'testing', 'scenarios.ts');
export const document = at('docs', 'testing.md');
const begin = '<!-- scenarios: begin -->';
const end = '<!-- scenarios: end -->';

/** In a literal `"__proto__":` would set the prototype; in brackets it is a key like any other. */
const literal = (value) => JSON.stringify(value).replaceAll('"__proto__":', '["__proto__"]:');

/**
 * The calls of each handler, with times from its own opening: a later handler's first call comes as long after its opening as
 * the first handler's first call after its own.
 */
export function openingsOf(calls) {
  const numbers = [...new Set(calls.map(({ handler = 1 }) => handler))];
  return numbers.map((number) => {
    const own = calls.filter(({ handler = 1 }) => handler === number);
    const shift = number === numbers[0] ? 0 : own[0].ms - calls[0].ms;
    return own.map(({ ms, cb, args }) => ({ ms: ms - shift, callback: cb, args }));
  });
}

export function sourceText(scenarios) {
  const line = ({ ms, callback, args }) => `      { ms: ${ms}, callback: '${callback}', args: ${literal(args)} },`;
  const entries = scenarios.map(({ name, note, calls }) => {
    const openings = openingsOf(calls).map((script) => `    [\n${script.map(line).join('\n')}\n    ],`);
    return `  '${name}': {\n    name: '${name}',\n    note: ${JSON.stringify(note)},\n    openings: [\n${openings.join('\n').replace(/^/gm, '  ')}\n    ],\n  },`;
  });
  return `/** Courses of events, made up after what is known of Link, no recordings. Written by scripts/testing_scenarios.mjs. */

import type { Scenario } from './script.js';

/** The names of the scenarios that come with linktrail. */
export type ScenarioName =
${scenarios.map(({ name }) => `  | '${name}'`).join('\n')};

/** What linktrail itself is tested with, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
${entries.join('\n')}
};
`;
}

const asCell = (text) => text.replaceAll('|', '\\|').replace(/\\?"/g, '`"`').replaceAll('`"``"`', '`""`');

export function tableText(scenarios) {
  const rows = scenarios.map(({ name, note }) => `| \`${name}\` | ${asCell(note)} |`);
  return ['| scenario | what it shows |', '|---|---|', ...rows].join('\n');
}

export function tableIn(text) {
  const [, rest] = text.split(begin);
  return rest.split(end)[0].trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const scenarios = readScenarios();
  writeFileSync(source, sourceText(scenarios));
  const text = readFileSync(document, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest.split(end)[1];
  writeFileSync(document, `${before}${begin}\n${tableText(scenarios)}\n${end}${after}`);
}
