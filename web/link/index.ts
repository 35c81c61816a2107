/** `linktrail/link`: drives Plaid Link through whole visits, for a trail. */

export { createLinkDriver } from './driver.js';
export type {
  Interrupted,
  LinkClosed,
  LinkCompleted,
  LinkDriver,
  LinkDriverOptions,
  LinkExited,
  LinkFailed,
  LinkResult,
  LinkSnapshot,
  LinkState,
  LinkVisit,
} from './types.js';
