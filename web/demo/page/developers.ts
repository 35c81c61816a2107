/** The fold-out for developers: what linktrail did, as a picture and as a file, and what an analytics tool would be told. */

import type { LinkTrail } from 'linktrail';
import { followFunnel } from 'linktrail/analytics';
import type { FunnelFact } from 'linktrail/analytics';
import { createRecorder } from 'linktrail/recorder';
import { defineLinkTrailTimeline } from 'linktrail/timeline';
import type { LinkTrailTimelineElement } from 'linktrail/timeline';
import { byId, element } from '../dom.ts';

const factsShown = 100;

function line(fact: FunnelFact): HTMLElement {
  const about = [
    'step' in fact && fact.step,
    'outcome' in fact && fact.outcome,
    'errorCode' in fact && fact.errorCode,
    'durationMs' in fact && fact.durationMs !== null && `${(fact.durationMs / 1_000).toFixed(1)} s`,
  ];
  return element('li', {}, element('code', {}, fact.name), ` ${about.filter(Boolean).join(' · ')}`);
}

/** To be called in the task that made the trail: a recording has its beginning, or cannot be replayed. */
export function followForDevelopers(trail: LinkTrail): void {
  const recorder = createRecorder(trail);
  defineLinkTrailTimeline();
  const timeline = byId<LinkTrailTimelineElement>('timeline');
  const developers = byId<HTMLDetailsElement>('developers');
  developers.addEventListener('toggle', () => {
    timeline.recorder = developers.open ? recorder : null;
  });
  byId('download').addEventListener('click', () => recorder.download());

  const funnel = byId('funnel');
  followFunnel(trail, (fact) => {
    funnel.append(line(fact));
    if (funnel.children.length > factsShown) funnel.firstElementChild?.remove();
  });
}
