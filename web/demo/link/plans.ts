/**
 * What happens in each scenario's session, and when: data, no clock, no page. Times are milliseconds since what came before.
 *
 * The order and the times are those of Plaid's documentation as far as it goes; the gaps between them are made
 * up, and a player may shorten them.
 */

import type { Opened, Result, View } from './protocol.ts';
import type { Turn } from './screen.ts';

export interface StepPlan {
  readonly view: View;
  /** Null for a step that ends without ever having begun. */
  readonly startMs: number | null;
  readonly endMs: number;
  readonly turn: Turn;
  readonly result: Result | 'left';
}

export interface Plan {
  /** Null where Link says nothing of having opened. */
  readonly openMs: number | null;
  readonly screenMs: number;
  readonly sessionMs: number;
  readonly steps: readonly StepPlan[];
  /** Null where the person leaves in the last step. */
  readonly outcome: Result | null;
  readonly outcomeMs: number;
  /** Null where `onSuccess` never comes. */
  readonly successMs: number | null;
  /** Until the last screen is closed; where the person leaves, until Link has gone. */
  readonly closeMs: number;
}

const of = (turn: Turn) => (view: View, startMs: number | null, endMs: number, result: StepPlan['result']): StepPlan => {
  return { view, startMs, endMs, turn, result };
};
const person = of('continue');
const machine = of('link');
const leaver = of('leave');

/** Before the first step. */
const beginning = { openMs: null, screenMs: 800, sessionMs: 200 };

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
    ...beginning,
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
    ...beginning,
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
    ...beginning,
    steps: [person('KYC_CHECK', 300, 58_700, 'passed'), machine('SCREENING', 200, 1_300, 'pending_review')],
    outcome: 'pending_review',
    outcomeMs: 300,
    successMs: 200,
    closeMs: 8_000,
  },
  leave: {
    ...beginning,
    steps: [person('ACCEPT_TOS', 300, 2_700, 'passed'), leaver('VERIFY_SMS', 300, 26_700, 'left')],
    outcome: null,
    outcomeMs: 0,
    successMs: null,
    closeMs: 200,
  },
  'no-success': {
    ...beginning,
    steps: [person('SELFIE_CHECK', 300, 38_700, 'passed')],
    outcome: 'passed',
    outcomeMs: 300,
    successMs: null,
    closeMs: 6_700,
  },
};

/** What is still to come: a plan's steps without those that were passed before, so that it begins where the person left. */
export function planOf({ scenario, begun, done }: Extract<Opened, { kind: 'session' }>): Plan {
  // What the other two play is no session: a person who left, or whose token had expired, comes back to finish.
  const isPass = scenario === 'expired' || scenario === 'already-finished' || (scenario === 'leave' && begun);
  const plan = isPass ? passing : plans[scenario];
  return { ...plan, steps: plan.steps.filter(({ view }) => !done.includes(view)) };
}
