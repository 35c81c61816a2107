/**
 * Starts the compiled core, as WebAssembly or, where that is missing or refused, as JavaScript.
 * It knows where the code comes from and nothing of what it does.
 */

import { browserPlatform } from './platform.js';
import { within } from './within.js';

/** What is on the other side of the boundary: one core, with a memory of its own. */
export interface CoreHandle {
  /**
   * @param eventJson an event as JSON text; with the escape of a lone surrogate in it (`textOf`) all of it is refused
   * @param wallMs `Date.now()`
   * @param monotonicMs `performance.now()`
   * @param entropy a fresh random number in [0, 1)
   * @returns effects as JSON text in UTF-8, good until the next call
   */
  handle(eventJson: string, wallMs: number, monotonicMs: number, entropy: number): Uint8Array;
  /** @returns the present progress as JSON text in UTF-8, good until the next call */
  progress(): Uint8Array;
}

/** What a chunk holds besides the core: only a running core orders a request, so what makes one comes no sooner. */
export type CoreChunk = Pick<typeof import('./core.mjs'), 'startModule' | 'send'>;

/** What runs the core. */
export type Engine = 'wasm' | 'js';

/** A core that has been started. */
export interface LoadedCore {
  readonly core: CoreHandle;
  readonly engine: Engine;
  readonly send: CoreChunk['send'];
}

type Chunk = () => Promise<CoreChunk>;

/** Of an entry whose decisions the plain core lacks, so that nobody else downloads them. */
let drivingChunk: Chunk | undefined;

/** @internal Every core that is loaded from now on takes `linktrail/link`'s orders. */
export function bringDrivingCore(chunk: Chunk): void {
  drivingChunk = chunk;
}

/** Whether a core that is loaded now will. */
export const isDrivingCoreThere = (): boolean => drivingChunk !== undefined;

/** Magic number and version: the smallest module there is. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Kept, because a page's policy does not change and each question costs the page a violation report. */
let mayRun: boolean | undefined;

/**
 * Lockdown Mode removes the global; a Content-Security-Policy without `'wasm-unsafe-eval'` makes compiling throw, but
 * in WebKit only the instance does. `WebAssembly.validate` says yes in either case.
 */
function webAssemblyMayRun(): boolean {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(emptyModule));
    return true;
  } catch {
    return false;
  }
}

/** A chunk that has not come by then may never come: Firefox can wait for the cache entry of a page that was killed. */
const chunkTimeoutMs = 5_000;

async function started(engine: Engine, chunk: Promise<CoreChunk>): Promise<LoadedCore> {
  const { startModule, send } = await within(browserPlatform, chunkTimeoutMs, chunk, 'a chunk did not arrive');
  return { core: await startModule(), engine, send };
}

/**
 * Starts a core of its own for each caller: when one traps, the others are unharmed, and the caller can start another.
 * The code is fetched once; a failure is not remembered, so a later call tries again.
 *
 * @throws when neither engine could be loaded
 */
export async function loadCore(): Promise<LoadedCore> {
  mayRun ??= webAssemblyMayRun();
  if (mayRun) {
    try {
      return await started('wasm', drivingChunk?.() ?? import('./core.mjs'));
    } catch {
      // Bytes damaged on their way, no memory, or the chunk not there: the other engine decides.
    }
  }
  return started('js', import('./core-js.mjs'));
}
