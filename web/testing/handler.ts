/**
 * One handler of `Plaid.create`, behaving as Plaid's script was observed to (versions 2.0.1605 to 2.0.2284). What an opening
 * says, the time, and where calls are recorded are given to it.
 */

import type { Clock } from './clock.js';
import { follow, isLive } from './live.js';
import type { Opening } from './plaid.js';
import type { CallbackName, Script, ScriptedCall } from './script.js';

/**
 * What `Plaid.create` takes. Callbacks are read when they are due, as methods of this object, so replacing one later
 * redirects the calls.
 */
export interface LinkConfig {
  /** Anything but nothing will do: it opens no session of Plaid's. */
  readonly token?: string | null | undefined;
  /** Demanded, as Plaid demands it. */
  readonly onSuccess: (publicToken: never, metadata: never) => void;
  /** Default: none. */
  readonly onExit?: ((error: never, metadata: never) => void) | null | undefined;
  /** Default: none. */
  readonly onEvent?: ((eventName: never, metadata: never) => void) | null | undefined;
  /** Called some time after `create`. Default: none. */
  readonly onLoad?: (() => void) | null | undefined;
  /** Allowed, as Plaid allows it; here it does nothing. */
  readonly receivedRedirectUri?: string | null | undefined;
  /** `'production'` silences every check of parameters. */
  readonly env?: string | undefined;
  /** The public key of old. */
  readonly key?: string | undefined;
}

/** What `Plaid.create` gives. */
export interface LinkHandler {
  /**
   * Opens Link and plays the next script. While Link is open, and it is until `onExit` has returned, nothing.
   * @throws Error after `destroy()`
   */
  open(): void;
  /**
   * Asks Link to close: some 200 ms later `CLOSE_UI` and `onExit(null, …)`, after a success `CLOSE_UI` alone. While Link is
   * closed, nothing. `force` skips a question to the person, which is not played here.
   * @throws Error for an argument that is no object, unless `env` is `'production'`
   */
  exit(options?: { readonly force?: boolean | undefined } | undefined): void;
  /** Ends the handler: no callback arrives any more, not even one that is on its way. */
  destroy(): void;
  /** For Layer only; here it does nothing. */
  submit(data: object): void;
}

/** A handler, and what became of it. */
export interface TestHandler extends LinkHandler {
  /** The object that was handed to `create`. */
  readonly config: LinkConfig;
  /** Whether Link covers the page. After a success it does until the person has closed the last screen. */
  readonly isOpen: boolean;
  /** Whether `destroy()` was called. */
  readonly isDestroyed: boolean;
  /** How often it was opened. */
  readonly openings: number;
}

/** One thing that Link said. */
export interface LinkCall {
  /** Which handler: an index of `plaid.handlers`. */
  readonly handler: number;
  /** Which opening, counted from 0 over all handlers; null for `onLoad`. */
  readonly opening: number | null;
  /** When, by the clock: milliseconds since 1970. */
  readonly at: number;
  /** Which of the config's functions was due. */
  readonly callback: CallbackName | 'onLoad';
  /** A copy of the arguments that no callback has touched. */
  readonly args: readonly unknown[];
  /**
   * What came of it: the callback returned or threw, the config had no such function, or Link itself kept an exit to itself
   * because this handler had told of a success before.
   */
  readonly result: 'returned' | 'threw' | 'not_a_function' | 'swallowed';
  /** What was thrown; else undefined. */
  readonly error: unknown;
}

/** @internal */
export type CheckedScript = Script | AsyncGenerator<ScriptedCall, void>;

/** @internal */
export interface HandlerPowers {
  readonly clock: Clock;
  /** The number of the next opening, and its script: whole, or line by line. */
  readonly nextOpening: (course: Pick<Opening, 'signal' | 'closed'>) => { readonly index: number; readonly script: CheckedScript };
  readonly record: (call: Omit<LinkCall, 'handler'>) => void;
  readonly onUncaught: (error: unknown) => void;
}

type Copy = () => unknown;

/** JSON text made once, read anew for each call; what JSON cannot say is undefined, as in a message that leaves it out. */
function copier(value: unknown): Copy {
  const text: string | undefined = JSON.stringify(value);
  return () => (text === undefined ? undefined : JSON.parse(text));
}

interface PreparedCall extends Omit<ScriptedCall, 'args'> {
  readonly args: readonly Copy[];
}

const prepare = (scripted: ScriptedCall): PreparedCall => ({ ...scripted, args: scripted.args.map(copier) });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const leavingMs = { closeUi: 100, exit: 200 };

/** What Link's frame answers to `exit()`. */
function leavingScript(metadata: { readonly link_session_id: string; readonly timestamp: string }, screenShown: boolean): Script {
  const request_id = 'StandInLeaving1';
  const closeUi: ScriptedCall = {
    ms: leavingMs.closeUi,
    callback: 'onEvent',
    args: ['IDENTITY_VERIFICATION_CLOSE_UI', { ...metadata, request_id, view_name: null }],
  };
  const { link_session_id } = metadata;
  const exit: ScriptedCall = {
    ms: leavingMs.exit,
    callback: 'onExit',
    args: [null, { institution: null, status: null, link_session_id, request_id }],
  };
  return screenShown ? [closeUi, exit] : [exit];
}

/** @internal */
export function createHandler(config: LinkConfig, powers: HandlerPowers): TestHandler {
  const { clock, record, onUncaught } = powers;
  let isOpen = false;
  let isDestroyed = false;
  let openings = 0;
  // Belongs to the handler and is never cleared, as in Plaid's script.
  let succeeded = false;
  let waiting: (() => void)[] = [];
  // Of the present opening.
  let opening = 0;
  let succeededBefore = false;
  let screenShown = false;
  let screenClosed = false;
  let leaving = false;
  let hung = false;
  let linkSessionId = '';
  let lastTold: { readonly timestamp: number; readonly at: number } | null = null;
  let played = new AbortController();
  let uncovered = (): void => {};

  const stop = (): void => {
    for (const cancel of waiting) cancel();
    waiting = [];
    played.abort();
  };

  const close = (): void => {
    isOpen = false;
    uncovered();
  };

  const said = (callback: LinkCall['callback'], args: readonly Copy[]): Pick<LinkCall, 'at' | 'callback' | 'args'> => {
    return { at: clock.now(), callback, args: args.map((copy) => copy()) };
  };

  /** Calls one callback and says whether it threw. */
  const call = (callback: LinkCall['callback'], args: readonly Copy[], inOpening: number | null): boolean => {
    const what = { ...said(callback, args), opening: inOpening };
    // The key is one of four, but the config is the page's and may hold anything.
    const target: unknown = Reflect.get(config, callback);
    if (typeof target !== 'function') {
      if (callback !== 'onLoad') record({ ...what, result: 'not_a_function', error: undefined });
      return false;
    }
    try {
      Reflect.apply(target, config, args.map((copy) => copy()));
    } catch (error) {
      record({ ...what, result: 'threw', error });
      onUncaught(error);
      return true;
    }
    record({ ...what, result: 'returned', error: undefined });
    return false;
  };

  const notice = (args: readonly unknown[]): void => {
    const [name, metadata] = args;
    const id = isRecord(metadata) ? metadata['link_session_id'] : undefined;
    if (typeof id === 'string' && id !== '') linkSessionId = id;
    const timestamp = isRecord(metadata) ? Date.parse(String(metadata['timestamp'])) : NaN;
    if (Number.isFinite(timestamp)) lastTold = { timestamp, at: clock.now() };
    if (name === 'IDENTITY_VERIFICATION_CLOSE_UI') screenClosed = true;
    else if (typeof name === 'string' && name.startsWith('IDENTITY_VERIFICATION_')) screenShown = true;
  };

  const perform = ({ callback, args }: PreparedCall): void => {
    if (callback === 'hang') {
      hung = true;
      stop();
      return;
    }
    if (callback === 'onEvent') notice(args.map((copy) => copy()));
    if (callback === 'onSuccess') succeeded = true;
    if (callback === 'onExit') {
      const isSwallowed = leaving ? succeeded : succeededBefore;
      if (isSwallowed) {
        record({ ...said(callback, args), opening, result: 'swallowed', error: undefined });
        close();
        return;
      }
      // A callback that throws leaves the overlay standing.
      if (!call(callback, args, opening)) close();
      return;
    }
    // The last screen was closed: the overlay goes, and no callback tells of it.
    if (succeeded && screenClosed) close();
    call(callback, args, opening);
  };

  /** All at once, so that fake timers which pass a long time in one step keep the order; timers of equal time keep theirs. */
  const start = (script: Script): void => {
    const calls = script.map(prepare);
    waiting = calls.map((prepared) => clock.after(prepared.ms, () => perform(prepared)));
  };

  const ready = (scripted: ScriptedCall): (() => void) => {
    const prepared = prepare(scripted);
    return () => perform(prepared);
  };

  const fail = (error: unknown): void => {
    stop();
    onUncaught(error);
  };

  const cancelLoad = clock.after(0, () => {
    call('onLoad', [], null);
  });

  return {
    config,
    get isOpen() {
      return isOpen;
    },
    get isDestroyed() {
      return isDestroyed;
    },
    get openings() {
      return openings;
    },
    open() {
      if (isDestroyed) throw new Error('This Link handler was destroyed');
      if (isOpen) return;
      const controller = new AbortController();
      let resolveClosed = (): void => {};
      const closed = new Promise<void>((resolve) => (resolveClosed = resolve));
      const { index, script } = powers.nextOpening({ signal: controller.signal, closed });
      stop();
      played = controller;
      uncovered = resolveClosed;
      isOpen = true;
      openings += 1;
      opening = index;
      succeededBefore = succeeded;
      screenShown = screenClosed = leaving = hung = false;
      linkSessionId = '';
      lastTold = null;
      if (isLive(script)) follow(script, { clock, signal: played.signal, ready, fail });
      // A frame that hangs from the start does so before anybody can ask it to close.
      else if (script[0]?.callback === 'hang' && script[0].ms === 0) hung = true;
      else start(script);
    },
    exit(options) {
      if (options !== undefined && !isRecord(options) && config.env !== 'production') throw new Error('Invalid argument to exit');
      if (!isOpen || leaving || hung) return;
      leaving = true;
      const at = clock.now() + leavingMs.closeUi;
      // The scripts have times of their own, and events are sorted by them.
      const timestamp = lastTold === null ? at : lastTold.timestamp + (at - lastTold.at);
      const metadata = { link_session_id: linkSessionId, timestamp: new Date(timestamp).toISOString() };
      stop();
      start(leavingScript(metadata, screenShown && !screenClosed));
    },
    destroy() {
      isDestroyed = true;
      stop();
      close();
      cancelLoad();
    },
    submit() {},
  };
}
