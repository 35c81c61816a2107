/** What a page gives the element to show. */

import type { LinkTrail, Open, Progress, Verdict } from '../src/index.js';

/** What the element needs of a trail. */
export type FollowedTrail = Pick<LinkTrail, 'progress' | 'subscribe'>;

/** A progress as the element takes it: one that a server keeps may lack the verdict, or hold a word that this version does not know. */
export type ShownProgress = Omit<Progress, 'verdict'> & {
  /**
   * Plaid's `status` of the session as the backend has read it (`success`, `failed`, `pending_review`, `active`, `expired`,
   * `canceled`): the last word, whatever else the progress says. Default: the backend has not spoken.
   */
  readonly verdict?: Open<Verdict> | null | undefined;
};
