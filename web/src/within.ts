import type { Platform } from './platform.js';

/** Settles as `promise` does, or rejects when it has not by then; `what` begins the sentence. */
export function within<Result>(platform: Platform, ms: number, promise: Promise<Result>, what: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = platform.setTimer(() => reject(new Error(`linktrail: ${what} within ${ms} ms.`)), ms);
    promise.then(resolve, reject).finally(() => platform.clearTimer(timer));
  });
}
