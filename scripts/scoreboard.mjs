// Puts linktrail and the clients one would take instead through the same faults, with the same code, in Chromium. Writes
// docs/scoreboard.md and docs/scoreboard.svg once every client has met every fault, at once or one after the other. The other
// clients are installed into build/scoreboard, outside the package.
//
//   npm run scoreboard -- --only S1,S2 --clients linktrail,segment --runs 3
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build as buildPackage } from './build.mjs';
import { installAside } from './install_aside.mjs';
import { at, readPackage, useOwnTemporaryFolder, writeWhole } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';
import { ours, peers } from '../scoreboard/clients.mjs';
import { openLaboratory } from '../tests/laboratory/laboratory.mjs';
import { median, repeat, seconds } from '../tests/laboratory/measure.mjs';
import { scenarios } from '../tests/laboratory/scenarios.mjs';

/** Nearly all of the time is spent waiting for clients that have given up, so many wait at once. */
const lanes = 8;
const patienceMs = 30_000;
const folder = at('build', 'scoreboard');
const resultsPath = at('build', 'scoreboard', 'results.json');
const document = at('docs', 'scoreboard.md');
const picture = at('docs', 'scoreboard.svg');
const begin = '<!-- figures: written by `npm run scoreboard` -->';
const end = '<!-- end of the figures -->';

const board = scenarios.filter(({ forAll }) => forAll === true);

async function bundle() {
  const { build } = await import('esbuild');
  for (const { name } of peers) {
    try {
      await build({
        entryPoints: [at('scoreboard', 'clients', `${name}.js`)],
        outfile: `${folder}/clients/${name}.js`,
        nodePaths: [`${folder}/node_modules`],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        legalComments: 'none',
        logLevel: 'silent',
        define: { 'process.env.NODE_ENV': '"production"' },
        // A published script does all it does as a side effect, and its package says that it has none.
        ignoreAnnotations: true,
      });
    } catch (error) {
      throw new CommandFailed(`${name} could not be bundled.`, error.message);
    }
  }
}

function versionOf({ package: name }) {
  if (name === null) return '';
  return JSON.parse(readFileSync(`${folder}/node_modules/${name}/package.json`, 'utf8')).version;
}

function options() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, clients: { type: 'string' }, runs: { type: 'string', default: '3' } },
  });
  const pick = (all, text, what) => {
    if (text === undefined) return all;
    const names = text.split(',');
    const chosen = all.filter(({ name }) => names.includes(name));
    if (chosen.length === names.length) return chosen;
    throw new CommandFailed(`Unknown ${what} among ${text}; there are ${all.map(({ name }) => name).join(', ')}.`);
  };
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs > 0)) throw new CommandFailed('--runs takes a whole number from 1.');
  return { chosen: pick(board, values.only, 'scenario'), clients: pick([ours, ...peers], values.clients, 'client'), runs };
}

/** `kept`, `flawed` (delivered, but a promise was broken on the way), `partly` and `lost`. */
function grade({ runs, whole, sessions, broken, cannot }) {
  if (cannot !== null) return 'unknown';
  if (sessions === 0) return 'lost';
  if (whole < runs) return 'partly';
  return broken.length > 0 ? 'flawed' : 'kept';
}

/** What was seen, and why runs did not come to their end. */
function noted({ notes, failures = [] }) {
  const all = [...notes, ...failures];
  return all.map(([note, count]) => (all.length === 1 ? note : `${note} (${count}×)`)).join('; ');
}

function flaw({ broken }) {
  if (broken.some((sentence) => sentence.includes('Retry-After'))) return 'too early';
  if (broken.some((sentence) => sentence.includes('outlives'))) return 'on return only';
  if (broken.some((sentence) => sentence.includes('key'))) return 'no key';
  return broken[0] ?? '';
}

function cell(result) {
  if (result === undefined) return 'not measured';
  const kind = grade(result);
  if (kind === 'unknown') return result.cannot;
  const time = result.times.length === 0 ? '' : seconds(median(result.times));
  const more = [noted(result)].filter((text) => text !== '');
  if (kind === 'lost') return ['**LOST**', ...more].join('; ');
  if (kind === 'partly') return [`**${result.sessions} of ${result.sessionsInAll}**`, time, ...more].filter(Boolean).join('; ');
  return [kind === 'flawed' ? `${time}, but **${flaw(result)}**` : time, ...more].join('; ');
}

/** How often each was run, as words: cells that were measured again may have been run more often. */
function runsOf(cells) {
  const counts = Object.values(cells).flatMap((row) => Object.values(row).filter(({ cannot }) => cannot === null).map(({ runs }) => runs));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function figures({ chromium, clients, cells }) {
  const names = Object.keys(clients);
  const head = names.map((name) => `${clients[name].title} ${clients[name].version}`.trim());
  const lines = [
    `Chromium ${chromium}, ${runsOf(cells)} runs of each, medians; a client that has not delivered within ${patienceMs / 1_000} s has lost the report.`,
    '',
    `| situation | time | ${head.join(' | ')} |`,
    `|---|---|${names.map(() => '---|').join('')}`,
  ];
  for (const { name, title, measured } of board) {
    if (cells[name] === undefined) continue;
    lines.push(`| \`${name}\` ${title} | ${measured} | ${names.map((client) => cell(cells[name][client])).join(' | ')} |`);
  }
  const total = (client) => board.filter(({ name }) => cells[name]?.[client] && grade(cells[name][client]) === 'kept').length;
  const totals = names.map((client) => `${total(client)} of ${board.filter(({ name }) => cells[name]?.[client]).length}`);
  lines.push(`| **delivered, and nothing broken on the way** | | ${totals.join(' | ')} |`);
  return lines.join('\n');
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** A matrix of clients and situations. Its colours have words and signs beside them, and work on white and on black. */
function draw({ chromium, clients, cells }) {
  const names = Object.keys(clients);
  const rows = board.filter(({ name }) => cells[name] !== undefined);
  const [left, top, width, height, gap] = [196, 96, 104, 30, 4];
  const full = { width: left + names.length * (width + gap) + 12, height: top + (rows.length + 1) * (height + gap) + 46 };
  const out = [];
  const text = (x, y, content, more = '') => out.push(`<text x="${x}" y="${y}" ${more}>${escaped(content)}</text>`);
  const words = { lost: 'lost', unknown: '–' };
  const signs = { kept: '✓', flawed: '!', partly: '✗', lost: '✗', unknown: '' };
  text(12, 28, 'What reaches the backend', 'class="title"');
  text(12, 48, `The same faults for every client, Chromium ${chromium}, median of ${runsOf(cells)} runs`, 'class="small"');
  for (const [column, name] of names.entries()) {
    const x = left + column * (width + gap) + width / 2;
    const title = clients[name].title.replace(/,.*/, '');
    text(x, top - 22, title, `text-anchor="middle" class="${name === ours.name ? 'ours' : 'head'}"`);
    text(x, top - 8, clients[name].version, 'text-anchor="middle" class="small"');
  }
  for (const [row, { name, short }] of rows.entries()) {
    const y = top + row * (height + gap);
    text(left - 10, y + 20, short ?? name, 'text-anchor="end" class="row"');
    for (const [column, client] of names.entries()) {
      const result = cells[name][client];
      const kind = result === undefined ? 'unknown' : grade(result);
      const x = left + column * (width + gap);
      const time = result === undefined || result.times.length === 0 ? '' : seconds(median(result.times));
      const said =
        words[kind] ?? (kind === 'partly' ? `${result.sessions} of ${result.sessionsInAll}` : kind === 'flawed' ? flaw(result).replace(' only', '') : time);
      out.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" class="${kind}"/>`);
      text(x + width / 2, y + 20, `${signs[kind]} ${said}`.trim(), 'text-anchor="middle" class="cell"');
    }
  }
  const y = top + rows.length * (height + gap) + 8;
  text(left - 10, y + 18, 'kept', 'text-anchor="end" class="row strong"');
  for (const [column, client] of names.entries()) {
    const kept = rows.filter(({ name }) => cells[name][client] !== undefined && grade(cells[name][client]) === 'kept').length;
    const x = left + column * (width + gap) + width / 2;
    text(x, y + 18, `${kept} of ${rows.length}`, `text-anchor="middle" class="${client === ours.name ? 'ours' : 'head'}"`);
  }
  let x = left;
  for (const [kind, label] of [
    ['kept', '✓ delivered, with its time'],
    ['flawed', '! delivered, a promise broken'],
    ['partly', '✗ some or all lost'],
  ]) {
    out.push(`<rect x="${x}" y="${full.height - 26}" width="14" height="14" rx="3" class="${kind}"/>`);
    text(x + 20, full.height - 15, label, 'class="small"');
    x += 210;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full.width} ${full.height}" width="${full.width}" height="${full.height}" role="img" aria-labelledby="title">
<title id="title">Which delivery clients bring a report to the backend, in ${rows.length} situations</title>
<style>
  svg { background: #ffffff; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 18px; font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .head, .row { font-size: 12px; }
  .ours, .strong { font-size: 12px; font-weight: 700; }
  .cell { fill: #ffffff; font-size: 12px; font-weight: 600; }
  .kept { fill: #1a7f4b; }
  .flawed { fill: #9a6700; }
  .partly, .lost { fill: #b3303a; }
  .unknown { fill: #6e7781; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .cell { fill: #ffffff; }
  }
</style>
${out.join('\n')}
</svg>
`;
}

function writeDocument(results) {
  const text = readFileSync(document, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new CommandFailed('docs/scoreboard.md has lost the marks between which its figures stand.');
  writeWhole(document, `${text.slice(0, from + begin.length)}\n\n${figures(results)}\n\n${text.slice(to)}`);
  writeWhole(picture, draw(results));
}

/** @returns {string[]} what the table would lack */
const notMeasured = (cells) =>
  board.flatMap(({ name }) =>
    [ours, ...peers].filter((client) => cells[name]?.[client.name] === undefined).map((client) => `${name} for ${client.name}`),
  );

function describedClients() {
  const version = (client) => (client === ours ? readPackage().version : versionOf(client));
  return Object.fromEntries([ours, ...peers].map((client) => [client.name, { title: client.title, version: version(client) }]));
}

await main(async () => {
  const { chosen, clients, runs } = options();
  await setup('test');
  useOwnTemporaryFolder();
  await buildPackage();
  await installAside('the other clients', at('scoreboard'), folder);
  await bundle();
  const laboratory = await openLaboratory(engines.chromium, `${folder}/browser`);
  const before = existsSync(resultsPath) ? JSON.parse(readFileSync(resultsPath, 'utf8')) : {};
  const cells = before.cells ?? {};
  const results = { chromium: laboratory.version, clients: describedClients(), cells };
  const jobs = chosen.flatMap((scenario) => clients.map((client) => ({ scenario, client })));
  const lane = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { scenario, client } = job;
      const result = await repeat(() => laboratory.run(scenario, { client, patienceMs }), runs);
      (cells[scenario.name] ??= {})[client.name] = result;
      writeWhole(resultsPath, JSON.stringify(results, null, 1));
      console.log(`${scenario.name.padEnd(17)} ${client.name.padEnd(12)} ${grade(result).padEnd(7)} ${cell(result)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await laboratory.close();
  }
  const unmeasured = notMeasured(cells);
  if (unmeasured.length === 0) writeDocument(results);
  else console.log(`docs/scoreboard.md is left as it is: ${unmeasured.length} figures are not measured yet, the first ${unmeasured[0]}.`);
  const isWhole = chosen.every(({ name }) => clients.every((client) => client !== ours || grade(cells[name][ours.name]) === 'kept'));
  return isWhole ? 0 : 1;
});
