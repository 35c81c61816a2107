/** Time for the stand-in: the real one, sped up at will, or one that stands still until a test moves it. */

/** What tells the time and waits. Fake timers of a test runner can be handed in as one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `then` once, in a task of its own, after `ms`; what it returns takes that back. */
  after(ms: number, then: () => void): () => void;
}

/**
 * `setTimeout` is looked up at each call, so that a test runner's fake timers move this clock as well.
 * @internal
 */
export function createRealClock(speed: number): Clock {
  return {
    now: () => Date.now(),
    after(ms, then) {
      const timer = setTimeout(then, ms / speed);
      return () => clearTimeout(timer);
    },
  };
}

/** When the scenarios' own timestamps begin: 2026-01-15T10:00:00Z. */
const epoch = Date.UTC(2026, 0, 15, 10);

/** @internal */
export interface ManualClock extends Clock {
  /** Runs the earliest timer that is due until `limit` (milliseconds since 1970), moving the time to it. False: there was none. */
  runOne(limit: number): boolean;
  moveTo(time: number): void;
}

/** @internal */
export function createManualClock(): ManualClock {
  let now = epoch;
  // Sorted by time; equal times in the order in which they were set.
  let timers: { readonly at: number; readonly then: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers = [...timers, timer].sort((a, b) => a.at - b.at);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    runOne(limit) {
      const [first, ...rest] = timers;
      if (first === undefined || first.at > limit) return false;
      timers = rest;
      now = Math.max(now, first.at);
      first.then();
      return true;
    },
    moveTo(time) {
      now = Math.max(now, time);
    },
  };
}

// Taken now, before a test replaces it; jsdom has no MessageChannel.
const setTimeoutAtStart = globalThis.setTimeout;

/**
 * Resolves in a task of its own, when everything that promises had left to do is done. Fake timers do not hold it up.
 * @internal
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof MessageChannel !== 'function') {
      setTimeoutAtStart(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
