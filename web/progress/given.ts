/** What a page gives the element to show. */

import type { LinkTrail, Progress } from '../src/index.js';

/** What the element needs of a trail. */
export type FollowedTrail = Pick<LinkTrail, 'progress' | 'subscribe'>;

/** A progress as the element takes it: what a backend knows of the session may stand beside it. */
export type ShownProgress = Progress & {
  /**
   * Plaid's `status` of the session as the backend has read it (`success`, `failed`, `pending_review`, `active`, `expired`,
   * `canceled`): the last word, whatever else the progress says. Default: the backend has not spoken.
   */
  readonly verdict?: string | null | undefined;
};
