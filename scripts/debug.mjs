// Runs the core unoptimised and checked in Node: the tests of C++, the scenarios, and the module in the same scenarios. Slow, and for
// people: what an optimised core would carry on after stops here, with the names of the functions it was in.
import { cmakeBuild } from './build.mjs';
import { alone, at, filesUnder } from './repository.mjs';
import { main, run } from './run_command.mjs';
import { setup } from './setup.mjs';

const built = (name) => at('build', 'wasm-debug', name);
const record = built('scenarios.jsonl');
const targets = ['linktrail_wasm', 'linktrail_link_wasm', 'core_tests', 'scenario_runner'];

async function node(label, args, env) {
  // Unoptimised, a call of ours is a dozen frames deep in the standard library.
  await run(label, process.execPath, ['--stack-trace-limit=50', ...args], { cwd: at(), env });
}

await main(async () => {
  await setup('debug');
  await alone(() => cmakeBuild('wasm-debug', targets, 'the core, unoptimised and checked'));
  await node('The tests of C++', [built('core_tests.cjs'), '--no-colors=true']);
  await node('The scenarios in C++', [built('scenario_runner.cjs'), at('tests', 'scenarios'), '--record', record]);
  const tests = filesUnder(at('tests', 'debug')).filter((name) => name.endsWith('.test.mjs'));
  await node('The scenarios on the module', ['--test', '--test-reporter=spec', ...tests], { LINKTRAIL_SCENARIO_RECORD: record });
  return 0;
});
