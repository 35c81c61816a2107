/** Waiting in the stand-in for Link: for Link itself, which takes its time, and for the person, who goes on, waits, or does neither. */

import type { Clock } from 'linktrail/testing';
import type { Person, Screen, Turn } from './screen.ts';

export interface Pace {
  /** How many times faster than life. */
  readonly speed: number;
  /** No wait is longer than this, in milliseconds of the clock. */
  readonly waitMaxMs: number;
  /** Whether the last screen closes by itself. */
  readonly finishesAlone: boolean;
}

export interface Turns extends Pick<Person, 'next' | 'hold'> {
  /** Resolves when the turn is over: after `ms` of life, or when the person goes on. Rejects once nothing is played any more. */
  wait(turn: Turn, ms: number): Promise<void>;
  /** Whose turn is waited for; null while none is. */
  readonly present: Turn | null;
}

interface Waiting {
  readonly turn: Turn;
  readonly ms: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function createTurns({ clock, pace }: { clock: Clock; pace: Pace }, screen: Pick<Screen, 'waiting'>, signal: AbortSignal): Turns {
  let held = false;
  let present: Waiting | null = null;
  let cancel = (): void => {};

  /** Gives what was waited for. Taken before anything else happens, so that a double click is one click. */
  const end = (): Waiting | null => {
    const ended = present;
    cancel();
    present = null;
    return ended;
  };

  const begin = (): void => {
    if (present === null) return;
    const { turn, ms } = present;
    const byPersonOnly = turn === 'finish' && !pace.finishesAlone;
    screen.waiting(turn, byPersonOnly ? null : ms);
    if (!byPersonOnly && (!held || turn === 'link')) cancel = clock.after(ms, () => end()?.resolve());
  };

  signal.addEventListener('abort', () => end()?.reject(signal.reason));

  return {
    wait: (turn, ms) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        present = { turn, ms: Math.min(ms / pace.speed, pace.waitMaxMs), resolve, reject };
        begin();
      }),
    next() {
      if (present !== null && present.turn !== 'link') end()?.resolve();
    },
    hold(value) {
      if (held === value) return;
      held = value;
      if (present === null || present.turn === 'link') return;
      cancel();
      begin();
    },
    get present() {
      return present?.turn ?? null;
    },
  };
}
