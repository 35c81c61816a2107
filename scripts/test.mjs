// Runs every test there is, counts them, and closes with one line: how many passed and how many failed.
import { existsSync, readdirSync } from 'node:fs';
import { build, cmakeBuild } from './build.mjs';
import { installAside } from './install_aside.mjs';
import { alone, at, filesUnder, useOwnTemporaryFolder } from './repository.mjs';
import { CommandFailed, main, run, secondsSince } from './run_command.mjs';
import { setup } from './setup.mjs';

const suiteMsMax = 10 * 60_000;
/** The longest suite is all work for the processor, of which a slow machine has little. */
const tidyMsMax = 20 * 60_000;
const lanes = 2;

/** @typedef {{ passed: number, failed: number, output: string }} Counts */

/** A suite that executes nothing is a suite that checks nothing. */
function counted(what, passed, failed, output, code) {
  if (passed + failed === 0) return { passed: 0, failed: 1, output: `${output}\n${what}: no test was executed.` };
  if (code !== 0 && failed === 0) return { passed, failed: 1, output: `${output}\n${what} ended with code ${code}.` };
  return { passed, failed, output };
}

function sum(results) {
  return results.reduce(
    (total, { passed, failed, output }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      output: failed === 0 ? total.output : `${total.output}${output}\n`,
    }),
    { passed: 0, failed: 0, output: '' },
  );
}

const quiet = { cwd: at(), quiet: true, anyExit: true, timeoutMs: suiteMsMax };

/** doctest's own summary, or a last line of the form "N passed, M failed". */
function parseCounts(what, { code, output }) {
  const doctest = /test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed(?:\s*\|\s*(\d+) skipped)?/.exec(output);
  const plain = /^(\d+) passed, (\d+) failed\s*$/m.exec(output);
  const [, passed = '0', failed = '0', skipped = '0'] = doctest ?? plain ?? [];
  return counted(what, Number(passed), Number(failed) + Number(skipped), output, code);
}

async function runProgram(what, command, args, more = {}) {
  return parseCounts(what, await run(what, command, args, { ...quiet, ...more }));
}

async function nodeTests(folder, env = {}) {
  const files = testFilesIn(folder);
  // Without a file, Node would look for tests by itself, and find these scripts.
  if (files.length === 0) return counted(folder, 0, 0, '', 0);
  const { code, output } = await run(folder, process.execPath, ['--test', '--test-reporter=spec', ...files], {
    ...quiet,
    env: { NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  });
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  // The reporter lists what failed once more at its end; that list is enough.
  const failing = output.lastIndexOf('✖ failing tests:');
  const shown = failing === -1 ? output : output.slice(failing);
  // A test that is skipped or left for later has not passed.
  return counted(folder, count('pass'), count('fail') + count('cancelled') + count('skipped') + count('todo'), shown, code);
}

async function typeCheck(project) {
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '--noEmit', '--pretty', 'false', '--project', at(project)];
  const { code, output } = await run(project, process.execPath, args, quiet);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

async function formatCheck() {
  const files = ['wasm', 'tests'].flatMap((folder) => filesUnder(at(folder))).filter((file) => /\.[ch]pp$/.test(file));
  const { code, output } = await run('clang-format', 'clang-format-14', ['--dry-run', '-Werror', ...files], quiet);
  return counted('clang-format', code === 0 ? files.length : 0, code === 0 ? 0 : 1, output, code);
}

const cppIn = (folder) => filesUnder(at(folder)).some((file) => file.endsWith('.cpp'));
const testFilesIn = (folder) =>
  existsSync(at(folder))
    ? readdirSync(at(folder), { recursive: true })
        .map((name) => at(folder, name))
        .filter((name) => name.endsWith('.test.mjs'))
        .sort()
    : [];

const programFolders = { core_tests: 'tests/core', scenario_runner: 'tests/scenarios' };

/** The C++ test programs of a preset, built once however many suites run them. */
const programs = new Map();
function testPrograms(preset) {
  if (!programs.has(preset)) {
    const targets = [];
    for (const [program, folder] of Object.entries(programFolders)) if (cppIn(folder)) targets.push(program);
    programs.set(preset, cmakeBuild(preset, targets, `the tests (${preset})`, { quiet: true }));
  }
  return programs.get(preset);
}

/** All that is optimised, since it runs long, in one build: two at once would spoil each other's files. */
let optimised;
const buildOptimised = () =>
  (optimised ??= cmakeBuild('release', ['simulate', 'search', 'fuzz_all'], 'the simulation and the fuzzers', { quiet: true }));

/** Whole lives and a small world, searched. */
async function simulationSuite(program, args) {
  await buildOptimised();
  return runProgram(program, at('build', 'release', 'tests', 'simulation', program), args);
}

async function cppSuite(preset, program, args) {
  if (!cppIn(programFolders[program])) return counted(programFolders[program], 0, 0, '', 0);
  await testPrograms(preset);
  const path = at('build', preset, program);
  return preset === 'wasm-test'
    ? runProgram(program, process.execPath, [`${path}.cjs`, ...args])
    : runProgram(program, path, args);
}

/** In the order in which they are reported. A suite whose folder does not exist is left out. */
function suites() {
  const doctest = ['--no-colors=true'];
  const scenarios = [at('tests', 'scenarios')];
  // What the native run was told and answered, which the shipped module is then held to.
  const record = at('build', 'native', 'scenarios.jsonl');
  let nativeScenarios;
  const playNatively = () =>
    (nativeScenarios ??= cppSuite('native', 'scenario_runner', [...scenarios, '--record', record]));
  const core = existsSync(at('tests', 'core'));
  const scenarioPrograms = cppIn('tests/scenarios');
  const node = (name, folder, more = {}) => {
    return { name, needed: existsSync(at(folder)), run: () => nodeTests(folder), ...more };
  };
  return [
    {
      name: 'types: the TypeScript compiler over web/ and tests/',
      needed: true,
      run: async () => sum([await typeCheck('tsconfig.json'), await typeCheck('tsconfig.node.json')]),
    },
    { name: 'format: clang-format over all C++', needed: true, run: formatCheck },
    { name: 'size: the limits, and what the documents claim', needed: true, run: () => runProgram('size', process.execPath, [at('scripts', 'size.mjs')]) },
    {
      name: 'tidy: clang-tidy over all C++',
      needed: core,
      run: async () => {
        // It configures what the native suites build.
        await testPrograms('native');
        return runProgram('clang-tidy', process.execPath, [at('scripts', 'tidy.mjs')], { timeoutMs: tidyMsMax });
      },
    },
    { name: 'core, native with ASan and UBSan', needed: core, run: () => cppSuite('native', 'core_tests', doctest) },
    { name: 'core, g++ with warnings as errors', needed: core, run: () => cppSuite('gcc', 'core_tests', doctest) },
    { name: 'core, as WebAssembly in Node', needed: core, run: () => cppSuite('wasm-test', 'core_tests', doctest) },
    {
      name: 'scenarios, native with ASan and UBSan',
      needed: scenarioPrograms,
      run: playNatively,
    },
    {
      name: 'scenarios, as WebAssembly in Node',
      needed: scenarioPrograms,
      run: () => cppSuite('wasm-test', 'scenario_runner', scenarios),
    },
    {
      name: 'scenarios, on the shipped module',
      needed: testFilesIn('tests/scenarios').length > 0,
      run: async () => {
        if (scenarioPrograms) await playNatively();
        return nodeTests('tests/scenarios', { LINKTRAIL_SCENARIO_RECORD: record });
      },
    },
    {
      name: 'debug: the scenarios on the unoptimised module, checked',
      needed: true,
      run: async () => {
        if (scenarioPrograms) await playNatively();
        await cmakeBuild('wasm-debug', ['linktrail_wasm', 'linktrail_link_wasm'], 'the unoptimised module', { quiet: true });
        return nodeTests('tests/debug', { LINKTRAIL_SCENARIO_RECORD: record });
      },
    },
    {
      name: 'simulation: whole lives from fixed seeds',
      needed: true,
      run: () => simulationSuite('simulate', ['--seeds', '1..20000', '--regressions', at('tests', 'simulation', 'regressions')]),
    },
    { name: 'search: all orders of events in a small world', needed: true, run: () => simulationSuite('search', ['--states', '60000']) },
    {
      name: 'fuzz: the kept inputs and a short run of each target',
      needed: true,
      run: async () => {
        await buildOptimised();
        return runProgram('fuzz', process.execPath, [at('scripts', 'fuzz.mjs'), '--short']);
      },
    },
    node('web: the built package in Node', 'tests/web'),
    node('testing: the stand-in for Link that customers test with', 'tests/testing'),
    node('analytics: each fact once, and the recipes', 'tests/analytics'),
    {
      name: 'recorder: what is recorded, what never is, and its replay',
      needed: true,
      run: async () => {
        await testPrograms('native');
        return nodeTests('tests/recorder');
      },
    },
    node('timeline: a recording in Chromium, Firefox and WebKit', 'tests/timeline'),
    node('bench: what it claims besides its figures', 'tests/bench'),
    node('demo', 'tests/demo'),
    node('packaging: the packed tarball', 'tests/packaging'),
    node('guides: the examples of the documents', 'tests/guides'),
    node('types: of the packed tarball, for the newest and the oldest compiler', 'tests/types'),
    {
      name: 'frameworks: React and Vue, newest and oldest, in three engines and on a server',
      needed: true,
      run: async () => {
        await installAside('the oldest frameworks', at('tests', 'frameworks', 'oldest'), at('build', 'oldest-frameworks'));
        return nodeTests('tests/frameworks');
      },
    },
    node('link: the driver, in Node and in three engines', 'tests/link'),
    node('progress: the element in Chromium, Firefox and WebKit', 'tests/progress'),
    // By itself, so that the other suites do not take the time that a page has.
    node('browser: the demo in Chromium', 'tests/browser', { alone: true }),
    {
      name: 'strictness: the packed tarball under strict policies in Chromium, Firefox and WebKit',
      needed: true,
      alone: true,
      run: async () => {
        await playNatively();
        return nodeTests('tests/strictness', { LINKTRAIL_SCENARIO_RECORD: record });
      },
    },
    node('laboratory: faults in Chromium, each once', 'tests/laboratory', { alone: true }),
    {
      name: 'oldest: every scenario, every fault and every entry in the oldest browser that is promised',
      needed: true,
      alone: true,
      run: async () => {
        await playNatively();
        return nodeTests('tests/oldest', { LINKTRAIL_SCENARIO_RECORD: record });
      },
    },
  ].filter(({ needed }) => needed);
}

async function attempt(suite) {
  try {
    return await suite.run();
  } catch (error) {
    const known = error instanceof CommandFailed;
    return { passed: 0, failed: 1, output: known ? `${error.output.trimEnd()}\n${error.message}` : String(error.stack) };
  }
}

/** Two suites at a time; each is reported as soon as those before it have been. */
async function runAll(all) {
  const results = new Map();
  const active = new Map();
  const terminal = process.stdout.isTTY === true;
  const clear = () => terminal && process.stdout.write('\r\x1b[2K');
  let reported = 0;
  const report = () => {
    clear();
    for (; reported < all.length && results.has(all[reported]); reported++) {
      const { passed, failed, output, time } = results.get(all[reported]);
      const word = failed === 0 ? 'ok    ' : 'FAILED';
      console.log(`${word} ${all[reported].name}: ${passed} passed, ${failed} failed (${time})`);
      if (failed > 0) console.log(output.trimEnd().replace(/^/gm, '    '));
    }
  };
  const status = () => [...active].map(([suite, started]) => `${suite.name} ${secondsSince(started)}`).join('; ');
  const show = () => {
    const line = `… ${status()}`;
    if (terminal) process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else console.log(line);
  };
  const timer = setInterval(show, terminal ? 250 : 20_000);
  const one = async (suite) => {
    const started = performance.now();
    active.set(suite, started);
    const result = await attempt(suite);
    active.delete(suite);
    results.set(suite, { ...result, time: secondsSince(started) });
    report();
  };
  const together = all.filter((suite) => suite.alone !== true);
  const lane = async () => {
    for (let suite = together.shift(); suite !== undefined; suite = together.shift()) await one(suite);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const suite of all.filter(({ alone: byItself }) => byItself === true)) await one(suite);
  clearInterval(timer);
  clear();
  return sum([...results.values()]);
}

await main(async () => {
  const started = performance.now();
  await setup('test');
  useOwnTemporaryFolder();
  await build();
  if (existsSync(at('web', 'demo'))) {
    const { buildDemo } = await import('./build-demo.mjs');
    await alone(buildDemo);
  }
  const { passed, failed } = await alone(() => runAll(suites()));
  console.log(`\nAll suites took ${secondsSince(started)}.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
