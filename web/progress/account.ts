/**
 * What a progress means to the person who is verified: where things stand, which steps to show and how each stands. A table of
 * presentation; what is so, and what to do after an exit, was decided before it (`flow`, `outcome`, `advice`, `verdict`).
 */

import { hasOwn } from '../src/es2020.js';
import type { Advice, DeliveryState, Outcome, Step } from '../src/index.js';
import type { ShownProgress } from './given.js';
import type { RowStatus, Situation } from './labels/labels.js';

/** How a situation looks. `live` judges nothing: a finished flow is not a verified person. */
export type Tone = 'none' | 'live' | 'wait' | 'good' | 'bad';

export interface Row {
  readonly viewName: string;
  readonly status: RowStatus;
}

export interface Account {
  readonly situation: Situation;
  readonly tone: Tone;
  readonly rows: readonly Row[];
  /** Index of the row under way; -1 when there is none. */
  readonly current: number;
  /** How many rows Link has told the end of. */
  readonly ended: number;
  /** Whether the page has named the steps, and Link has kept to them so far. */
  readonly isDeterminate: boolean;
  /** The step that the page has named as the next; null when there is none, or the session does not go on. */
  readonly next: string | null;
  /** Whether the session goes on, or may: another step can come. */
  readonly isOpen: boolean;
}

/** `active` says no more than the progress itself does. */
const byVerdict: Readonly<Record<string, Situation>> = {
  success: 'verified',
  failed: 'failed',
  pending_review: 'review',
  expired: 'expired',
  canceled: 'canceled',
};

/** Once the person has finished. What passed in the browser is still being checked. */
const byOutcome: Readonly<Record<Outcome, Situation>> = {
  unknown: 'checking',
  passed: 'checking',
  failed: 'failed',
  pending_review: 'review',
};

/** After an exit. Without advice the session has been resumed. */
const byAdvice: Readonly<Record<Advice, Situation>> = {
  none: 'underway',
  continue: 'left',
  new_token: 'restart',
  retry_later: 'unavailable',
  manual_review: 'barred',
  wait: 'review',
  ask_backend: 'unclear',
};

/** Nobody checks what has not arrived. */
const byDelivery: Readonly<Partial<Record<DeliveryState, Situation>>> = {
  waiting: 'unsent',
  unauthorized: 'unsent',
  refused: 'lost',
  expired: 'lost',
  undeliverable: 'lost',
};

const tones: Readonly<Record<Situation, Tone>> = {
  idle: 'none',
  underway: 'live',
  left: 'wait',
  restart: 'wait',
  unavailable: 'wait',
  barred: 'bad',
  unclear: 'wait',
  checking: 'live',
  unsent: 'wait',
  lost: 'bad',
  review: 'wait',
  failed: 'bad',
  verified: 'good',
  expired: 'bad',
  canceled: 'bad',
};

/** What ends a step. */
const endings: readonly RowStatus[] = ['passed', 'failed', 'pending_review'];

/** In which the session goes on, or may. */
const open: readonly Situation[] = ['idle', 'underway', 'left', 'restart', 'unavailable'];

function situationOf(progress: ShownProgress | null): Situation {
  if (progress === null) return 'idle';
  const { flow, outcome, advice, delivery, verdict } = progress;
  const known = verdict != null && hasOwn(byVerdict, verdict) ? byVerdict[verdict] : undefined;
  if (known !== undefined) return known;
  if (flow === 'idle') return 'idle';
  if (flow === 'in_progress') return 'underway';
  if (flow === 'exited') return byAdvice[advice] ?? 'unclear';
  const situation = byOutcome[outcome] ?? 'checking';
  return situation === 'checking' && delivery ? (byDelivery[delivery.state] ?? situation) : situation;
}

/** The planned steps with those that nobody planned in between, each after the one that it followed. */
function inOrder(steps: readonly Step[], plan: readonly string[]): string[] {
  const names = [...plan];
  let at = -1;
  for (const { viewName } of steps) {
    const found = names.indexOf(viewName);
    at = found === -1 ? at + 1 : found;
    if (found === -1) names.splice(at, 0, viewName);
  }
  return names;
}

/**
 * @param progress null before there is any
 * @param plan the steps that the page has named, each once, in their order; empty when nobody knows
 */
export function accountOf(progress: ShownProgress | null, plan: readonly string[]): Account {
  const steps = progress?.steps ?? [];
  const situation = situationOf(progress);
  const isOpen = open.includes(situation);
  const seen = new Map(steps.map((step) => [step.viewName as string, step.status]));
  const names = inOrder(steps, plan);
  const statusOf = (name: string): RowStatus => {
    const status = seen.get(name) ?? (isOpen ? 'ahead' : 'skipped');
    return status === 'active' && situation !== 'underway' ? 'started' : status;
  };
  const rows = names.map((viewName) => ({ viewName, status: statusOf(viewName) }));
  const lastSeen = names.reduce((last, name, index) => (seen.has(name) ? index : last), -1);
  const next = rows.slice(lastSeen + 1).find(({ status }) => status === 'ahead');
  return {
    situation,
    tone: tones[situation],
    rows,
    current: situation === 'underway' ? rows.findIndex(({ viewName, status }) => viewName === progress?.currentStep && status === 'active') : -1,
    ended: rows.filter(({ status }) => endings.includes(status)).length,
    isDeterminate: plan.length > 0 && names.length === plan.length,
    next: situation === 'underway' ? (next?.viewName ?? null) : null,
    isOpen,
  };
}
