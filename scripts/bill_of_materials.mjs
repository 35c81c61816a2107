// What is compiled into dist/, in CycloneDX's JSON. It holds no time and no serial number: the same build is the same bill.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './repository.mjs';
import { CommandFailed, run } from './run_command.mjs';

/** The versions that the compiler itself sees, which need not be those that were asked for. */
async function compiledVersions() {
  const thirdParty = at('build', 'wasm', 'third_party');
  const options = { cwd: at(), quiet: true, timeoutMs: 120_000 };
  const args = ['-std=c++20', '-fno-exceptions', '-isystem', thirdParty, '-include', 'nlohmann/json.hpp', '-x', 'c++', '-dM', '-E', '/dev/null'];
  const { output } = await run('Reading the versions of what is compiled in', 'em++', args, options);
  const macro = (name) => {
    const found = new RegExp(`^#define ${name} (\\d+)`, 'm').exec(output);
    if (found === null) throw new CommandFailed(`The compiler does not say ${name}.`);
    return Number(found[1]);
  };
  const dotted = (...names) => names.map(macro).join('.');
  const { output: emscripten } = await run('em++ -dumpversion', 'em++', ['-dumpversion'], options);
  const { output: emscriptenRoot } = await run('em-config', 'em-config', ['EMSCRIPTEN_ROOT'], options);
  const musl = readFileSync(join(emscriptenRoot.trim(), 'system', 'lib', 'libc', 'musl', 'VERSION'), 'utf8').trim();
  const libcxx = macro('_LIBCPP_VERSION');
  // 13000 is 13.0; since LLVM 15 the last two digits are the patch: 180108 is 18.1.8.
  const libcxxVersion =
    libcxx < 100_000
      ? `${Math.floor(libcxx / 1_000)}.${Math.floor(libcxx / 100) % 10}`
      : `${Math.floor(libcxx / 10_000)}.${Math.floor(libcxx / 100) % 100}.${libcxx % 100}`;
  return {
    'nlohmann-json': dotted('NLOHMANN_JSON_VERSION_MAJOR', 'NLOHMANN_JSON_VERSION_MINOR', 'NLOHMANN_JSON_VERSION_PATCH'),
    emscripten: emscripten.trim(),
    musl,
    'libc++': libcxxVersion,
  };
}

const sources = {
  'nlohmann-json': { licence: 'MIT', purl: 'pkg:github/nlohmann/json@v' },
  emscripten: { licence: 'MIT', purl: 'pkg:github/emscripten-core/emscripten@' },
  musl: { licence: 'MIT', purl: 'pkg:generic/musl@' },
  'libc++': { licence: 'Apache-2.0 WITH LLVM-exception', purl: 'pkg:generic/libcxx@' },
};

/** @returns {Promise<string>} the bill as JSON text */
export async function billOfMaterials({ name, version, license }) {
  const versions = await compiledVersions();
  const components = Object.entries(sources).map(([component, { licence, purl }]) => ({
    type: 'library',
    'bom-ref': component,
    name: component,
    version: versions[component],
    licenses: [{ expression: licence }],
    purl: `${purl}${encodeURIComponent(versions[component])}`,
  }));
  const product = { type: 'library', 'bom-ref': name, name, version, licenses: [{ license: { id: license } }], purl: `pkg:npm/${name}@${version}` };
  const dependencies = [{ ref: name, dependsOn: components.map((component) => component['bom-ref']) }];
  const bill = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: product }, components, dependencies };
  return `${JSON.stringify(bill, null, 2)}\n`;
}
