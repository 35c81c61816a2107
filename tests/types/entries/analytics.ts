// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail, type Outcome, type ViewName } from 'linktrail';
import { followFunnel, type FunnelFact, type FunnelOptions, type StepEnded, type StepStarted } from 'linktrail/analytics';

const trail = createLinkTrail({ endpoint: '/idv' });
const options: FunnelOptions = { name: undefined, onError: (error) => void String(error) };
export const unfollow: () => void = followFunnel(trail, (fact) => void [fact.id, fact.at, fact.linkSessionId], options);
followFunnel(trail, async () => undefined, { name: 'segment' });
followFunnel(trail, (fact: { readonly name: string }) => void fact.name);

/** Told apart by `name`, without a default. */
export function detailOf(fact: FunnelFact): string | null {
  switch (fact.name) {
    case 'verification_started':
      return null;
    case 'step_started': {
      const started: StepStarted = fact;
      return `${started.step} ${started.attempt}`;
    }
    case 'step_passed':
    case 'step_failed':
    case 'step_pending_review': {
      const ended: StepEnded = fact;
      return `${ended.step} ${ended.durationMs ?? 0}`;
    }
    case 'verification_exited': {
      const step: ViewName | null = fact.step;
      return fact.errorCode ?? step;
    }
    case 'verification_completed': {
      const outcome: Outcome = fact.outcome;
      return outcome;
    }
    case 'outcome_told': {
      const outcome: 'passed' | 'failed' | 'pending_review' = fact.outcome;
      return outcome;
    }
  }
}

// @ts-expect-error 2554: somebody must hear it
followFunnel(trail);
// @ts-expect-error 2740: it follows a trail, not a progress
followFunnel(trail.progress, () => undefined);
// @ts-expect-error 2322: a name is text
followFunnel(trail, () => undefined, { name: 7 });
// @ts-expect-error 2353: no option has this name
followFunnel(trail, () => undefined, { only: ['step_passed'] });
// @ts-expect-error 2367: nobody is verified in a browser
followFunnel(trail, (fact) => void (fact.name === 'verification_passed'));
// @ts-expect-error 2339: not every fact is of a step
followFunnel(trail, (fact) => void fact.step);
// @ts-expect-error 2540: a fact is read, never written
followFunnel(trail, (fact) => void (fact.id = '1'));
