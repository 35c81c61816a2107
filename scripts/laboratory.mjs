// Measures, in real browsers against a server that misbehaves, how reports survive. Writes the table of docs/laboratory.md
// once every scenario has been measured in every engine, at once or one after the other.
//
//   npm run laboratory -- --browser chromium,firefox --only S1,S4 --runs 3 --long
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { at, useOwnTemporaryFolder, writeWhole } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';
import { engines, openLaboratory } from '../tests/laboratory/laboratory.mjs';
import { median, repeat, seconds } from '../tests/laboratory/measure.mjs';
import { scenarios } from '../tests/laboratory/scenarios.mjs';

const usualRuns = { chromium: 20, firefox: 5, webkit: 5 };
const programs = { chromium: '/usr/bin/chromium', firefox: '/usr/bin/firefox-esr', webkit: '/usr/bin/WebKitWebDriver' };
/** What was measured before, so that one engine or one scenario can be measured again. */
const resultsPath = at('build', 'laboratory', 'results.json');
const document = at('docs', 'laboratory.md');
const begin = '<!-- figures: written by `npm run laboratory` -->';
const end = '<!-- end of the figures -->';

function options() {
  const { values } = parseArgs({
    options: {
      browser: { type: 'string', default: 'chromium,firefox,webkit' },
      only: { type: 'string' },
      runs: { type: 'string' },
      long: { type: 'boolean', default: false },
    },
  });
  const browsers = values.browser.split(',');
  const unknown = browsers.filter((name) => !(name in engines));
  if (unknown.length > 0) throw new CommandFailed(`Unknown browser: ${unknown.join(', ')}; there are ${Object.keys(engines).join(', ')}.`);
  const only = values.only?.split(',');
  const chosen = scenarios.filter(({ name, veryLong }) => only?.includes(name) ?? (values.long || veryLong !== true));
  if (only !== undefined && chosen.length !== only.length) {
    throw new CommandFailed(`Unknown scenario among ${values.only}; there are ${scenarios.map(({ name }) => name).join(', ')}.`);
  }
  const runs = values.runs === undefined ? null : Number(values.runs);
  if (runs !== null && !(Number.isInteger(runs) && runs > 0)) throw new CommandFailed('--runs takes a whole number from 1.');
  return { browsers, chosen, runs };
}

/** Whether the figures keep what is promised for the scenario. */
function verdict(scenario, { whole, runs, times, broken, cannot }) {
  if (cannot !== null) return { isKept: true, word: 'cannot be expressed' };
  if (broken.length > 0) return { isKept: false, word: 'FAILED' };
  if (whole < runs) return scenario.promised === false ? { isKept: true, word: 'no promise' } : { isKept: false, word: 'LOST' };
  const middle = median(times);
  if (scenario.targetMs !== undefined && middle !== null && middle > scenario.targetMs) return { isKept: false, word: 'TOO SLOW' };
  return { isKept: true, word: 'kept' };
}

async function measure(engineName, chosen, runs, results) {
  const laboratory = await openLaboratory(engines[engineName], at('build', 'laboratory', engineName));
  console.log(`\n${laboratory.name} ${laboratory.version}`);
  results[engineName] ??= { scenarios: {} };
  results[engineName].name = laboratory.name;
  results[engineName].version = laboratory.version;
  let allKept = true;
  try {
    for (const scenario of chosen) {
      const wanted = runs ?? Math.min(usualRuns[engineName], scenario.runsMax ?? Infinity);
      const result = await repeat(async () => {
        try {
          return await laboratory.run(scenario);
        } catch (error) {
          // A browser that has come to an end must not fail all that follows.
          await laboratory.reopen();
          throw error;
        }
      }, wanted);
      const { isKept, word } = verdict(scenario, result);
      allKept &&= isKept;
      results[engineName].scenarios[scenario.name] = result;
      const figures = result.cannot ?? `${result.whole} of ${result.runs}, median ${seconds(median(result.times))}`;
      console.log(`  ${scenario.name.padEnd(20)} ${word.padEnd(20)} ${figures}${notesOf(result, '; ')}`);
      for (const sentence of result.broken) console.log(`    ${sentence}`);
    }
  } finally {
    await laboratory.close();
  }
  return allKept;
}

const notesOf = ({ notes }, prefix) =>
  notes.length === 0 ? '' : prefix + notes.map(([note, count]) => (notes.length === 1 ? note : `${note} (${count})`)).join('; ');

function cell(scenario, result) {
  if (result === undefined) return 'not measured';
  if (result.cannot !== null) return 'cannot be expressed ¹';
  const { isKept, word } = verdict(scenario, result);
  const figures = `${result.whole} of ${result.runs}`;
  const slowest = result.times.length === 0 ? null : Math.max(...result.times);
  const times = result.times.length === 0 ? '' : ` · ${seconds(median(result.times))} (≤ ${seconds(slowest)})`;
  return `${isKept ? '' : `**${word}** `}${figures}${times}${notesOf(result, '; ')}`;
}

function figures(results) {
  const names = Object.keys(engines).filter((name) => results[name] !== undefined);
  const lines = [
    `| | situation | time | ${names.map((name) => `${results[name].name} ${results[name].version}`).join(' | ')} |`,
    `|---|---|---|${names.map(() => '---|').join('')}`,
  ];
  for (const scenario of scenarios) {
    const measured = names.map((name) => results[name].scenarios[scenario.name]);
    if (measured.every((result) => result === undefined)) continue;
    const target = scenario.targetMs === undefined ? '' : `, at most ${seconds(scenario.targetMs)}`;
    const cells = measured.map((result) => cell(scenario, result)).join(' | ');
    lines.push(`| \`${scenario.name}\` | ${scenario.title} | ${scenario.measured}${target} | ${cells} |`);
  }
  const reasons = new Map();
  for (const name of names) {
    for (const [scenario, { cannot }] of Object.entries(results[name].scenarios)) {
      if (cannot === null) continue;
      const reason = `${results[name].name}: ${cannot}`;
      reasons.set(reason, [...(reasons.get(reason) ?? []), `\`${scenario}\``]);
    }
  }
  const notes = [...reasons].map(([reason, where]) => `- ${reason}: ${where.join(', ')}.`);
  const cannot = notes.length === 0 ? [] : ['', '¹ What an engine cannot express, and why:', '', ...notes];
  const failures = names.flatMap((name) =>
    Object.entries(results[name].scenarios).flatMap(([scenario, { broken }]) =>
      broken.map((sentence) => `- ${results[name].name}, \`${scenario}\`: ${sentence}`),
    ),
  );
  const red = failures.length === 0 ? [] : ['', 'What did not hold:', '', ...failures];
  return [...lines, ...cannot, ...red].join('\n');
}

function writeDocument(results) {
  const text = readFileSync(document, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new CommandFailed('docs/laboratory.md has lost the marks between which its figures stand.');
  writeWhole(document, `${text.slice(0, from + begin.length)}\n\n${figures(results)}\n\n${text.slice(to)}`);
}

/** @returns {string[]} what the table would lack */
const notMeasured = (results) =>
  Object.keys(engines).flatMap((engine) =>
    scenarios.filter(({ name }) => results[engine]?.scenarios[name] === undefined).map(({ name }) => `${name} in ${engine}`),
  );

await main(async () => {
  const { browsers, chosen, runs } = options();
  await setup('test');
  useOwnTemporaryFolder();
  await build();
  const missing = browsers.filter((name) => !existsSync(programs[name]));
  if (missing.length > 0) throw new CommandFailed(`Not installed: ${missing.map((name) => programs[name]).join(', ')}.`);
  mkdirSync(at('build', 'laboratory'), { recursive: true });
  const results = existsSync(resultsPath) ? JSON.parse(readFileSync(resultsPath, 'utf8')) : {};
  let allKept = true;
  for (const browser of browsers) {
    const measured = {};
    allKept = (await measure(browser, chosen, runs, measured)) && allKept;
    const { scenarios: fresh, ...engine } = measured[browser];
    results[browser] = { ...engine, scenarios: { ...results[browser]?.scenarios, ...fresh } };
    writeWhole(resultsPath, JSON.stringify(results, null, 1));
  }
  const unmeasured = notMeasured(results);
  if (unmeasured.length === 0) writeDocument(results);
  else console.log(`\ndocs/laboratory.md is left as it is: ${unmeasured.length} rows are not measured yet, the first ${unmeasured[0]}.`);
  console.log(allKept ? '\nEverything that is promised held.' : '\nNot everything that is promised held.');
  return allKept ? 0 : 1;
});
