// Where things lie in this repository, whether they changed, and who is building in it at the moment.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed } from './run_command.mjs';

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A path in the repository. */
export const at = (...parts) => join(root, ...parts);
/** The parsed package.json. */
export const readPackage = () => JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** All files under a path of the repository, sorted; a file is itself, and what is missing is empty. */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** One hash of the names and contents of all files under the given paths. */
export function hashOf(...paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) {
    const bytes = readFileSync(file);
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * A stage is done when its inputs and its outputs are what they were when it last succeeded. What is missing from the
 * outputs counts as well as what is different.
 */
export function stage(name, inputs, outputs) {
  const stamp = at('build', 'stamps', name);
  const state = () => `${hashOf(...inputs)} ${hashOf(...outputs)}`;
  return {
    isDone: () => existsSync(stamp) && readFileSync(stamp, 'utf8') === state(),
    /** The inputs are hashed before the work, so that an edit made meanwhile is not missed. */
    begin() {
      rmSync(stamp, { force: true });
      const before = hashOf(...inputs);
      return () => {
        mkdirSync(dirname(stamp), { recursive: true });
        writeFileSync(stamp, `${before} ${hashOf(...outputs)}`);
      };
    },
  };
}

/** Replaces a file at once, so that nobody reads half of it. */
export function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/**
 * Gives this process and all that it starts a temporary folder of their own, which goes with it: browsers that are ended leave theirs
 * behind. It is not in the repository, since the path of a browser's socket there may be too long.
 */
export function useOwnTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'linktrail-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}

const lockWaitMs = 15 * 60_000;

/**
 * Runs `body` while no other process builds in this repository. A lock whose holder has died is taken over; what the
 * holder starts is part of it.
 */
export async function alone(body) {
  if (process.env.LINKTRAIL_BUILD_LOCK !== undefined) return body();
  const path = at('build', 'lock');
  mkdirSync(dirname(path), { recursive: true });
  const giveUp = Date.now() + lockWaitMs;
  let said = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = 0;
    try {
      holder = Number(readFileSync(path, 'utf8'));
      if (holder > 0) process.kill(holder, 0);
    } catch (error) {
      if (error.code === 'ESRCH') rmSync(path, { force: true });
      if (error.code !== 'EPERM') continue;
    }
    if (Date.now() > giveUp) {
      throw new CommandFailed(`Process ${holder} has been building here for too long; remove build/lock.`);
    }
    if (!said) console.log(`Another build is running here (process ${holder}), waiting for it …`);
    said = true;
    await sleep(300);
  }
  const release = () => rmSync(path, { force: true });
  process.on('exit', release);
  process.env.LINKTRAIL_BUILD_LOCK = String(process.pid);
  try {
    return await body();
  } finally {
    delete process.env.LINKTRAIL_BUILD_LOCK;
    release();
    process.off('exit', release);
  }
}
