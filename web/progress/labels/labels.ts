/** What the element can say: one shape for every language. */

import type { KnownViewName, StepStatus } from '../../src/index.js';

/**
 * How a step stands for the person who looks at it. Besides Link's own words: `ahead` was announced by the page and has not
 * begun, `started` began and Link never said how it ended, `skipped` was announced and never came.
 */
export type RowStatus = StepStatus | 'ahead' | 'started' | 'skipped';

/**
 * Where a verification stands, for the person who goes through it.
 *
 * - `idle`: Link has said nothing yet. `underway`: the person is in Link.
 * - After an exit, from `advice`: `left` (`continue`), `restart` (`new_token`), `unavailable` (`retry_later`), `barred`
 *   (`manual_review`), `unclear` (`ask_backend`).
 * - Completed is not verified: `checking` until somebody knows better; `unsent` and `lost` while the backend has not heard of it.
 * - `review`, `failed`: what Link or the backend said. `verified`, `expired`, `canceled`: what only the backend says.
 */
export type Situation =
  | 'idle'
  | 'underway'
  | 'left'
  | 'restart'
  | 'unavailable'
  | 'barred'
  | 'unclear'
  | 'checking'
  | 'unsent'
  | 'lost'
  | 'review'
  | 'failed'
  | 'verified'
  | 'expired'
  | 'canceled';

/** Every text of the element, in one language. What stands in braces is filled in. */
export interface ProgressLabels {
  /** The name of the whole, for assistive technology. */
  readonly title: string;
  /** The name of the list of steps, for assistive technology. */
  readonly list: string;
  /** `{n}` of `{total}`: the step under way, where the page has named the steps. */
  readonly stepOf: string;
  /** `{n}` of `{total}`: how many have ended, where the page has named the steps and none is under way. */
  readonly done: string;
  /** `{step}`: what comes next, where the page has named the steps. */
  readonly next: string;
  /** Where nobody knows what comes next. */
  readonly more: string;
  /** Under a step that failed while the session goes on. */
  readonly otherWay: string;
  /** By Link's name of the step; of other names, `NEW_STEP` is shown as “New step”. */
  readonly steps: Readonly<Record<KnownViewName, string>> & Readonly<Record<string, string>>;
  /** By how a step stands. */
  readonly statuses: Readonly<Record<RowStatus, string>>;
  /** What is so, and what to do; the second may be empty. */
  readonly situations: Readonly<Record<Situation, readonly [headline: string, detail: string]>>;
}

/** Some of the texts; the rest stays as it is. */
export type ProgressLabelChanges = {
  readonly [Name in keyof ProgressLabels]?: ProgressLabels[Name] extends string ? string : LabelGroupChanges<ProgressLabels[Name]>;
};

/** Names that we do not know may be among the steps, never undefined. */
type LabelGroupChanges<Group> = { readonly [Name in keyof Group as string extends Name ? never : Name]?: Group[Name] } & {
  readonly [Name in keyof Group as string extends Name ? Name : never]: Group[Name];
};
