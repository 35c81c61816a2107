/**
 * What Link does in a session, as a list of beats with their times: pure, no clock, no page.
 *
 * The order and the times are those of Plaid's documentation as far as it goes; the gaps between them are made
 * up, and a player may shorten them.
 */

import type { Change, Opened, Result, View } from './protocol.ts';

export interface LinkError {
  readonly error_type: string;
  readonly error_code: string;
  readonly error_message: string;
  readonly display_message: string | null;
}

/** Whose turn it is while a beat is waited for. */
export type Turn =
  /** Link's own work. */
  | 'link'
  /** The person fills in a step; going on early is fine. */
  | 'continue'
  /** The person is about to close Link in the middle of a step. */
  | 'leave'
  /** The last screen, which stays until the person closes it. */
  | 'finish';

export type Act =
  /** Plaid's servers learn it first. */
  | { readonly kind: 'tell'; readonly change: Change }
  | { readonly kind: 'event'; readonly name: string; readonly view: View | null }
  | { readonly kind: 'success' }
  | { readonly kind: 'exit'; readonly error: LinkError | null };

export interface Beat {
  /** Milliseconds since the beat before. */
  readonly waitMs: number;
  readonly turn: Turn;
  readonly act: Act;
}

/** How Link writes what it has nothing to say about; the web documents null, recordings show empty strings. */
export type Emptiness = 'null' | 'empty';

export interface Script {
  readonly linkSessionId: string;
  readonly emptiness: Emptiness;
  /** What the last screen says; null where there is none. */
  readonly ending: Result | null;
  readonly beats: readonly Beat[];
}

export const invalidLinkToken: LinkError = {
  error_type: 'INVALID_INPUT',
  error_code: 'INVALID_LINK_TOKEN',
  error_message: 'invalid link_token provided',
  display_message: null,
};

export const plaidUnreachable: LinkError = {
  error_type: 'API_ERROR',
  error_code: 'INTERNAL_SERVER_ERROR',
  error_message: 'an unexpected error occurred',
  display_message: null,
};

/** Link calls its twelve identity verification events by this first part. */
export const idv = (rest: string): string => `IDENTITY_VERIFICATION_${rest}`;

interface StepPlan {
  readonly view: View;
  /** Since the beat before; null for a step that ends without ever having begun. */
  readonly startMs: number | null;
  readonly endMs: number;
  readonly turn: Turn;
  readonly result: Result | 'left';
}

interface Plan {
  readonly openMs: number | null;
  readonly screenMs: number;
  readonly sessionMs: number;
  readonly steps: readonly StepPlan[];
  readonly outcome: Result | null;
  readonly outcomeMs: number;
  readonly successMs: number | null;
  readonly closeMs: number;
}

const person = (view: View, startMs: number, endMs: number, result: Result): StepPlan => ({
  view,
  startMs,
  endMs,
  turn: 'continue',
  result,
});
const machine = (view: View, startMs: number | null, endMs: number, result: Result): StepPlan => ({
  view,
  startMs,
  endMs,
  turn: 'link',
  result,
});

const passing: Plan = {
  openMs: 900,
  screenMs: 300,
  sessionMs: 300,
  steps: [
    person('ACCEPT_TOS', 500, 7_800, 'passed'),
    person('VERIFY_SMS', 300, 31_100, 'passed'),
    person('KYC_CHECK', 300, 53_500, 'passed'),
    machine('RISK_CHECK', 200, 2_700, 'passed'),
  ],
  outcome: 'passed',
  outcomeMs: 200,
  successMs: 200,
  closeMs: 5_700,
};

const plans: Readonly<Record<'pass' | 'fallback' | 'fail' | 'review' | 'leave' | 'no-success', Plan>> = {
  pass: passing,
  fallback: {
    openMs: null,
    screenMs: 800,
    sessionMs: 200,
    steps: [
      person('ACCEPT_TOS', 300, 3_700, 'passed'),
      person('KYC_CHECK', 200, 56_800, 'failed'),
      person('DOCUMENTARY_VERIFICATION', 300, 238_700, 'failed'),
      person('DOCUMENTARY_VERIFICATION', 400, 86_600, 'passed'),
      person('SELFIE_CHECK', 200, 41_800, 'passed'),
      machine('RISK_CHECK', 100, 900, 'passed'),
    ],
    outcome: 'passed',
    outcomeMs: 200,
    successMs: 100,
    closeMs: 8_700,
  },
  fail: {
    openMs: null,
    screenMs: 800,
    sessionMs: 200,
    steps: [
      person('VERIFY_SMS', 300, 28_700, 'passed'),
      person('KYC_CHECK', 200, 59_800, 'failed'),
      machine('RISK_CHECK', null, 400, 'failed'),
    ],
    outcome: 'failed',
    outcomeMs: 200,
    successMs: 200,
    closeMs: 8_200,
  },
  review: {
    openMs: null,
    screenMs: 800,
    sessionMs: 200,
    steps: [person('KYC_CHECK', 300, 58_700, 'passed'), machine('SCREENING', 200, 1_300, 'pending_review')],
    outcome: 'pending_review',
    outcomeMs: 300,
    successMs: 200,
    closeMs: 8_000,
  },
  leave: {
    openMs: null,
    screenMs: 800,
    sessionMs: 200,
    steps: [
      person('ACCEPT_TOS', 300, 2_700, 'passed'),
      { view: 'VERIFY_SMS', startMs: 300, endMs: 26_700, turn: 'leave', result: 'left' },
    ],
    outcome: null,
    outcomeMs: 0,
    successMs: null,
    closeMs: 26_700,
  },
  'no-success': {
    openMs: null,
    screenMs: 800,
    sessionMs: 200,
    steps: [person('SELFIE_CHECK', 300, 38_700, 'passed')],
    outcome: 'passed',
    outcomeMs: 300,
    successMs: null,
    closeMs: 6_700,
  },
};

const event = (waitMs: number, name: string, view: View | null = null, turn: Turn = 'link'): Beat => ({
  waitMs,
  turn,
  act: { kind: 'event', name, view },
});
const tell = (waitMs: number, turn: Turn, change: Change): Beat => ({ waitMs, turn, act: { kind: 'tell', change } });

const resultWord: Readonly<Record<Result, string>> = {
  passed: 'PASS',
  failed: 'FAIL',
  pending_review: 'PENDING_REVIEW',
};

function stepBeats(step: StepPlan): Beat[] {
  const beats: Beat[] = [];
  if (step.startMs !== null) {
    beats.push(tell(step.startMs, 'link', { kind: 'step_begun', view: step.view }));
    beats.push(event(0, idv('START_STEP'), step.view));
  }
  if (step.result !== 'left') {
    beats.push(tell(step.endMs, step.turn, { kind: 'step_ended', view: step.view, result: step.result }));
    beats.push(event(0, idv(`${resultWord[step.result]}_STEP`), step.view));
  }
  return beats;
}

/** A plan's steps without those that were passed before; what is left begins where the person left. */
function remaining(plan: Plan, done: readonly View[]): readonly StepPlan[] {
  return plan.steps.filter((step) => !done.includes(step.view));
}

function play(plan: Plan, opened: Extract<Opened, { kind: 'session' }>): Beat[] {
  const beats: Beat[] = [];
  if (plan.openMs !== null && !opened.begun) beats.push(event(plan.openMs, 'OPEN'));
  beats.push(event(plan.screenMs, idv(opened.begun ? 'RESUME_UI' : 'OPEN_UI')));
  beats.push(tell(plan.sessionMs, 'link', { kind: 'begun' }));
  beats.push(event(0, idv(opened.begun ? 'RESUME_SESSION' : 'CREATE_SESSION')));
  for (const step of remaining(plan, opened.done)) beats.push(...stepBeats(step));
  if (plan.outcome === null) {
    beats.push(event(plan.closeMs, idv('CLOSE_UI'), null, 'leave'));
    beats.push({ waitMs: 200, turn: 'link', act: { kind: 'exit', error: null } });
    return beats;
  }
  beats.push(tell(plan.outcomeMs, 'link', { kind: 'ended', outcome: plan.outcome }));
  beats.push(event(0, idv(`${resultWord[plan.outcome]}_SESSION`)));
  if (plan.successMs !== null) beats.push({ waitMs: plan.successMs, turn: 'link', act: { kind: 'success' } });
  beats.push(event(plan.closeMs, idv('CLOSE_UI'), null, 'finish'));
  // After a success Link closes without a word. Without one it exits, and says no more than that.
  if (plan.successMs === null) beats.push({ waitMs: 100, turn: 'link', act: { kind: 'exit', error: null } });
  return beats;
}

/** The whole of what Link does after `open()`, given what Plaid's servers made of the link token. */
export function scriptOf(opened: Opened): Script {
  const linkSessionId = opened.linkSessionId;
  if (opened.kind === 'invalid_token') {
    const exit: Beat = { waitMs: 800, turn: 'link', act: { kind: 'exit', error: invalidLinkToken } };
    return { linkSessionId, emptiness: 'null', ending: null, beats: [event(700, 'OPEN'), exit] };
  }
  if (opened.kind === 'finished' || opened.scenario === 'already-finished') {
    const beats: Beat[] = [
      event(5_000, idv('CLOSE_UI'), null, 'finish'),
      { waitMs: 100, turn: 'link', act: { kind: 'exit', error: null } },
    ];
    return { linkSessionId, emptiness: 'empty', ending: 'passed', beats };
  }
  const name = opened.scenario;
  // A person who left or whose token had expired comes back to finish.
  const plan = name === 'expired' || (name === 'leave' && opened.begun) ? passing : plans[name];
  return { linkSessionId, emptiness: 'null', ending: plan.outcome, beats: play(plan, opened) };
}
