/**
 * The public types of linktrail: what a page hands in, what it reads back, and what its backend receives.
 *
 * Names that Plaid may add to without notice are open unions: an editor completes the known ones, and an
 * unknown one is still a string.
 */

/** A union that completes its known members in an editor and accepts any other string. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/**
 * What the person did, as far as this browser saw it. It moves only to the right:
 * `idle`, `in_progress`, `exited`, `completed`. A completed flow is **not** a verified person.
 */
export type Flow = 'idle' | 'in_progress' | 'exited' | 'completed';

/**
 * What Link said of the session. Advisory: anything in a page can forge it. Only the backend, through
 * `/identity_verification/get`, knows.
 */
export type Outcome = 'unknown' | 'passed' | 'failed' | 'pending_review';

/**
 * What your backend holds of the session, in the words of Plaid's `status`; see `Progress.verdict`. `active`: not decided yet.
 */
export type Verdict = 'active' | 'success' | 'failed' | 'pending_review' | 'expired' | 'canceled';

/** The last thing Link said of one step. `failed` says nothing of the session: a fallback step may follow. */
export type StepStatus = 'active' | 'passed' | 'failed' | 'pending_review';

/** The steps Plaid names today in an Identity Verification session. */
export type KnownViewName =
  | 'ACCEPT_TOS'
  | 'VERIFY_SMS'
  | 'KYC_CHECK'
  | 'DOCUMENTARY_VERIFICATION'
  | 'SELFIE_CHECK'
  | 'RISK_CHECK'
  | 'SCREENING';

/** A step's name as Link gave it, known or not. */
export type ViewName = Open<KnownViewName>;

/**
 * What the page should do next.
 *
 * - `none`: nothing.
 * - `continue`: fetch a new link token and open Link again, the same session goes on; offer manual review too.
 * - `new_token`: the link token was invalid or expired. Destroy the handler, fetch a new token, and open it
 *   when the person asks.
 * - `retry_later`: Plaid's fault or a rate limit; hours, not seconds.
 * - `manual_review`: repeating cannot help; offer a person, tell the integrator.
 * - `wait`: somebody is reviewing.
 * - `ask_backend`: the browser cannot know; ask the backend for the status.
 */
export type Advice = 'none' | 'continue' | 'new_token' | 'retry_later' | 'manual_review' | 'wait' | 'ask_backend';

/** Which callback named the session. An id known from `onExit` alone may be unknown to Plaid's verification API. */
export type IdSource = 'onSuccess' | 'onEvent' | 'onExit';

/** One step of a session. */
export interface Step {
  /** Link's own name of the step, unchanged. */
  readonly viewName: ViewName;
  readonly status: StepStatus;
  /** How often the step began; at least 1. A bound, not a count: Link may repeat or omit starts. */
  readonly attempts: number;
  /** ISO 8601, UTC, milliseconds; null when Link gave only a result. */
  readonly startedAt: string | null;
  /** ISO 8601, UTC, milliseconds; null while the step is active. */
  readonly endedAt: string | null;
}

/** How the person left, from `onExit`. */
export interface Exit {
  /** Plaid's `error_type`, or null when there was no error. */
  readonly errorType: string | null;
  /** Plaid's `error_code`, or null when there was no error. */
  readonly errorCode: string | null;
  /** Link's `metadata.status`, passed through; null when absent. */
  readonly status: string | null;
  /** When the callback came, by this browser's clock: ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/**
 * Where a report is on its way to the backend.
 *
 * - `unknown`: no report of this session was ever due here, or `forget()` has removed what was known of it.
 * - `sending`: a request is under way.
 * - `waiting`: it will be sent again at `nextAttemptAt`.
 * - `unauthorized`: the endpoint asked for a login (401, 403, 419 or a redirect); sent again with fresh headers.
 * - `delivered`: the endpoint itself answered 2xx.
 * - `refused`: the endpoint answered with another 4xx; kept and retried slowly, with fresh headers.
 * - `expired`: given up after the age limit, or pushed out of a full outbox.
 * - `undeliverable`: Link never named an id; there is nothing a backend could ask Plaid with.
 * - `forgotten`: removed by `forget()`.
 */
export type DeliveryState =
  | 'unknown'
  | 'sending'
  | 'waiting'
  | 'unauthorized'
  | 'delivered'
  | 'refused'
  | 'expired'
  | 'undeliverable'
  | 'forgotten';

/**
 * What the stored copy of a report survives: `disk` a killed browser, `browser` a closed or crashed tab,
 * `tab` a reload, `memory` none of these.
 */
export type Durability = 'disk' | 'browser' | 'tab' | 'memory';

/** The state of the newest report of one session. */
export interface Receipt {
  /** null only when `state` is `undeliverable` or `unknown`. */
  readonly linkSessionId: string | null;
  readonly state: DeliveryState;
  /** Requests started for this report. */
  readonly attempts: number;
  readonly durability: Durability;
  /** HTTP status of the last answer; null before one, and where the network or the browser hid it. */
  readonly lastStatus: number | null;
  /** ISO 8601; null unless an attempt is planned. */
  readonly nextAttemptAt: string | null;
  /** The key all copies of this report carry; null when `state` is `undeliverable` or `unknown`. */
  readonly idempotencyKey: string | null;
}

/** Everything known of the current session, JSON-serialisable and immutable; a new object only on change. */
export interface Progress {
  /** Of the newest session; null until Link has named it. */
  readonly linkSessionId: string | null;
  readonly flow: Flow;
  readonly outcome: Outcome;
  /**
   * What your backend said of this session: the `identity_verification_status` of the JSON body with which it answered a
   * report with 2xx; no other field is read. null before it said one, which is for good where it never does, and after a
   * reload until a report is answered. For the page to show; it opens nothing that your backend does not open itself.
   *
   * While it is `active` and the flow `completed`, the report is sent again under its key to ask: after 1 to 2 s, then after
   * pauses that grow to 15 to 30 s, never before a `Retry-After` has passed, at most 20 times and for 10 minutes, and only
   * while the page is visible and the session the current one. `flush()` asks at once.
   */
  readonly verdict: Verdict | null;
  /** Whether Link's screen is open, by its own events. After a success it stays open until the person closes it. */
  readonly uiOpen: boolean;
  /** In the order in which they began. */
  readonly steps: readonly Step[];
  /** The step under way, or null. */
  readonly currentStep: ViewName | null;
  /** How the person left last; null while they have not. */
  readonly exit: Exit | null;
  readonly advice: Advice;
  /** Of the current session's newest report; null before one is due. */
  readonly delivery: Receipt | null;
  /** Event names this version does not know, as Link gave them; at most 32, the first ones. */
  readonly unknownEvents: readonly string[];
  /** Step names this version does not know, as Link gave them; at most 32, the first ones. They are steps all the same. */
  readonly unknownViews: readonly string[];
  /** Callbacks that said nothing usable (no name, hostile values), and stored reports that were damaged, since the trail was created. */
  readonly rejected: number;
}

/** One step as it is posted. */
export interface ReportStep {
  /** Link's own name of the step, unchanged. */
  readonly view_name: string;
  readonly status: StepStatus;
  /** How often the step began; at least 1. A bound, not a count. */
  readonly attempts: number;
  /** ISO 8601, UTC, milliseconds; null when Link gave only a result. */
  readonly started_at: string | null;
  /** ISO 8601, UTC, milliseconds; null while the step is active. */
  readonly ended_at: string | null;
}

/**
 * The body that is posted to the endpoint, as JSON. Cumulative: a newer report of a session holds all that an
 * older one of the same page held; a page after a reload begins anew, with what Link tells it. `flow` and `outcome` are
 * what a browser said; ask Plaid before you believe them.
 */
export interface Report {
  readonly schema: 'linktrail.report.v1';
  /** The same in every copy of this report; also in the `Idempotency-Key` header. */
  readonly idempotency_key: string;
  /** Pass it unchanged to `/identity_verification/get` as `identity_verification_id`. */
  readonly link_session_id: string;
  readonly id_source: IdSource;
  /** What the person did. */
  readonly flow: Exclude<Flow, 'idle'>;
  readonly outcome: Outcome;
  /** When the reported state came about: ISO 8601, UTC, milliseconds. */
  readonly occurred_at: string;
  /** In the order in which they began. */
  readonly steps: readonly ReportStep[];
  /** How the person left last, `at` by the browser's clock; null while they have not. */
  readonly exit: {
    readonly error_type: string | null;
    readonly error_code: string | null;
    readonly status: string | null;
    readonly at: string;
  } | null;
  /** Which version of linktrail made the report. */
  readonly client: { readonly name: 'linktrail'; readonly version: string };
}

/** Request headers by name. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** The events Plaid names today that an Identity Verification session can bring. */
export type KnownEventName =
  | 'OPEN'
  | 'EXIT'
  | 'ERROR'
  | 'HANDOFF'
  | 'TRANSITION_VIEW'
  | 'IDENTITY_VERIFICATION_CREATE_SESSION'
  | 'IDENTITY_VERIFICATION_RESUME_SESSION'
  | 'IDENTITY_VERIFICATION_OPEN_UI'
  | 'IDENTITY_VERIFICATION_RESUME_UI'
  | 'IDENTITY_VERIFICATION_CLOSE_UI'
  | 'IDENTITY_VERIFICATION_START_STEP'
  | 'IDENTITY_VERIFICATION_PASS_STEP'
  | 'IDENTITY_VERIFICATION_FAIL_STEP'
  | 'IDENTITY_VERIFICATION_PENDING_REVIEW_STEP'
  | 'IDENTITY_VERIFICATION_PASS_SESSION'
  | 'IDENTITY_VERIFICATION_FAIL_SESSION'
  | 'IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION';

/** An event's name as Link gave it, known or not. */
export type EventName = Open<KnownEventName>;

/** What comes with `onSuccess`, as far as it concerns Identity Verification. Plaid documents the id; expect its absence. */
export interface LinkSuccessMetadata {
  /** The session, as `Progress.linkSessionId` has it. */
  readonly link_session_id?: string | null;
}

/** The error that the person met last, possibly one that they recovered from. */
export interface LinkExitError {
  /** Plaid's kind of error, as in `INVALID_INPUT`. */
  readonly error_type?: string | null;
  /** Which error of that kind, as in `INVALID_LINK_TOKEN`. */
  readonly error_code?: string | null;
  /** For developers; the wording changes. */
  readonly error_message?: string | null;
  /** For people; the wording changes. */
  readonly display_message?: string | null;
}

/** What comes with `onExit`. */
export interface LinkExitMetadata {
  /** The session, or an id of Link's own that Plaid's verification API may not know; empty where Link has none. */
  readonly link_session_id?: string | null;
  /** For Plaid's support: the latest request that Link made. */
  readonly request_id?: string | null;
  /** Where the person left; nothing is documented for Identity Verification, so expect null or an empty text. */
  readonly status?: string | null;
}

/** What comes with `onEvent`, as far as it concerns Identity Verification. */
export interface LinkEventMetadata {
  /** The session; empty before Link has one. */
  readonly link_session_id?: string | null;
  /** For Plaid's support: the latest request that Link made, so neighbouring events share it. */
  readonly request_id?: string | null;
  /** When it happened, by Link's clock: ISO 8601, UTC, with milliseconds or without. */
  readonly timestamp?: string | null;
  /** The step, with events of one step and with `TRANSITION_VIEW`; else null. */
  readonly view_name?: ViewName | null;
  /** With `ERROR` and `EXIT`: Plaid's kind of error; else null. */
  readonly error_type?: string | null;
  /** With `ERROR` and `EXIT`: which error of that kind; else null. */
  readonly error_code?: string | null;
  /** With `ERROR` and `EXIT`, for developers; the wording changes. */
  readonly error_message?: string | null;
  /** With `EXIT`: as `LinkExitMetadata.status`. */
  readonly exit_status?: string | null;
}

/**
 * A function that may be narrower in its parameters than what it is called with, as methods may be: callbacks that are
 * there already have the types of whichever wrapper they were written for, and these contradict one another.
 */
export type PageCallback<Args extends unknown[]> = { call(...args: Args): void }['call'];

/**
 * The page's own Link callbacks. They are looked up on the options object at the moment Link calls, so
 * replacing a property takes effect at once, and get Link's own arguments, unchanged.
 */
export interface LinkCallbacks {
  /** The person has finished; nobody is verified yet. Default: none. */
  onSuccess?: PageCallback<[publicToken: string | null | undefined, metadata: LinkSuccessMetadata | undefined]> | undefined;
  /** The person has left. Default: none. */
  onExit?: PageCallback<[error: LinkExitError | null | undefined, metadata: LinkExitMetadata | undefined]> | undefined;
  /** Anything happened in Link. Default: none. */
  onEvent?: PageCallback<[eventName: EventName, metadata: LinkEventMetadata | undefined]> | undefined;
}

/** What `createLinkTrail` takes. */
export interface LinkTrailOptions extends LinkCallbacks {
  /**
   * Where reports are posted: an https URL, a URL of the page's own origin (a path is enough in a page), or
   * any loopback URL. Anything else throws a `TypeError`.
   *
   * A stored report belongs to this address, made absolute, and to the owner: a page that names another one does not find it.
   * Begin a path with a slash: `api/idv` is another address on every page. Name the address that answers, not one that redirects.
   */
  endpoint: string | URL;
  /**
   * Further request headers, such as a CSRF token or a bearer. A function is called when the trail begins, when a session
   * begins, and again before a report is repeated that was `unauthorized` or `refused`; it may return a promise. The first requests
   * wait for that; later ones that need no fresh headers go with those of the last time meanwhile.
   *
   * When it throws, rejects or does not settle within 10 s, `onError` is told, and a report is sent with the headers of the
   * last time, or with none; one that was `unauthorized` or `refused` is not sent, and they are asked for again after a pause.
   */
  headers?: HeaderRecord | (() => HeaderRecord | Promise<HeaderRecord>) | undefined;
  /**
   * The signed-in person, by an id of your own, as text. Stored only as a hash; a stored report is sent only while the same owner is
   * given. `undefined` means nobody, who is an owner too: what is told while the person is not known yet is not theirs later, so create
   * the trail when they are. Default: nobody. Where no compiler looks, a number is its text, null is nobody, and an object throws a
   * `TypeError`.
   */
  owner?: string | undefined;
  /** As in `fetch`. Default `same-origin`. */
  credentials?: RequestCredentials | undefined;
  /**
   * Replaces the posted body for an endpoint that already exists: a plain object with something in it or an array, returned at
   * once, which goes through `JSON.stringify`. The `Idempotency-Key` header is sent all the same. When it throws or returns
   * anything else, such as a promise, `FormData` or a string, `onError` is told and the report itself is sent.
   */
  body?: ((report: Report) => unknown) | undefined;
  /**
   * Called with the receipt of a report that has ended as `expired` or `undeliverable`, and, once per report, of one that was
   * `refused`: that is kept and sent again slowly, and may still be delivered later, which is not told here.
   */
  onUndelivered?: ((receipt: Receipt) => void) | undefined;
  /**
   * Told of everything that went wrong inside a callback of the page or of the browser and was survived.
   * Default: `reportError` where it exists, so that the page's error monitor sees it.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** The three functions to hand to `Plaid.create({ token, ...trail.handlers })`. Stable for the trail's life. */
export interface LinkHandlers {
  /** Takes whatever Link says and never throws. */
  readonly onSuccess: (publicToken?: unknown, metadata?: unknown) => void;
  /** Takes whatever Link says and never throws. */
  readonly onExit: (error?: unknown, metadata?: unknown) => void;
  /** Takes whatever Link says and never throws. */
  readonly onEvent: (eventName?: unknown, metadata?: unknown) => void;
}

/** One followed integration; create it once per page. */
export interface LinkTrail {
  readonly handlers: LinkHandlers;
  readonly progress: Progress;
  /** Calls `listener` with every new progress, not with the present one. Returns a function that ends it. */
  subscribe(listener: (progress: Progress) => void): () => void;
  /**
   * Resolves with the receipt of the session's newest report as soon as it is settled: `delivered`, `refused`,
   * `expired`, `forgotten`, `undeliverable`, or at once with `unknown` for a session never seen here, and once no engine can run
   * any more: what waits then is the next page's.
   * Without an id: of the current session. After `dispose()` it resolves with the receipt as it stands. Never rejects.
   */
  delivered(linkSessionId?: string): Promise<Receipt>;
  /** Resolves once the core runs; `'wasm'` or `'js'`. Nothing needs to wait for it. Rejects if no engine could run. */
  readonly ready: Promise<'wasm' | 'js'>;
  /** Sends what is waiting now and asks again for an undecided verdict, but never before a `Retry-After` has passed. */
  flush(): void;
  /**
   * Removes every stored report of this owner and endpoint, in all tabs, for a sign-out, and ends what waits to send it. What is recorded
   * after that stays. A report that was not delivered yet can be lost by it: `delivered()` tells when it was. It is done once the core
   * runs: a page that leaves at once awaits `ready` first.
   */
  forget(): void;
  /**
   * Ends listeners and timers. Stored reports stay for the next page. The handlers still take callbacks of a Link that is open:
   * what these tell is stored and sent, once; what fails then is the next page's. `onSuccess`, `onExit` and `onEvent` are still called.
   */
  dispose(): void;
}
