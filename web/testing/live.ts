/** A script that is made while it is played: what Link says next may hang on a server, a person or a test. It knows no handler. */

import type { Clock } from './clock.js';
import { checkCall } from './script.js';
import type { CallbackName, ScriptedCall } from './script.js';

/** One line of a live script. */
export interface LiveCall {
  /** Milliseconds by the clock since the script gave this line, at least 0. Default 0; it is a task of its own all the same. */
  readonly ms?: number | undefined;
  /** The callback; or `'hang'`: from here on Link's frame answers nothing, `exit()` included. */
  readonly callback: CallbackName | 'hang';
  /** The arguments, as JSON values, taken when the script gives them. None for `'hang'`. */
  readonly args: readonly unknown[];
}

/**
 * A script that is played as it comes, such as what an `async function*` returns. It is begun within `open()`, and asked for its next
 * line when the line before has been called; after `exit()`, `destroy()` and a hang nothing of it is called any more, and its `finally`
 * blocks run. TypeScript 4.7 wants the type written out: `async function* (opening): LiveScript`.
 */
export type LiveScript = AsyncIterable<LiveCall>;

/** @internal */
export const isLive = (play: unknown): play is LiveScript => typeof play === 'object' && play !== null && Symbol.asyncIterator in play;

/**
 * The lines of a live script, each checked and changed when it comes.
 * @throws TypeError naming a line that is no call
 * @internal
 */
export async function* checkedCalls(script: LiveScript, changed: (call: ScriptedCall) => ScriptedCall): AsyncGenerator<ScriptedCall, void> {
  let index = 0;
  for await (const { ms = 0, callback, args } of script) {
    const call = { ms, callback, args };
    checkCall(call, index);
    index += 1;
    yield changed(call);
  }
}

/** @internal */
export interface FollowPowers {
  readonly clock: Clock;
  /** Aborted when the script is to be played no further. */
  readonly signal: AbortSignal;
  /** Makes a call ready, and gives what calls it. */
  readonly ready: (call: ScriptedCall) => () => void;
  /** Told of an error of the script's own, of which nothing more is played then. */
  readonly fail: (error: unknown) => void;
}

/**
 * Plays lines one at a time.
 * @internal
 */
export function follow(calls: AsyncGenerator<ScriptedCall, void>, { clock, signal, ready, fail }: FollowPowers): void {
  let cancel = (): void => {};
  const playNext = (): void => {
    const asked = calls.next().then((line) => {
      if (line.done === true || signal.aborted) return;
      const call = ready(line.value);
      cancel = clock.after(line.value.ms, () => {
        try {
          call();
        } finally {
          playNext();
        }
      });
    });
    asked.catch((error: unknown) => {
      // A script that waits with this signal is rejected by it, which is no error.
      if (!signal.aborted) fail(error);
    });
  };
  signal.addEventListener('abort', () => {
    cancel();
    calls.return().catch(fail);
  });
  playNext();
}
