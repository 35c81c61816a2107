/**
 * A stand-in for Plaid Link: `create(config)` gives a handler with `open`, `exit` and `destroy`, and the
 * callbacks are called as Plaid's own script calls them. It knows no page: a screen, a clock and the line to
 * Plaid's servers are given to it, so that it plays in Node as well.
 */

import { isRecord } from '../json.ts';
import type { PlaidLine } from './protocol.ts';
import { idv, plaidUnreachable, scriptOf } from './script.ts';
import type { Beat, LinkError, Script } from './script.ts';

export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Calls `then` after `ms`; the answer takes it back. */
  after(ms: number, then: () => void): () => void;
}

/** What the person sees. Everything here is called by the player; the person's answers go to `Person`. */
export interface Screen {
  show(person: Person): void;
  /** A step is on the screen. `leaving` when the scenario lets the person leave in it. */
  step(view: string, leaving: boolean): void;
  /** The last screen. It stays until the person finishes or, where nobody is there, for as long as a person would read. */
  ending(script: Script): void;
  /** The turn that is waited for, and for how long at most; null when only the person can end it. */
  waiting(turn: Beat['turn'], ms: number | null): void;
  hide(): void;
}

/** What the person can do. */
export interface Person {
  /** Goes on: a step's button, or Finish on the last screen. */
  next(): void;
  /** Closes Link. */
  close(): void;
  /** Stops and restarts playing by itself. */
  hold(held: boolean): void;
}

export interface Pace {
  /** How many times faster than life. */
  readonly speed: number;
  /** No wait is longer than this, in milliseconds of the clock. */
  readonly waitMaxMs: number;
  /** Whether the last screen closes by itself. */
  readonly finishesAlone: boolean;
}

export interface LinkPowers {
  readonly line: PlaidLine;
  readonly clock: Clock;
  readonly screen: Screen;
  readonly pace: Pace;
  /** Random characters for request ids. */
  readonly requestId: () => string;
  readonly warn: (message: string) => void;
}

/** The config of `Plaid.create`, as far as an Identity Verification needs it. Callbacks are read when they are due. */
export interface LinkConfig {
  readonly token?: unknown;
  readonly onSuccess?: unknown;
  readonly onExit?: unknown;
  readonly onEvent?: unknown;
  readonly onLoad?: unknown;
}

export interface LinkHandler {
  open(): void;
  exit(options?: { readonly force?: boolean }): void;
  destroy(): void;
}

export interface PlaidStandIn {
  create(config: LinkConfig): LinkHandler;
  readonly version: string;
}

const knownKeys = ['token', 'onSuccess', 'onExit', 'onEvent', 'onLoad', 'receivedRedirectUri', 'env', 'key'];

/** Documented metadata that says nothing, as it was seen in the exit of a finished session. */
const emptyEventMetadata = {
  account_number_mask: '',
  error_type: '',
  error_code: '',
  error_message: '',
  exit_status: '',
  institution_id: '',
  institution_name: '',
  institution_search_query: '',
  is_update_mode: '',
  match_reason: '',
  mfa_type: '',
  routing_number: '',
  selection: '',
};

export function createPlaidStandIn(powers: LinkPowers): PlaidStandIn {
  return {
    version: 'stand-in',
    create(config) {
      if (!isRecord(config) || typeof config.token !== 'string') throw new Error('Missing Link parameter: token');
      if (typeof config.onSuccess !== 'function') throw new Error('Invalid onSuccess function');
      for (const key of Object.keys(config)) {
        if (!knownKeys.includes(key)) powers.warn(`Invalid Link parameter: ${key}`);
      }
      return createHandler(config.token, config, powers);
    },
  };
}

function createHandler(token: string, config: LinkConfig, powers: LinkPowers): LinkHandler {
  const { clock, screen, pace, line } = powers;
  let destroyed = false;
  let isOpen = false;
  // Belongs to the handler and is never cleared, as in Plaid's script: after a success no exit is told.
  let succeeded = false;
  let script: Script | null = null;
  let index = 0;
  let held = false;
  let waitingFor: Beat['turn'] = 'link';
  let cancel: (() => void) | null = null;
  // Every opening has a number, so that an answer to an earlier one changes nothing.
  let opening = 0;

  // Arguments are made anew for every call, as Link's are: they come out of JSON text.
  const call = (name: 'onSuccess' | 'onExit' | 'onEvent', args: readonly unknown[]): void => {
    const callback: unknown = config[name];
    if (typeof callback !== 'function') return;
    Reflect.apply(callback, config, JSON.parse(JSON.stringify(args)));
  };

  const emitEvent = (name: string, view: string | null): void => {
    if (script === null) return;
    const at = new Date(clock.now());
    const empty = script.emptiness === 'empty';
    const timestamp = empty ? `${at.toISOString().slice(0, 19)}Z` : at.toISOString();
    const common = { link_session_id: script.linkSessionId, request_id: powers.requestId(), timestamp };
    call('onEvent', [name, empty ? { ...emptyEventMetadata, view_name: view ?? '', ...common } : { ...common, view_name: view }]);
  };

  const emitSuccess = (): void => {
    succeeded = true;
    if (script === null) return;
    const metadata = { institution: null, accounts: [], link_session_id: script.linkSessionId, transfer_status: null };
    call('onSuccess', ['', metadata]);
  };

  const leave = (error: LinkError | null): void => {
    stop();
    if (!succeeded) {
      const empty = script?.emptiness === 'empty';
      call('onExit', [
        error,
        {
          institution: empty ? { name: '', institution_id: '' } : null,
          status: empty ? '' : null,
          link_session_id: script?.linkSessionId ?? '',
          request_id: empty ? '' : powers.requestId(),
        },
      ]);
    }
    // As in Plaid's script, a callback that throws leaves the screen standing: this line is not reached.
    screen.hide();
    isOpen = false;
  };

  const stop = (): void => {
    cancel?.();
    cancel = null;
    opening += 1;
  };

  const perform = (beat: Beat): void => {
    const { act } = beat;
    const mine = opening;
    index += 1;
    if (act.kind === 'tell') {
      line.tell(token, act.change).then(
        () => {
          if (mine === opening) proceed();
        },
        (error: unknown) => {
          powers.warn(`The stand-in for Plaid could not be reached: ${String(error)}`);
          if (mine === opening) leave(plaidUnreachable);
        },
      );
      return;
    }
    if (act.kind === 'exit') {
      leave(act.error);
      return;
    }
    if (act.kind === 'event' && act.name === idv('START_STEP') && act.view !== null) {
      screen.step(act.view, script?.beats[index]?.turn === 'leave');
    }
    // The next beat is arranged first, so that a callback that throws stops nothing.
    if (act.kind === 'event' && act.name === idv('CLOSE_UI') && succeeded) {
      stop();
      screen.hide();
      isOpen = false;
    } else {
      proceed();
    }
    if (act.kind === 'success') emitSuccess();
    else emitEvent(act.name, act.view);
  };

  const proceed = (): void => {
    const beat = script?.beats[index];
    if (script === null || beat === undefined) return;
    waitingFor = beat.turn;
    if (beat.turn === 'finish') screen.ending(script);
    const byPersonOnly = beat.turn === 'finish' && !pace.finishesAlone;
    const ms = Math.min(beat.waitMs / pace.speed, pace.waitMaxMs);
    screen.waiting(beat.turn, byPersonOnly ? null : ms);
    if (byPersonOnly || (held && beat.turn !== 'link')) return;
    cancel = clock.after(ms, () => {
      cancel = null;
      perform(beat);
    });
  };

  const next = (): void => {
    const beat = script?.beats[index];
    if (!isOpen || beat === undefined || waitingFor === 'link' || beat.turn !== waitingFor) return;
    // Taken before anything else happens, so that a double click is one click.
    waitingFor = 'link';
    cancel?.();
    cancel = null;
    perform(beat);
  };

  const close = (): void => {
    if (!isOpen) return;
    if (waitingFor === 'finish' || waitingFor === 'leave') {
      next();
      return;
    }
    stop();
    if (script !== null) emitEventSafely(idv('CLOSE_UI'));
    leave(null);
  };

  // Two callbacks in one task: in Link they are two messages, and the first one's error does not stop the second.
  const emitEventSafely = (name: string): void => {
    try {
      emitEvent(name, null);
    } catch (error) {
      clock.after(0, () => {
        throw error;
      });
    }
  };

  const hold = (value: boolean): void => {
    if (held === value) return;
    held = value;
    const beat = script?.beats[index];
    if (beat === undefined || waitingFor === 'link' || beat.turn !== waitingFor) return;
    cancel?.();
    cancel = null;
    proceed();
  };

  return {
    open() {
      if (destroyed) throw new Error('This Link handler was destroyed');
      if (isOpen) return;
      isOpen = true;
      script = null;
      index = 0;
      held = false;
      waitingFor = 'link';
      opening += 1;
      const mine = opening;
      screen.show({ next, close, hold });
      line.open(token).then(
        (opened) => {
          if (mine !== opening) return;
          script = scriptOf(opened);
          proceed();
        },
        (error: unknown) => {
          powers.warn(`The stand-in for Plaid could not be reached: ${String(error)}`);
          if (mine === opening) leave(plaidUnreachable);
        },
      );
    },
    exit(options) {
      if (options !== undefined && !isRecord(options)) throw new Error('Invalid argument to exit');
      close();
    },
    destroy() {
      if (destroyed) return;
      destroyed = true;
      stop();
      if (isOpen) screen.hide();
      isOpen = false;
    },
  };
}

/** Fifteen letters and digits, as Plaid's request ids have. */
export function randomRequestId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let id = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(15))) id += alphabet.charAt(byte % alphabet.length);
  return id;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
