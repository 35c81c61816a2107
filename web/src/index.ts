/** The public face of linktrail; as a script it is `window.LinkTrail`. */

export { createLinkTrail, idleProgress } from './trail.js';
/** @internal For the package's own entries. */
export { bringDrivingCore } from './core_loader.js';
export { portOf, type TrailPort } from './trail.js';
export type {
  Advice,
  DeliveryState,
  Durability,
  EventName,
  Exit,
  Flow,
  HeaderRecord,
  IdSource,
  KnownEventName,
  KnownViewName,
  LinkCallbacks,
  LinkEventMetadata,
  LinkExitError,
  LinkExitMetadata,
  LinkHandlers,
  LinkSuccessMetadata,
  LinkTrail,
  LinkTrailOptions,
  Open,
  Outcome,
  PageCallback,
  Progress,
  Receipt,
  Report,
  ReportStep,
  Step,
  StepStatus,
  Verdict,
  ViewName,
} from './types.js';
