/** What a page hands to the driver, and what it gets back. */

import type { Advice, Exit, LinkTrail, Outcome } from '../src/index.js';

/** What `createLinkDriver` takes. */
export interface LinkDriverOptions {
  /** Follows what Link says and delivers it. A trail has one driver at a time. */
  trail: LinkTrail;
  /**
   * Asks your backend for a new link token; called for every handler, since a token is good once. What it throws, a promise
   * that does not settle in time, and anything but text end the visit as `failed`, and the person can try again.
   */
  fetchLinkToken: () => string | Promise<string>;
  /** Of the page's Content-Security-Policy, for the script tag. Default: none. */
  nonce?: string | undefined;
  /** One attempt to load Plaid's script, in milliseconds. Default 10,000; there are four attempts. */
  loadTimeoutMs?: number | undefined;
  /** One call of `fetchLinkToken`, in milliseconds. Default 20,000. */
  tokenTimeoutMs?: number | undefined;
}

/**
 * - `idle`: nothing is under way.
 * - `preparing`: Plaid's script is being loaded and a token fetched.
 * - `open`: Link covers the page.
 * - `finished`: the person has completed the flow and may still be reading Link's last screen.
 * - `closing`: Link was left or asked to close; what else it has to say is waited for.
 */
export type LinkState = 'idle' | 'preparing' | 'open' | 'finished' | 'closing';

/** A visit to Link that was under way when its page ended, by a reload, a crash or a closed tab. */
export interface Interrupted {
  /** null when Link had not named the session yet. */
  readonly linkSessionId: string | null;
  /** When Link was opened, by the device's clock: ISO 8601, UTC. */
  readonly openedAt: string;
}

/** What every result tells. */
export interface LinkVisit {
  /** The session; of a visit that did not get as far, the one before it, if any. */
  readonly linkSessionId: string | null;
  /** What Link said of the session. Advisory: only your backend knows who is verified. */
  readonly outcome: Outcome;
  /** What to do next. */
  readonly advice: Advice;
  /** The latest exit of the session. */
  readonly exit: Exit | null;
}

/** The person submitted everything and Link's last screen is closed. Completed is not verified. */
export interface LinkCompleted extends LinkVisit {
  readonly kind: 'completed';
  readonly flow: 'completed';
}

/** The person left, or Link ended with an error; `exit` and `advice` say which. */
export interface LinkExited extends LinkVisit {
  readonly kind: 'exited';
  /** `completed` is that of an earlier visit, where the error that ended this one named no session. */
  readonly flow: 'exited' | 'completed';
}

/** The page closed the driver or the trail before Link had said how it ends. */
export interface LinkClosed extends LinkVisit {
  readonly kind: 'closed';
  readonly flow: 'idle' | 'in_progress' | 'exited' | 'completed';
}

/**
 * Link could not be opened; another `open()` tries again.
 *
 * - `script`: Plaid's script did not load, in four attempts.
 * - `token`: `fetchLinkToken` gave none.
 * - `handler`: Plaid's script refused, as with a malformed token.
 * - `core`: linktrail's own core could not be loaded.
 */
export interface LinkFailed extends LinkVisit {
  readonly kind: 'failed';
  readonly flow: 'idle' | 'in_progress' | 'exited' | 'completed';
  readonly failure: 'script' | 'token' | 'handler' | 'core';
  /** What was thrown, if anything was. */
  readonly cause: unknown;
}

/** How a visit to Link ended, told apart by `kind`. */
export type LinkResult = LinkCompleted | LinkExited | LinkClosed | LinkFailed;

/** What a driver shows; a new object on every change. */
export interface LinkSnapshot {
  readonly state: LinkState;
  /** As the driver's own; null when there is none. */
  readonly interrupted: Interrupted | null;
}

/** Drives one Link after the other, for one trail. */
export interface LinkDriver {
  readonly state: LinkState;
  /**
   * The visit that a page before this one left unfinished, of the same endpoint and owner; null when there is none, and until
   * the trail has looked, some milliseconds after it was created. `open()` resumes it, if your backend makes tokens for the same
   * user; it is null again once Link is open.
   */
  readonly interrupted: Interrupted | null;
  /** Calls `listener` with every new snapshot, not with the present one. Returns a function that ends it. */
  subscribe(listener: (snapshot: LinkSnapshot) => void): () => void;
  /**
   * Opens Link with a new token, and resolves when the person is back on the page. While a visit is under way, another call
   * returns the same promise. Never rejects.
   */
  open(): Promise<LinkResult>;
  /** Asks Link to close, and destroys it when it has not answered within three seconds. The visit's result tells of the end. */
  close(): void;
  /** Ends the driver and whatever is under way, at once. The trail lives on. */
  dispose(): void;
}
