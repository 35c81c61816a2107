// Runs the fuzz targets. `--short` is what `npm test` runs; otherwise `--executions N` (default a hundred million in all),
// and `--write` puts the figures into docs/simulation.md. What is found lands in tests/fuzz/corpus, where every later
// run replays it.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cmakeBuild } from './build.mjs';
import { alone, at } from './repository.mjs';
import { main, run, secondsSince } from './run_command.mjs';
import { setup } from './setup.mjs';
import { isWriting, numberOption, thousands, writeFigures } from './simulation_document.mjs';

/** A hundredth of the executions runs with sanitizers, which are slow; whole event streams are slower still. */
const targets = [
  { name: 'small_texts', share: 0.93, lengthMax: 600 },
  { name: 'stored_text', share: 0.04, lengthMax: 3_000 },
  { name: 'parse_event', share: 0.029, lengthMax: 3_000 },
  { name: 'event_stream', share: 0.001, lengthMax: 400 },
];
const sanitizedShare = 0.01;
const shortSeconds = 3;

const program = (name) => at('build', 'release', 'tests', 'fuzz', name);

/** One libFuzzer run over the kept inputs and what earlier runs found interesting here. */
async function fuzz(prefix, { name, lengthMax }, limit) {
  const kept = at('tests', 'fuzz', 'corpus', name);
  const grown = at('build', 'fuzz', name);
  mkdirSync(grown, { recursive: true });
  const args = [grown, kept, limit, `-max_len=${lengthMax}`, `-artifact_prefix=${kept}/finding-`, '-print_final_stats=1', '-verbosity=1'];
  const started = performance.now();
  const label = `Fuzzing ${name} (${prefix === 'fuzz' ? 'with sanitizers' : 'fast'})`;
  const { code, output } = await run(label, program(`${prefix}_${name}`), args, { anyExit: true, timeoutMs: 12 * 3_600_000 });
  const executions = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? 0);
  if (code !== 0) process.stdout.write(output.slice(-4_000));
  return { name, prefix, executions, seconds: (performance.now() - started) / 1000, passed: code === 0 && executions > 0 };
}

async function briefly() {
  await alone(() => cmakeBuild('release', ['fuzz_all'], 'the fuzzers', { quiet: true }));
  const results = [];
  for (const target of targets) results.push(await fuzz('fuzz', target, `-max_total_time=${shortSeconds}`));
  return results;
}

async function long(executions) {
  await alone(() => cmakeBuild('release', ['fuzz_all', 'fuzz_fast_all'], 'the fuzzers'));
  const results = [];
  for (const target of targets) {
    const runs = (share) => `-runs=${Math.max(1_000, Math.round(executions * target.share * share))}`;
    results.push(await fuzz('fuzz', target, runs(sanitizedShare)));
    results.push(await fuzz('fuzz_fast', target, runs(1 - sanitizedShare)));
  }
  return results;
}

function table(results) {
  const rows = targets.map(({ name }) => {
    const of = (prefix) => results.filter((result) => result.name === name && result.prefix === prefix);
    const sum = (list, key) => list.reduce((total, result) => total + result[key], 0);
    const fast = of('fuzz_fast');
    const rate = sum(fast, 'executions') / Math.max(0.001, sum(fast, 'seconds'));
    return `| ${name} | ${thousands(sum(of('fuzz'), 'executions'))} | ${thousands(sum(fast, 'executions'))} | ${thousands(rate)} |`;
  });
  const all = results.reduce((total, { executions }) => total + executions, 0);
  return [
    '| target | executions with sanitizers | executions without | of these per second |',
    '|---|---|---|---|',
    ...rows,
    '',
    `${thousands(all)} executions in all, no finding open.`,
  ].join('\n');
}

await main(async () => {
  const started = performance.now();
  await setup('native');
  const isShort = process.argv.includes('--short');
  const results = isShort ? await briefly() : await long(numberOption('executions', 100_000_000));
  const failed = results.filter(({ passed }) => !passed).length;
  if (!isShort) {
    console.log(table(results));
    if (isWriting() && failed === 0) writeFigures('fuzz', table(results));
  }
  const findings = targets.flatMap(({ name }) => {
    const folder = at('tests', 'fuzz', 'corpus', name);
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith('finding-')).map((file) => `${name}/${file}`) : [];
  });
  if (failed > 0) console.log(`Findings: ${findings.join(', ')}`);
  console.log(`Fuzzing took ${secondsSince(started)}.`);
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
