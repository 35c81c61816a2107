// The core itself, compiled for this machine: what tests/bench/core_benchmark.cpp measures with Google's benchmark library.
import { cmakeBuild } from '../build.mjs';
import { at } from '../repository.mjs';
import { CommandFailed, run } from '../run_command.mjs';

const repetitions = 5;

/** What each of them is called, and how many nanoseconds its unit has. */
const names = {
  one_event: 'one event: parsed, reduced, its effects written',
  on_success: '`onSuccess`',
  restore_of_50_records: '50 stored records taken over',
  burst_of_10000_events: '10,000 events',
};
const nanoseconds = { ns: 1, us: 1e3, ms: 1e6 };

/** @returns {Promise<{ name: string, ns: number }[]>} medians of the processor's time */
export async function measureNative() {
  await cmakeBuild('release', ['core_benchmark'], 'the benchmark of the core');
  const program = at('build', 'release', 'tests', 'bench', 'core_benchmark');
  const args = ['--benchmark_format=json', `--benchmark_repetitions=${repetitions}`, '--benchmark_report_aggregates_only=true'];
  const { output } = await run('Measuring the core', program, args);
  const { benchmarks } = JSON.parse(output.slice(output.indexOf('{\n')));
  return Object.entries(names).map(([name, title]) => {
    const found = benchmarks.find((row) => row.run_name.split('/')[0] === name && row.aggregate_name === 'median');
    if (found === undefined) throw new CommandFailed(`The benchmark of the core has no row ${name}.`);
    return { name: title, ns: found.cpu_time * nanoseconds[found.time_unit] };
  });
}

function time(ns) {
  if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e4 ? 1 : 0)} µs`;
  return `${(ns / 1e6).toFixed(1)} ms`;
}

export const nativeTable = (found) =>
  ['| the core alone, native | |', '|---|---|', ...found.map(({ name, ns }) => `| ${name} | ${time(ns)} |`)].join('\n');
