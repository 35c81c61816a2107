// Breaks the core on purpose, one promise at a time, in a copy, and demands that the search or the simulation notices.
// `--write` puts the table into docs/simulation.md.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { at } from './repository.mjs';
import { CommandFailed, main, run, secondsSince } from './run_command.mjs';
import { setup } from './setup.mjs';
import { isWriting, writeFigures } from './simulation_document.mjs';

const copy = at('build', 'mutants');
const searchArgs = ['--states', '30000'];
const simulateArgs = ['--seeds', '1..6000', '--failures', at('build', 'mutants', 'failures')];

const asking = 'wasm/core/asking.cpp';
const delivery = 'wasm/core/delivery.cpp';

/** Each replaces one piece of text, which must occur exactly once. */
const mutants = [
  {
    name: 'a record is erased as soon as it was sent',
    file: delivery,
    from: 'effect.is_keepalive = record.is_keepalive;\n}',
    to: 'effect.is_keepalive = record.is_keepalive;\n  emit<Erase>(effects_).key = record.key;\n}',
  },
  {
    name: '`Retry-After` is not looked at',
    file: delivery,
    from: 'const auto asked_ms = retry_after_ms(answer.retry_after, answer.date, now_.wall_ms);',
    to: 'const std::optional<std::int64_t> asked_ms;',
  },
  {
    name: '`Retry-After` does not outlive the page',
    file: 'wasm/core/record.cpp',
    from: 'floor_ms = remaining_ms(bounded(object, "floor_ms", floor_ms_max), written_ms, now.wall_ms);',
    to: 'floor_ms = remaining_ms(0 * bounded(object, "floor_ms", floor_ms_max), written_ms, now.wall_ms);',
  },
  {
    name: 'what was recorded since another page forgot is forgotten too',
    file: delivery,
    from: 'record.created_ms > at_wall_ms && record.created_ms <= now_.wall_ms;',
    to: 'record.created_ms > now_.wall_ms;',
  },
  {
    name: 'the owner is forgotten',
    file: delivery,
    from: '  if (address->scope != state_.scope.value) {\n    // Somebody',
    to: '  if (address->scope.empty()) {\n    // Somebody',
  },
  {
    name: 'a key is used for another meaning',
    file: 'wasm/core/report.cpp',
    from: 'key += wire(session.summary.outcome);',
    to: 'key += "any";',
  },
  {
    name: 'no jitter',
    file: 'wasm/core/retry.cpp',
    from: 'return static_cast<std::int64_t>(z % (static_cast<std::uint64_t>(max) + 1));',
    to: 'return z == 0 ? 0 : max;',
  },
  {
    name: 'a report is sent before it is stored',
    file: delivery,
    from: '  store(*record, report_json);\n  // A completion leaves',
    to: '  if (!is_completion(record->report)) store(*record);\n  // A completion leaves',
    and: [
      {
        from: 'if (is_completion(record->report)) post(*record, std::move(report_json));',
        to: 'if (is_completion(record->report)) {\n    post(*record);\n    store(*record);\n  }',
      },
    ],
  },
  {
    name: 'a refused report is dropped',
    file: delivery,
    from: '  retry(record, verdict);\n  store(record);',
    to: '  if (verdict == Verdict::Refused) {\n    drop(record, DeliveryState::Refused);\n    return;\n  }\n  retry(record, verdict);\n  store(record);',
  },
  {
    name: 'a weaker report replaces a stronger one',
    file: delivery,
    from: 'const bool is_superseded = own != nullptr && !is_stronger(record.report, own->report);',
    to: 'const bool is_superseded = false;',
  },
  {
    name: 'a redirect counts as an acknowledgement',
    file: 'wasm/core/retry.cpp',
    from: 'case AnswerKind::Redirected: return Verdict::Reauthorize;',
    to: 'case AnswerKind::Redirected: return Verdict::Delivered;',
  },
  {
    name: 'what was taken over is not stored',
    file: delivery,
    from: '*own = std::move(record);\n    store(*own);',
    to: '*own = std::move(record);',
  },
  {
    name: 'what was taken over is erased before its copy is safe',
    file: delivery,
    from: 'bool is_safe(const Record& record) { return record.durability >= Durability::Browser; }',
    to: 'bool is_safe(const Record& record) { return record.durability >= Durability::Memory; }',
  },
  {
    name: 'a completion waits for `Retry-After`',
    file: delivery,
    from: 'if (is_completion(record->report)) post(*record, std::move(report_json));',
    to: 'if (is_completion(record->report)) record->is_keepalive = true;',
  },
  {
    name: 'a waiting report is not woken for',
    file: delivery,
    from: 'if (record.state == DeliveryState::Waiting && has_slot) consider(due_ms_of(record));',
    to: 'if (record.state == DeliveryState::Waiting && has_slot && record.failures < 2) consider(due_ms_of(record));',
  },
  {
    name: 'no limit to requests at a time',
    file: delivery,
    from: 'if (state_.in_flight.size() < limits::posts_in_flight_max) post(record);',
    to: 'post(record);',
  },
  {
    name: 'a report that is given up is not told of',
    file: delivery,
    from: '  settle(std::move(receipt));\n}\n\nvoid Delivery::erase',
    to: '  if (state != DeliveryState::Expired) settle(std::move(receipt));\n}\n\nvoid Delivery::erase',
  },
  {
    name: 'of two outcomes with one time the first stays',
    file: 'wasm/core/report.cpp',
    from: 'return a.outcome > b.outcome;',
    to: 'return false;',
  },
  {
    name: 'a hidden page asks for its verdict',
    file: asking,
    from: 'state_.asked.empty() || state_.is_hidden ||',
    to: 'state_.asked.empty() ||',
  },
  {
    name: 'no end to asking for a verdict',
    file: asking,
    from: 'asked.attempts >= limits::asks_max || now_.monotonic_ms - state_.inquiry.began_ms > limits::asking_ms_max;',
    to: 'asked.attempts > 40;',
  },
  {
    name: 'an ask does not heed `Retry-After`',
    file: asking,
    from: 'asked.due_ms = now_.monotonic_ms + ceiling_ms / 2',
    to: 'state_.endpoint_floor_ms = asked.floor_ms = 0;\n  asked.due_ms = now_.monotonic_ms + ceiling_ms / 2',
  },
];

function mutated(text, { name, from, to, and = [] }) {
  let result = text;
  for (const edit of [{ from, to }, ...and]) {
    if (result.split(edit.from).length !== 2) throw new CommandFailed(`The core no longer has the place to break: ${name}.`, edit.from);
    result = result.replace(edit.from, () => edit.to);
  }
  return result;
}

const programs = ['search', 'simulate'];

async function compile() {
  const options = { cwd: copy, quiet: true, timeoutMs: 15 * 60_000 };
  await run('configure', 'cmake', ['--preset', 'release'], options);
  await run('build', 'cmake', ['--build', '--preset', 'release', '--target', ...programs], options);
}

/** The first program that notices, and what it says; nothing when none does. */
async function judge() {
  const path = (name) => at('build', 'mutants', 'build', 'release', 'tests', 'simulation', name);
  for (const [name, args] of [['search', searchArgs], ['simulate', simulateArgs]]) {
    const { code, output } = await run(name, path(name), args, { quiet: true, anyExit: true, timeoutMs: 300_000 });
    if (code === 0) continue;
    const said = /(?:A promise is broken: |breaks a promise after \d+ ms: )(.*)/.exec(output)?.[1] ?? output.trim().split('\n')[0];
    return { by: name, said: said.replace(/: idv_.*| \S*:completed.*/, '').replace(/\s*:[ \d]+$/, '') };
  }
  return undefined;
}

await main(async () => {
  await setup('native');
  const started = performance.now();
  for (const part of ['wasm', 'cmake', 'tests/simulation', 'tests/fuzz', 'tests/bench']) {
    rmSync(at('build', 'mutants', part), { recursive: true, force: true });
    cpSync(at(part), at('build', 'mutants', part), { recursive: true });
  }
  for (const file of ['CMakeLists.txt', 'CMakePresets.json', 'package.json']) cpSync(at(file), at('build', 'mutants', file));
  mkdirSync(at('build', 'mutants', 'failures'), { recursive: true });
  await compile();
  if (await judge()) throw new CommandFailed('The unbroken core is found guilty; nothing can be learned from broken ones.');
  const rows = [];
  for (const mutant of mutants) {
    const file = at('build', 'mutants', mutant.file);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, mutated(text, mutant));
    await compile();
    const caught = await judge();
    writeFileSync(file, text);
    rows.push({ ...mutant, caught });
    console.log(`${caught ? 'caught' : 'MISSED'}  ${mutant.name}${caught ? ` — ${caught.by}: ${caught.said}` : ''}`);
  }
  const missed = rows.filter(({ caught }) => caught === undefined);
  const table = [
    '| the core, broken | noticed by | which said |',
    '|---|---|---|',
    ...rows.map(({ name, caught }) => `| ${name} | ${caught?.by ?? 'nobody'} | ${caught?.said ?? ''} |`),
  ].join('\n');
  if (isWriting() && missed.length === 0) writeFigures('mutants', table);
  console.log(`${rows.length - missed.length} of ${rows.length} mutants were caught (${secondsSince(started)}).`);
  return missed.length === 0 ? 0 : 1;
});
