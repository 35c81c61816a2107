/** The public face of linktrail; as a script it is `window.LinkTrail`. */

export { createLinkTrail, idleProgress } from './trail.js';
/** @internal For the package's own entries. */
export { portOf, type TrailPort } from './trail.js';
export type {
  Advice,
  DeliveryState,
  Durability,
  Exit,
  Flow,
  HeaderRecord,
  IdSource,
  KnownViewName,
  LinkCallbacks,
  LinkHandlers,
  LinkTrail,
  LinkTrailOptions,
  Open,
  Outcome,
  Progress,
  Receipt,
  Report,
  ReportStep,
  Step,
  StepStatus,
  Verdict,
  ViewName,
} from './types.js';
