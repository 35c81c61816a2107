/**
 * Which page owns which records, across tabs. A page that has records holds a Web Lock named after itself; the platform
 * frees it when the page ends in whatever way, and hands it to whoever waits for it.
 */

import type { Platform } from './platform.js';

export interface Ownership {
  readonly hasLocks: boolean;
  /** Claims this page's own name, for as long as there is something to own. */
  hold(): void;
  /**
   * Lets the name go. A page in the back/forward cache that holds a lock is thrown out of it by Chromium, and never gets in
   * with Firefox.
   */
  release(): void;
  /** The same in a while, unless it is held anew: the reports of a session follow one another. */
  releaseSoon(): void;
  /**
   * Calls `adopt` once that page is gone or has nothing left, while its name is ours, so that no third page adopts as well.
   * Resolves after that, or when waiting ends; at once where there are no locks.
   */
  await(page: string, adopt: () => Promise<void>): Promise<void>;
  /** Lets everything go and waits for nobody any more. */
  end(): void;
}

/** Requesting a lock costs the page about half as much as a request; a session has a handful of reports. */
const releaseDelayMs = 1_000;

const nameOf = (page: string) => `linktrail/${page}`;

/** @param onError told of failures that are not the normal end of a lock */
export function createOwnership(platform: Platform, page: string, onError: (error: unknown) => void): Ownership {
  const manager = platform.locks();
  const ended = new AbortController();
  const awaited = new Map<string, Promise<void>>();
  let letGo: (() => void) | undefined;
  let timer: unknown;

  /** The platform may take a lock back, as WebKit does on the way into the back/forward cache: that rejects the request. */
  function ignoreAbort(error: unknown): void {
    if (!(error instanceof DOMException && error.name === 'AbortError')) onError(error);
  }

  function release(): void {
    letGo?.();
    letGo = undefined;
  }

  return {
    hasLocks: manager !== undefined,
    hold() {
      platform.clearTimer(timer);
      if (!manager || letGo) return;
      let own: (() => void) | undefined;
      const held = new Promise<void>((resolve) => (own = letGo = resolve));
      manager
        .request(nameOf(page), { signal: ended.signal }, () => held)
        .catch(ignoreAbort)
        .finally(() => {
          if (letGo === own) letGo = undefined; // Unless it was let go and claimed anew in the meantime.
        });
    },
    release,
    releaseSoon() {
      platform.clearTimer(timer);
      if (letGo) timer = platform.setTimer(release, releaseDelayMs);
    },
    await(other, adopt) {
      const known = awaited.get(other);
      if (known) return known;
      if (!manager || other === page) return Promise.resolve();
      const done = manager
        .request(nameOf(other), { signal: ended.signal }, adopt)
        .catch(ignoreAbort)
        .finally(() => awaited.delete(other));
      awaited.set(other, done);
      return done;
    },
    end() {
      release();
      ended.abort();
    },
  };
}
