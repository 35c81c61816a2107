/** Trouble on request: one signed-in person's backend answers 503 for a while, or drops connections. */

import { field, isOneOf } from '../json.ts';
import { Problem } from './http.ts';

const modes = ['none', 'down', 'drop'] as const;
const starts = ['now', 'on_completed'] as const;
const secondsMax = 300;

export interface Fault {
  /** `down` answers 503 with `Retry-After`, `drop` answers nothing and closes the connection. */
  readonly mode: (typeof modes)[number];
  readonly seconds: number;
  /** `on_completed`: with the first report of a completed session, so that a demonstration hits the right moment. */
  readonly starts: (typeof starts)[number];
}

export interface Faults {
  set(userId: string, fault: Fault): void;
  /** The trouble this request meets; `retryAfter` in whole seconds. */
  meet(userId: string, isCompletedReport: boolean): { readonly mode: 'down' | 'drop'; readonly retryAfter: number } | null;
}

export function readFault(body: unknown): Fault {
  const mode = field(body, 'mode');
  const seconds = field(body, 'seconds') ?? 0;
  const when = field(body, 'starts') ?? 'now';
  if (!isOneOf(modes, mode)) throw new Problem(422, 'invalid_fault', `The field mode must be one of ${modes.join(', ')}.`);
  if (!isOneOf(starts, when)) throw new Problem(422, 'invalid_fault', `The field starts must be one of ${starts.join(', ')}.`);
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= secondsMax)) {
    throw new Problem(422, 'invalid_fault', `The field seconds must be a number from 0 to ${secondsMax}.`);
  }
  return { mode, seconds, starts: when };
}

export function createFaults(now: () => number): Faults {
  const set = new Map<string, Fault & { readonly endsAt: number | null }>();
  return {
    set(userId, fault) {
      if (fault.mode === 'none') set.delete(userId);
      else set.set(userId, { ...fault, endsAt: fault.starts === 'now' ? now() + fault.seconds * 1_000 : null });
    },
    meet(userId, isCompletedReport) {
      const fault = set.get(userId);
      if (fault === undefined || fault.mode === 'none') return null;
      if (fault.endsAt === null && !isCompletedReport) return null;
      const endsAt = fault.endsAt ?? now() + fault.seconds * 1_000;
      if (endsAt <= now()) {
        set.delete(userId);
        return null;
      }
      set.set(userId, { ...fault, endsAt });
      return { mode: fault.mode, retryAfter: Math.max(1, Math.ceil((endsAt - now()) / 1_000)) };
    },
  };
}
