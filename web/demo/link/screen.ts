/** What the person sees of the stand-in for Link, and what the person can do there. It says nothing of how either is made. */

import type { Result } from './protocol.ts';

/** Whose turn it is while Link says nothing. */
export type Turn =
  /** Link's own work. */
  | 'link'
  /** The person fills in a step; going on early is fine. */
  | 'continue'
  /** The person is about to close Link in the middle of a step. */
  | 'leave'
  /** The last screen, which stays until the person closes it. */
  | 'finish';

/** Everything here is called by the player; the person's answers go to `Person`. */
export interface Screen {
  show(person: Person): void;
  /** A step is on the screen. `leaving` when the scenario lets the person leave in it. */
  step(view: string, leaving: boolean): void;
  /** The last screen. It stays until the person finishes or, where nobody is there, for as long as a person would read. */
  ending(result: Result): void;
  /** The turn that is waited for, and for how long at most; null when only the person can end it. */
  waiting(turn: Turn, ms: number | null): void;
  hide(): void;
}

/** What the person can do. */
export interface Person {
  /** Goes on: a step's button, or Finish on the last screen. */
  next(): void;
  /** Closes Link. */
  close(): void;
  /** Stops and restarts playing by itself. */
  hold(held: boolean): void;
}
