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
  /** Calls `adopt` once that page is gone, while its name is ours, so that no third page adopts as well. */
  await(page: string, adopt: () => Promise<void>): void;
  /** Lets everything go and waits for nobody any more. */
  end(): void;
}

const nameOf = (page: string) => `linktrail/${page}`;

/** @param onError told of failures that are not the normal end of a lock */
export function createOwnership(platform: Platform, page: string, onError: (error: unknown) => void): Ownership {
  const manager = platform.locks();
  const ended = new AbortController();
  const awaited = new Set<string>();
  let letGo: (() => void) | undefined;

  /** The platform may take a lock back, as WebKit does on the way into the back/forward cache: that rejects the request. */
  function ignoreAbort(error: unknown): void {
    if (!(error instanceof DOMException && error.name === 'AbortError')) onError(error);
  }

  return {
    hasLocks: manager !== undefined,
    hold() {
      if (manager === undefined || letGo !== undefined || ended.signal.aborted) return;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      manager
        .request(nameOf(page), { signal: ended.signal }, () => held)
        .catch(ignoreAbort)
        .finally(() => (letGo = undefined));
    },
    release() {
      letGo?.();
      letGo = undefined;
    },
    await(other, adopt) {
      if (manager === undefined || other === page || awaited.has(other) || ended.signal.aborted) return;
      awaited.add(other);
      manager
        .request(nameOf(other), { signal: ended.signal }, adopt)
        .catch(ignoreAbort)
        .finally(() => awaited.delete(other));
    },
    end() {
      letGo?.();
      ended.abort();
    },
  };
}
