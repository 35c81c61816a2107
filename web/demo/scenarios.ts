/** The ways in which the stand-in for Link can play a session. */

import { isOneOf } from './json.ts';

export const scenarios = [
  'pass',
  'fallback',
  'fail',
  'review',
  'leave',
  'expired',
  'no-success',
  'already-finished',
] as const;

/**
 * - `pass`: every step passes.
 * - `fallback`: data source verification fails, the document passes: a failed step is not a failed session.
 * - `fail`: the session fails; Link calls `onSuccess` all the same.
 * - `review`: a screening hit, somebody has to look.
 * - `leave`: the person closes Link in the middle; with the next link token the same session goes on.
 * - `expired`: the link token is refused at once.
 * - `no-success`: Link says that the session passed, then exits without ever calling `onSuccess`.
 * - `already-finished`: the session was finished elsewhere; Link says nothing but that it closed.
 */
export type Scenario = (typeof scenarios)[number];

export function isScenario(value: unknown): value is Scenario {
  return isOneOf(scenarios, value);
}
