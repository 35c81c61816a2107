// Makes sure of everything a command needs: Node, Debian's packages, npm's packages. Does nothing twice, says what it
// installs, and stops with one sentence where something cannot be had. Uses nothing but Node itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { at, hashOf, writeWhole } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';

const nodeMajorMin = 20;

/** Debian's packages, and how to see on another system that what they hold is there. */
const buildPackages = {
  emscripten: 'em++',
  cmake: 'cmake',
  'ninja-build': 'ninja',
  'nlohmann-json3-dev': null, // CMake downloads the headers where no package has them.
};
const debugPackages = { ...buildPackages, 'doctest-dev': null };
/** For the simulation, the search, the fleet, the fuzzers and the mutants. */
const nativePackages = {
  ...debugPackages,
  'clang-14': 'clang++-14',
  'libclang-rt-14-dev': null, // The sanitizers; clang only recommends it.
  'llvm-14': null, // Symbols in the sanitizers' reports.
};
const testPackages = {
  ...nativePackages,
  'clang-format-14': 'clang-format-14',
  'clang-tidy-14': 'clang-tidy-14',
  'g++': 'g++',
  'libbenchmark-dev': null, // So that clang-tidy can read the benchmark.
  chromium: 'chromium',
  'fonts-liberation': null, // Text in screenshots; chromium only recommends it.
  'fonts-dejavu-core': null, // What fontconfig gives for "serif"; without an answer to that WebKit's web process aborts.
  python3: 'python3', // The backend guide's second language, and what its program uses.
  'python3-cryptography': null,
  'python3-flask': null,
  'python3-jwt': null,
  'firefox-esr': 'firefox-esr',
  'webkit2gtk-driver': 'WebKitWebDriver',
  xvfb: 'Xvfb', // WebKit's browser needs a display.
  xauth: 'xauth', // xvfb-run asks for it; xvfb only recommends it.
};
const benchPackages = {
  ...debugPackages,
  'clang-14': 'clang++-14',
  chromium: 'chromium',
  'libbenchmark-dev': null,
};
const packagesFor = { build: buildPackages, debug: debugPackages, native: nativePackages, test: testPackages, bench: benchPackages };

async function quietly(command, args) {
  return run('', command, args, { quiet: true, anyExit: true, timeoutMs: 60_000 });
}

function commandExists(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, command)));
}

async function missingDebianPackages(names) {
  const { output } = await quietly('dpkg-query', ['--show', '--showformat=${Package} ${db:Status-Status}\\n', ...names]);
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

async function ensureSystemPackages(packages) {
  const names = Object.keys(packages);
  if (!commandExists('apt-get') || !commandExists('dpkg-query')) {
    const absent = names.filter((name) => packages[name] !== null && !commandExists(packages[name]));
    if (absent.length === 0) return;
    throw new CommandFailed(
      `This system has no apt-get; please install by hand what Debian 12 calls ${absent.join(', ')} (so that ${absent
        .map((name) => packages[name])
        .join(', ')} can be found), and run this command again.`,
    );
  }
  const missing = await missingDebianPackages(names);
  if (missing.length === 0) return;

  const isRoot = process.getuid?.() === 0;
  const byHand = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!isRoot) {
    if (!commandExists('sudo')) {
      throw new CommandFailed(
        `These packages are missing, and there is neither root nor sudo to install them; as root, run: ${byHand}`,
      );
    }
    const { code } = await quietly('sudo', ['-n', 'true']);
    if (code !== 0 && process.stdin.isTTY !== true) {
      throw new CommandFailed(
        `These packages are missing, and sudo asks for a password that cannot be typed here; run: sudo ${byHand}`,
      );
    }
    if (code !== 0) await askForPassword();
  }
  console.log(`Installing from Debian: ${missing.join(' ')}`);
  const apt = (label, args) => {
    const words = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    const [command, ...rest] = isRoot ? words : ['sudo', ...words];
    return run(label, command, rest, { timeoutMs: 30 * 60_000 });
  };
  try {
    await apt('Reading the list of packages', ['update']);
    await apt('Installing packages', ['install', '--yes', '--no-install-recommends', ...missing]);
  } catch (error) {
    throw new CommandFailed(`Debian's packages could not be installed; please install them by hand: ${byHand}`, error.output);
  }
}

/** sudo reads the password from the terminal itself. */
async function askForPassword() {
  const { spawnSync } = await import('node:child_process');
  if (spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status !== 0) {
    throw new CommandFailed('sudo was refused, so the missing packages cannot be installed.');
  }
}

async function ensureNpmPackages() {
  const stamp = at('node_modules', '.linktrail-lock');
  const wanted = hashOf(at('package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing from npm: the packages of package-lock.json');
  try {
    // None of the packages needs its install script: all of them bring what they need ready-made.
    await run('npm ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: at(), timeoutMs: 10 * 60_000 });
  } catch (error) {
    throw new CommandFailed('The npm packages could not be installed; is the npm registry reachable?', error.output);
  }
  writeWhole(stamp, wanted);
}

/**
 * Makes sure of what is needed to build and run the demo, to run the core unoptimised or natively, to test, or to measure.
 * @param {'build' | 'debug' | 'native' | 'test' | 'bench'} purpose
 */
export async function setup(purpose) {
  if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
    throw new CommandFailed(`Node ${nodeMajorMin} or later is needed, this is ${process.versions.node}.`);
  }
  await ensureSystemPackages(packagesFor[purpose]);
  await ensureNpmPackages();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await setup('test');
    return 0;
  });
}
