/** Listens to the life of the page. Knows which object each browser event is dispatched on, and nothing of what follows. */

import type { PlatformEvent } from './effects.js';
import type { Platform } from './platform.js';
import { forgetKey, keyPrefix } from './storage.js';

/** Tells the trails of this page, of whatever copy of the package: a browser tells other pages alone of what one has written. */
export function tellOwnPage(platform: Platform, told: string): void {
  platform.window()?.dispatchEvent(new CustomEvent(forgetKey, { detail: told }));
}

type Signal = Extract<PlatformEvent, { type: 'page_changed' }>['signal'];

/**
 * @param onForget told what another page has just written of its forgetting (`tellForgotten`), or a trail of this one (`tellOwnPage`)
 * @returns a function that ends listening
 */
export function listenToPage(
  platform: Platform,
  onSignal: (signal: Signal) => void,
  onStorage: () => void,
  onForget: (told: string) => void,
): () => void {
  // Not by a `signal`: a browser of 2020 takes it for no option, and goes on listening.
  const ends: (() => void)[] = [];
  const listen = (target: EventTarget | undefined, type: string, listener: (event: Event) => void) => {
    target?.addEventListener(type, listener);
    ends.push(() => target?.removeEventListener(type, listener));
  };
  const page = platform.window();
  const document = platform.document();

  // `visibilitychange` is the last event that mobile browsers give reliably; it belongs to the document, `pagehide` to the
  // window. `unload` would cost the back/forward cache.
  listen(document, 'visibilitychange', () => onSignal(document?.visibilityState === 'hidden' ? 'hidden' : 'visible'));
  listen(document, 'resume', () => onSignal('visible'));
  listen(page, 'pagehide', () => onSignal('hidden'));
  listen(page, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) onSignal('restored');
  });
  listen(page, 'online', () => onSignal('online'));
  listen(page, 'offline', () => onSignal('offline'));
  listen(page, 'storage', (event) => {
    const { key, newValue } = event as StorageEvent;
    if (!key?.startsWith(keyPrefix) || newValue === null) return;
    if (key === forgetKey) onForget(newValue);
    else onStorage();
  });
  listen(page, forgetKey, (event) => onForget((event as CustomEvent<string>).detail));
  return () => {
    for (const end of ends) end();
  };
}
