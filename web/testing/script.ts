/** What Link says in one opening, as data: which callback, with which arguments, and when. It knows no handler and no clock. */

/** A callback that a script can call. `onLoad` belongs to a handler, not to an opening, and is in no script. */
export type CallbackName = 'onSuccess' | 'onExit' | 'onEvent';

/** One line of a script. */
export interface ScriptedCall {
  /** Milliseconds after `open()`, at least 0; two calls of the same time are still two tasks. */
  readonly ms: number;
  /** The callback; or `'hang'`: from here on Link's frame answers nothing, `exit()` included. */
  readonly callback: CallbackName | 'hang';
  /**
   * The arguments, as JSON values; each call gets a fresh copy. Fewer than documented means `undefined`. None for `'hang'`.
   */
  readonly args: readonly unknown[];
}

/** What arrives in one opening. The order of equal times is the order of the array. */
export type Script = readonly ScriptedCall[];

/** A named course of events. */
export interface Scenario {
  /** By which `createPlaid` knows it. */
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly note: string;
  /** A script for each opening in turn; an opening beyond the last plays the last one again. */
  readonly openings: readonly [Script, ...Script[]];
}

const callbacks: readonly unknown[] = ['onSuccess', 'onExit', 'onEvent', 'hang'];

/**
 * @throws TypeError naming a line that is no call
 * @internal
 */
export function checkCall({ ms, callback, args }: ScriptedCall, index: number): void {
  if (!Number.isFinite(ms) || ms < 0) throw new TypeError(`Line ${index} of the script: ms must be a number from 0, not ${String(ms)}`);
  if (!callbacks.includes(callback)) throw new TypeError(`Line ${index} of the script: no callback is called ${String(callback)}`);
  if (!Array.isArray(args)) throw new TypeError(`Line ${index} of the script: args must be an array`);
}

/**
 * Copies a script in order of time.
 * @throws TypeError naming the first line that is no call
 * @internal
 */
export function checkedScript(script: Script): Script {
  script.forEach(checkCall);
  // Sorting is stable, so equal times keep their order.
  return [...script].sort((a, b) => a.ms - b.ms);
}
