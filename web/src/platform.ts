/**
 * The powers of the platform that the shim uses, each replaceable in a test. Importing this file touches none of them;
 * each is looked up when it is used, since reading `localStorage` can throw and a page may replace `fetch`.
 */

/** The part of `Storage` that is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface Platform {
  wallMs(): number;
  /** Never goes back within the page. */
  monotonicMs(): number;
  /** A fraction of [0, 1). */
  random(): number;
  fetch(url: string, init: RequestInit): Promise<Response>;
  setTimer(callback: () => void, delayMs: number): unknown;
  clearTimer(timer: unknown): void;
  /** Each may throw, and each may be missing. */
  localStorage(): TextStorage | undefined;
  sessionStorage(): TextStorage | undefined;
  indexedDB(): IDBFactory | undefined;
  locks(): LockManager | undefined;
  /** The window and the document whose life is listened to; none outside a page. */
  window(): EventTarget | undefined;
  document(): (EventTarget & { readonly visibilityState: DocumentVisibilityState }) | undefined;
  /** The address against which a relative endpoint is resolved; none outside a page. */
  baseUrl(): string | undefined;
  reportError(error: unknown): void;
}

/** Fallback randomness is enough: names must differ, nobody guesses them for gain. */
export function randomName(): string {
  const bytes = new Uint8Array(12);
  if (globalThis.crypto) crypto.getRandomValues(bytes);
  else bytes.forEach((_, index) => (bytes[index] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const browserPlatform: Platform = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimer: (timer) => clearTimeout(timer as number),
  // Node has a `localStorage` of its own in newer versions, which warns and belongs to no page.
  localStorage: () => globalThis.document && localStorage,
  sessionStorage: () => globalThis.document && sessionStorage,
  indexedDB: () => globalThis.indexedDB,
  locks: () => globalThis.document && navigator.locks,
  window: () => globalThis.window,
  document: () => globalThis.document,
  baseUrl: () => globalThis.document?.baseURI ?? globalThis.location?.href,
  reportError: (error) => {
    try {
      if (typeof reportError === 'function') reportError(error);
      else console.error(error);
    } catch {
      // Either may be the page's own, and nobody is left to be told: Link least of all.
    }
  },
};
