/** A recording as a file: what happened to one trail, as values that hold no personal data but session ids. */

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One event that went into the core, with the fields that may be kept. */
export interface RecordedEvent {
  /** `on_event`, `on_success`, `on_exit` for Link's callbacks; `post_answered`, `page_changed` and others for the platform. */
  readonly type: string;
  /** What else it says, by names that depend on `type`. */
  readonly [field: string]: Json;
}

/** One effect that came out of the core, with the fields that may be kept. */
export interface RecordedEffect {
  /** `store`, `post`, `wake_after`, `settle` and others. */
  readonly do: string;
  /** What else it says, by names that depend on `do`. */
  readonly [field: string]: Json;
}

/** What the page was told; in an entry only where it differs from the one before. */
export interface RecordedProgress {
  /** `Progress.linkSessionId`, or a stand-in for it. */
  readonly linkSessionId?: string | null;
  /** `Progress.flow`. */
  readonly flow?: string;
  /** `Progress.outcome`. */
  readonly outcome?: string;
  /** `Progress.advice`. */
  readonly advice?: string;
  /** What the backend said; null while it has said nothing. */
  readonly verdict?: string | null;
}

/** One step of the core: what it was given, and what came of it. */
export interface RecordedEntry {
  readonly event: RecordedEvent;
  /** The device's clock when it came: milliseconds since 1970. */
  readonly wall_ms: number;
  /** The page's clock when it came, which never goes back: milliseconds since the page began. */
  readonly monotonic_ms: number;
  /** The random number in [0, 1) that the core was given. */
  readonly entropy: number;
  /** What came of it, in the order in which it was to be done. */
  readonly effects: readonly RecordedEffect[];
  readonly progress?: RecordedProgress;
}

/** What `recorder.recording()` gives; JSON-serialisable. */
export interface Recording {
  readonly schema: 'linktrail.recording.v1';
  /** Of the package that recorded, as in `0.1.0`. */
  readonly version: string;
  /** In the order in which the core handled them. */
  readonly entries: readonly RecordedEntry[];
  /** Where the limits of the recorder left entries out: how many, behind the first `after` ones. Null when it is whole. */
  readonly gap: { readonly after: number; readonly missing: number } | null;
  /** How often a value did not look like what may be kept; `WITHHELD_1` and so on stand in their places. */
  readonly withheld: number;
  /** How many fields were left out because the recorder does not know them. */
  readonly dropped: number;
}

/** The only schema there is. */
export const recordingSchema = 'linktrail.recording.v1';
