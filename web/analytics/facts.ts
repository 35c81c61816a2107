/** What a progress says that a funnel counts, each fact with an id of its own. It remembers nothing and tells nobody. */

import type { Outcome, Progress, ViewName } from '../src/index.js';

/** What every fact has. */
export interface FunnelFactBase {
  /**
   * The same however often this fact comes about, in whatever page of the tab, and no other fact's: for a tool that
   * deduplicates. At most 700 characters of visible ASCII, unless Plaid names a step otherwise.
   */
  readonly id: string;
  /** Null only for an exit before Link had named a session. */
  readonly linkSessionId: string | null;
  /** When it came about, by Link's clock where Link says so, else by the browser's: ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/** A session was first heard of. */
export interface VerificationStarted extends FunnelFactBase {
  readonly name: 'verification_started';
}

/** A step began. */
export interface StepStarted extends FunnelFactBase {
  readonly name: 'step_started';
  /** Link's own name of the step. */
  readonly step: ViewName;
  /** Counted from 1, and anew in every page. */
  readonly attempt: number;
}

/** A step has a result. `step_failed` says nothing of the session: a fallback step may follow. */
export interface StepEnded extends FunnelFactBase {
  readonly name: 'step_passed' | 'step_failed' | 'step_pending_review';
  /** Link's own name of the step. */
  readonly step: ViewName;
  /** Of the attempt that ended: counted from 1, and anew in every page. */
  readonly attempt: number;
  /** Milliseconds from the step's first start to this result, by Link's clock; null when Link told of no start. */
  readonly durationMs: number | null;
}

/** The person left without finishing. Told once for each time that Link was open. */
export interface VerificationExited extends FunnelFactBase {
  readonly name: 'verification_exited';
  /** The step under way; null between two steps, and before the first. */
  readonly step: ViewName | null;
  /** Plaid's `error_type`, or null when there was no error. */
  readonly errorType: string | null;
  /** Plaid's `error_code`, or null when there was no error. */
  readonly errorCode: string | null;
  /** Milliseconds from the first step's start, by Link's clock, to the exit, by the browser's; null without a start. */
  readonly durationMs: number | null;
}

/** The person finished, once per session. **Not** a verified person: `outcome` is what Link had said by then. */
export interface VerificationCompleted extends FunnelFactBase {
  readonly name: 'verification_completed';
  /** `unknown` where Link told it later or never; then `outcome_told` follows, or nothing. */
  readonly outcome: Outcome;
  /** Milliseconds from the first step's start to the last result, by Link's clock; null where either is missing. */
  readonly durationMs: number | null;
}

/** Link said how the session ended; told again only when it says something else. Advisory: only your backend knows. */
export interface OutcomeTold extends FunnelFactBase {
  readonly name: 'outcome_told';
  /** `passed`, `failed` or `pending_review`. */
  readonly outcome: Exclude<Outcome, 'unknown'>;
}

/** One thing that a funnel counts; `name` says which. */
export type FunnelFact = VerificationStarted | StepStarted | StepEnded | VerificationExited | VerificationCompleted | OutcomeTold;

/** Of a step that begins again and again, so many starts before the last are looked at: they must not outgrow what a page remembers. */
const startsMax = 64;

/** Milliseconds between two times; null where one is missing, and where two clocks contradict each other. */
function between(from: string | null | undefined, to: string | null | undefined): number | null {
  if (!from || !to || to < from) return null;
  return Date.parse(to) - Date.parse(from);
}

const sorted = (times: readonly (string | null)[]) => times.filter((time) => time !== null).sort();

/**
 * @internal All that a progress says, in the order in which it came about. The n-th start of a step is one fact; a result and an
 * exit are each one by their time.
 * @param now the browser's time, for what Link gives none
 * @param nameless stands for the session in an id while Link has named none
 */
export function factsOf(progress: Progress, now: string, nameless: string): FunnelFact[] {
  const { linkSessionId, flow, outcome, steps, currentStep, exit } = progress;
  const facts: FunnelFact[] = [];
  const of = <Name extends FunnelFact['name']>(name: Name, at: string, which = '') => {
    return { name, id: `${linkSessionId ?? nameless}/${name}${which}`, linkSessionId, at };
  };
  const [begunAt] = sorted(steps.map(({ startedAt }) => startedAt));
  if (linkSessionId !== null) {
    facts.push(of('verification_started', begunAt ?? now));
    for (const { viewName: step, status, attempts, startedAt, endedAt } of steps) {
      for (let attempt = Math.max(1, attempts - startsMax); attempt <= attempts; attempt++) {
        const at = (attempt === 1 && startedAt) || now;
        facts.push({ ...of('step_started', at, `/${step}/${attempt}`), step, attempt });
      }
      if (status === 'active' || endedAt === null) continue;
      const end = of(`step_${status}`, endedAt, `/${step}/${endedAt}`);
      facts.push({ ...end, step, attempt: attempts, durationMs: between(startedAt, endedAt) });
    }
  }
  if (flow === 'exited' && exit !== null) {
    const { at, errorType, errorCode } = exit;
    const exited = of('verification_exited', at, `/${at}`);
    facts.push({ ...exited, step: currentStep, errorType, errorCode, durationMs: between(begunAt, at) });
  }
  if (linkSessionId !== null && flow === 'completed') {
    const endedAt = sorted(steps.map((step) => step.endedAt)).pop();
    facts.push({ ...of('verification_completed', endedAt ?? now), outcome, durationMs: between(begunAt, endedAt) });
    if (outcome !== 'unknown') facts.push({ ...of('outcome_told', now, `/${outcome}`), outcome });
  }
  return facts;
}
