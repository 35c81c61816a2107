/** The driver's hands: they load, ask, open and destroy what the core orders, and tell it what came of it. */

import { bringDrivingCore, portOf } from '../src/index.js';
import type { LinkEffect, LinkSignal } from '../src/effects.js';
import { createScriptLoader, plaid, type LinkHandler } from './script.js';
import type { Interrupted, LinkDriver, LinkDriverOptions, LinkResult, LinkSnapshot } from './types.js';

bringDrivingCore(() => import('./core.mjs'));

/** A browser's timer that is to wait longer does not wait at all. */
const longestMs = 2 ** 31 - 1;

/** `core`: no core could be loaded, so nobody is there to say how it ended. */
type Ending = Pick<LinkEffect, 'advice'> & { ending: LinkEffect['ending'] | 'core' };

function checked(options: LinkDriverOptions): NonNullable<ReturnType<typeof portOf>> {
  const { trail, fetchLinkToken } = options ?? {};
  if (typeof fetchLinkToken !== 'function') throw new TypeError('linktrail: `fetchLinkToken` must be a function.');
  const port = portOf(trail);
  if (port === undefined) throw new TypeError('linktrail: `trail` must come from `createLinkTrail` of the same package.');
  if (port.hands.link !== undefined) throw new TypeError('linktrail: this trail has a driver; `dispose()` it first.');
  return port;
}

function interruptedOf(note: string): Interrupted | null {
  const [openedAt = '', linkSessionId] = note.split(' ');
  return note === '' ? null : Object.freeze({ linkSessionId: linkSessionId || null, openedAt });
}

/**
 * Drives Plaid Link through whole visits: loads Plaid's script, asks the page for a link token, opens Link, and destroys its
 * handler when the person has left its last screen.
 *
 * @throws TypeError when `options.fetchLinkToken` is no function, or `options.trail` is no trail of this package or has a driver
 */
export function createLinkDriver(options: LinkDriverOptions): LinkDriver {
  const port = checked(options);
  const { trail } = options;

  const loadScript = createScriptLoader(options.nonce);
  const listeners = new Set<(snapshot: LinkSnapshot) => void>();
  let snapshot: LinkSnapshot = Object.freeze({ state: 'idle', interrupted: null });
  let visit: { promise: Promise<LinkResult>; settle(end: Ending): void } | undefined;
  let handler: LinkHandler | undefined;
  /** About to be destroyed. */
  let last: LinkHandler | undefined;
  let token: string | undefined;
  /** Of the newest request for a token: what an earlier one brings is not wanted any more. */
  let request = 0;
  let cause: unknown;
  /** Whether a core has heard of this driver. Until then the ends it tells of are those of the driver before this one. */
  let isKnown = false;

  function tell(signal: LinkSignal): void {
    port.tell({ type: 'link_driven', signal });
  }

  function failed(signal: LinkSignal, error: unknown): void {
    cause = error;
    tell(signal);
  }

  async function fetchToken(timeoutMs: number): Promise<string> {
    const found = await new Promise<unknown>((resolve, reject) => {
      const late = () => reject(new Error(`linktrail: \`fetchLinkToken\` did not settle within ${timeoutMs} ms.`));
      const timer = setTimeout(late, timeoutMs);
      const asked = new Promise((settled) => settled(options.fetchLinkToken()));
      asked.then(resolve, reject).finally(() => clearTimeout(timer));
    });
    if (typeof found === 'string' && found !== '') return found;
    const given = found === '' ? 'an empty one' : typeof found;
    throw new TypeError(`linktrail: \`fetchLinkToken\` must give a link token, which is text, not ${given}.`);
  }

  function becomeKnown(): void {
    isKnown = true;
    if (visit !== undefined && !isDisposed) tell('open_requested');
  }

  function destroyLast(): void {
    const ending = last;
    last = undefined;
    try {
      ending?.destroy();
    } catch (error) {
      port.report(error);
    }
  }

  function destroyHandler(): void {
    last = handler ?? last;
    handler = undefined;
    setTimeout(destroyLast, 0); // Link may be the caller.
  }

  const hands: Record<LinkEffect['order'], (effect: LinkEffect) => void> = {
    load_script({ timeout_ms }) {
      const loaded = loadScript(Math.min(options.loadTimeoutMs ?? timeout_ms, longestMs));
      loaded.then(() => tell('script_loaded'), (error: unknown) => failed('script_failed', error));
    },
    request_token({ timeout_ms }) {
      const own = ++request;
      const asked = fetchToken(Math.min(options.tokenTimeoutMs ?? timeout_ms, longestMs));
      asked.then(
        (found) => {
          if (own !== request) return;
          token = found;
          tell('token_received');
        },
        (error: unknown) => {
          if (own === request) failed('token_failed', error);
        },
      );
    },
    open() {
      destroyLast(); // A token that is there at once is faster than a task, and two Links would share one page.
      try {
        handler = plaid()?.create({ token, ...trail.handlers });
        token = undefined;
        if (handler === undefined) throw new Error('linktrail: `window.Plaid` is gone.');
        handler.open();
      } catch (error) {
        failed('handler_failed', error);
      }
    },
    exit() {
      handler?.exit({ force: true });
    },
    destroy: destroyHandler,
    show({ state, interrupted }) {
      if (!isKnown) queueMicrotask(becomeKnown);
      snapshot = Object.freeze({ state, interrupted: interruptedOf(interrupted) });
      for (const listener of [...listeners]) {
        try {
          listener(snapshot);
        } catch (error) {
          port.report(error);
        }
      }
    },
    settle(end) {
      // The core is still at work, and the trail's progress not yet what it will be.
      const ending = isKnown ? visit : undefined;
      queueMicrotask(() => ending?.settle(end));
    },
  };

  function begin(): NonNullable<typeof visit> {
    let resolve: (result: LinkResult) => void;
    const begun = {
      promise: new Promise<LinkResult>((resolved) => (resolve = resolved)),
      settle(end: Ending) {
        if (visit === begun) visit = undefined;
        resolve(resultOf(end));
      },
    };
    return begun;
  }

  function resultOf({ ending, advice }: Ending): LinkResult {
    const { linkSessionId, flow, outcome, exit, ...progress } = trail.progress;
    const told = { linkSessionId, flow, outcome, advice: advice === 'none' && ending !== 'closed' ? progress.advice : advice, exit };
    const isEnd = ending === 'completed' || ending === 'exited' || ending === 'closed';
    return Object.freeze(isEnd ? { kind: ending, ...told } : { kind: 'failed', failure: ending, cause, ...told }) as LinkResult;
  }

  const introduce = () => {
    const signals: LinkSignal[] = ['attached'];
    if (handler !== undefined) signals.push('handler_opened');
    else if (isKnown && visit !== undefined) signals.push('open_requested');
    return signals.map((signal) => ({ type: 'link_driven', signal }) as const);
  };
  port.hands.link = (effect) => hands[effect.order](effect);
  const withdraw = port.introduce(introduce);
  let isDisposed = withdraw === undefined;

  return {
    get state() {
      return snapshot.state;
    },
    get interrupted() {
      return snapshot.interrupted;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open() {
      if (visit !== undefined) return visit.promise;
      const begun = begin();
      if (isDisposed) {
        begun.settle({ ending: 'closed', advice: 'none' });
        return begun.promise;
      }
      visit = begun;
      cause = undefined;
      trail.ready.catch((error: unknown) => {
        cause = error;
        begun.settle({ ending: 'core', advice: 'retry_later' });
      });
      if (isKnown) tell('open_requested');
      return begun.promise;
    },
    close() {
      if (isKnown) tell('close_requested');
      else visit?.settle({ ending: 'closed', advice: 'continue' });
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      request += 1;
      tell('detached');
      // A core that does not run yet, or is at work, hears of it too late for these hands.
      destroyHandler();
      const ending = visit;
      queueMicrotask(() => ending?.settle({ ending: 'closed', advice: 'continue' }));
      withdraw?.();
      delete port.hands.link;
      listeners.clear();
    },
  };
}
