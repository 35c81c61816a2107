/** The stand-in for `window.Plaid`: checks what Plaid's script checks, and hands each opening its script. */

import { hasOwn } from '../src/es2020.js';
import { createManualClock, createRealClock, nextTask } from './clock.js';
import type { Clock, ManualClock } from './clock.js';
import { aimOf, applyTelling, checkFault } from './faults.js';
import type { Fault } from './faults.js';
import { createHandler } from './handler.js';
import type { CheckedScript, LinkCall, LinkConfig, LinkHandler, TestHandler } from './handler.js';
import { checkedCalls, isLive } from './live.js';
import type { LiveScript } from './live.js';
import { scenarios } from './scenarios.js';
import type { ScenarioName } from './scenarios.js';
import { checkedScript } from './script.js';
import type { Scenario, Script, ScriptedCall } from './script.js';

/** What can be played: a scenario by its name, a scenario, or a script of your own for every opening. */
export type Play = ScenarioName | Scenario | Script;

/** One call of `open()` that opened Link. */
export interface Opening {
  /** Counted from 0 over all handlers. */
  readonly index: number;
  /** Which handler: an index of `plaid.handlers`. */
  readonly handler: number;
  /** What the page handed to `create`. */
  readonly config: LinkConfig;
  /**
   * Aborted as soon as the script is played no further: at `exit()` already and not only when Link is gone, at `destroy()`, when
   * Link hangs, after an error of a live script, and at the handler's next opening. Not at the script's own end.
   */
  readonly signal: AbortSignal;
  /**
   * Resolves when Link covers the page no more, so that a screen of yours can go. With an `onExit` that throws, or a frame that hangs,
   * not before `destroy()`.
   */
  readonly closed: Promise<void>;
}

/** What `createPlaid` takes. All but functions and clocks is JSON, so that it can be handed into a page. */
export interface PlaidOptions {
  /**
   * What Link says. Default `'happy-path'`. A list of plays has one for each opening in turn, the last for all further ones:
   * `['exit-invalid-link-token-at-start', 'happy-path']`. A function is asked at each opening; it may also be an `async function*`, or
   * return another live script, which says each next thing when the one before it has been called.
   */
  readonly scenario?: Play | readonly Play[] | ((opening: Opening) => Play | LiveScript) | undefined;
  /**
   * What goes wrong, in every opening, one after the other. Default: nothing. With a live script `open()` throws a `TypeError`, since a
   * fault needs to know what is still to come.
   */
  readonly faults?: readonly Fault[] | undefined;
  /**
   * Replaces the scenarios' own session ids, all of which begin with `idv_Synth`, so that tests that share a backend do not
   * meet. A function gets the scenario's id.
   */
  readonly linkSessionId?: string | ((original: string) => string) | undefined;
  /**
   * `'real'` (default) uses `setTimeout`, and so a test runner's fake timers where they are installed. `'manual'` stands still
   * until `advance`, `next` or `finish` is called. Or a clock of your own.
   */
  readonly clock?: 'real' | 'manual' | Clock | undefined;
  /** How many times faster than the script the real clock is; more than 0. `Infinity` waits for nothing. Default 1. */
  readonly speed?: number | undefined;
  /** Makes `create` throw, as a script that was blocked or has changed would: an `Error` or its message. */
  readonly createThrows?: Error | string | undefined;
  /**
   * Told of what a callback of the page or a live script has thrown. Default: as in a page with Link, an uncaught error; in Node that
   * ends the process unless the test runner catches it.
   */
  readonly onUncaught?: ((error: unknown) => void) | undefined;
  /**
   * Told of unknown keys in a config, and of each fault that met no call although its scenario has no other plays to come; of a scenario
   * that is a function this is not known. Default `console.warn`.
   */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What stands in for `window.Plaid`, and what a test can ask it. */
export interface TestPlaid {
  /**
   * As `Plaid.create`.
   * @throws Error for a config without token or `onSuccess`, unless its `env` is `'production'`
   */
  create(config: LinkConfig): TestHandler;
  /** For bank search inside a page; here it says nothing. */
  createEmbedded(config: LinkConfig, element: unknown): Pick<LinkHandler, 'destroy'>;
  /** Not one of Plaid's. */
  readonly version: string;
  /** Everything Link has said so far, in order. */
  readonly calls: readonly LinkCall[];
  /** Every handler that was created, in order. */
  readonly handlers: readonly TestHandler[];
}

/** A stand-in whose time the test moves. Every callback comes in a task of its own, so all of these are to be awaited. */
export interface ManualPlaid extends TestPlaid {
  /**
   * Lets `ms` pass, and resolves when all that was due in it has been called and the page has reacted.
   * @throws TypeError for what is no number from 0
   */
  advance(ms: number): Promise<void>;
  /** Lets time pass up to Link's next call and resolves with it; with null when there is none. */
  next(): Promise<LinkCall | null>;
  /**
   * Lets time pass until Link has nothing more to say. What the page opens only later, after a request of its own, is not waited for.
   * @throws Error after 2,000 calls, as when a page opens Link again and again
   */
  finish(): Promise<void>;
}

const callsMax = 2_000;
const knownKeys = ['token', 'onSuccess', 'onExit', 'onEvent', 'onLoad', 'receivedRedirectUri', 'env', 'key'];

const isScript = (play: object): play is Script => Array.isArray(play) && (play.length === 0 || isCall(play[0]));
const isCall = (value: unknown): value is ScriptedCall => typeof value === 'object' && value !== null && 'callback' in value;
const isScenario = (play: object): play is Scenario => 'openings' in play && Array.isArray(play.openings);

/** @throws TypeError for what cannot be played */
function openingsOf(play: Play): readonly Script[] {
  if (typeof play === 'string') {
    if (!hasOwn(scenarios, play)) {
      throw new TypeError(`No scenario is called ${play}; there are ${Object.keys(scenarios).join(', ')}`);
    }
    return scenarios[play].openings;
  }
  if (typeof play === 'object' && play !== null) {
    if (isScript(play)) return [checkedScript(play)];
    if (isScenario(play) && play.openings.length > 0) return play.openings.map(checkedScript);
  }
  throw new TypeError('A scenario is a name, an object with openings, or an array of calls');
}

const atMost = <Item>(items: readonly Item[], index: number): Item => items[Math.min(index, items.length - 1)] as Item;

interface Chooser {
  choose(opening: Opening): Script | LiveScript;
  /** The number of the opening from which on the same is played again. */
  readonly last: number;
}

function chooser(scenario: NonNullable<PlaidOptions['scenario']>): Chooser {
  if (typeof scenario === 'function') {
    const choose = (opening: Opening): Script | LiveScript => {
      const play = scenario(opening);
      return isLive(play) ? play : atMost(openingsOf(play), opening.index);
    };
    return { choose, last: Infinity };
  }
  const isList = Array.isArray(scenario) && !isScript(scenario);
  const all = isList ? (scenario as readonly Play[]).flatMap(openingsOf) : openingsOf(scenario as Play);
  return { choose: ({ index }) => atMost(all, index), last: all.length - 1 };
}

/** The ids that are a scenario's own; a hostile value that merely looks like an id stays as it is. */
const scenarioId = /^idv_Synth\w+$/;

function withId(call: ScriptedCall, id: NonNullable<PlaidOptions['linkSessionId']>): ScriptedCall {
  const replaced = (argument: unknown): unknown => {
    if (typeof argument !== 'object' || argument === null || !('link_session_id' in argument)) return argument;
    const original = argument.link_session_id;
    if (typeof original !== 'string' || !scenarioId.test(original)) return argument;
    return { ...argument, link_session_id: typeof id === 'function' ? id(original) : id };
  };
  return { ...call, args: call.args.map(replaced) };
}

function reportUncaught(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function checkConfig(config: LinkConfig, warn: (message: string) => void): void {
  if (config.env === 'production') return;
  const { token, receivedRedirectUri, key } = config;
  if (typeof token !== 'string' && typeof receivedRedirectUri !== 'string' && typeof key !== 'string') {
    throw new Error('Missing Link parameter. Link requires token to be set.');
  }
  if (typeof config.onSuccess !== 'function') throw new Error('Invalid onSuccess function');
  for (const name of Object.keys(config)) {
    if (!knownKeys.includes(name)) warn(`Invalid Link parameter: ${name}`);
  }
}

function timeControls(clock: ManualClock, calls: readonly LinkCall[]): Pick<ManualPlaid, 'advance' | 'next' | 'finish'> {
  return {
    async advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) throw new TypeError(`advance takes milliseconds, not ${String(ms)}`);
      const end = clock.now() + ms;
      do await nextTask();
      while (clock.runOne(end));
      clock.moveTo(end);
    },
    async next() {
      const before = calls.length;
      await nextTask();
      while (calls.length === before && clock.runOne(Infinity));
      await nextTask();
      return calls[before] ?? null;
    },
    async finish() {
      const before = calls.length;
      do {
        if (calls.length - before >= callsMax) throw new Error(`Link made ${callsMax} calls and has more to say`);
        await nextTask();
      } while (clock.runOne(Infinity));
    },
  };
}

/**
 * A stand-in for `window.Plaid`: put it there, or hand it to the code under test.
 * @throws TypeError for a scenario, fault, script or speed that does not exist
 */
export function createPlaid(options: PlaidOptions & { readonly clock: 'manual' }): ManualPlaid;
export function createPlaid(options?: PlaidOptions): TestPlaid;
export function createPlaid(options: PlaidOptions = {}): TestPlaid | ManualPlaid {
  const { scenario = 'happy-path', faults = [], clock: chosen = 'real', speed = 1, linkSessionId, createThrows } = options;
  const { onUncaught = reportUncaught, onWarning = (message: string) => console.warn(message) } = options;
  if (!(speed > 0)) throw new TypeError(`speed must be more than 0, not ${String(speed)}`);
  faults.forEach(checkFault);
  const { choose, last } = chooser(scenario);
  const unmet = new Set(faults.filter((fault) => aimOf(fault) !== undefined));
  const manual = chosen === 'manual' ? createManualClock() : null;
  const clock = manual ?? (chosen === 'real' || chosen === 'manual' ? createRealClock(speed) : chosen);
  const calls: LinkCall[] = [];
  const handlers: TestHandler[] = [];
  let openings = 0;

  const changed = (call: ScriptedCall): ScriptedCall => (linkSessionId === undefined ? call : withId(call, linkSessionId));
  const prepared = (script: Script | LiveScript): CheckedScript => {
    if (!isLive(script)) return applyTelling(script, faults, (fault) => unmet.delete(fault)).map(changed);
    if (faults.length > 0) throw new TypeError('Faults need a script that is known before it is played, and this one is live');
    return checkedCalls(script, changed);
  };

  /** A test whose fault never happens would pass for nothing. */
  const tellUnmet = (): void => {
    for (const fault of unmet) {
      if (typeof fault !== 'function') onWarning(`The fault ${fault.kind} meets nothing: no call of the scenario is ${aimOf(fault)}`);
    }
    unmet.clear();
  };

  const plaid: TestPlaid = {
    version: 'linktrail/testing',
    calls,
    handlers,
    create(config) {
      if (createThrows !== undefined) throw typeof createThrows === 'string' ? new Error(createThrows) : createThrows;
      checkConfig(config, onWarning);
      const number = handlers.length;
      const handler = createHandler(config, {
        clock,
        onUncaught,
        record: (call) => calls.push({ handler: number, ...call }),
        nextOpening(course) {
          const index = openings;
          const script = prepared(choose({ index, handler: number, config, ...course }));
          openings += 1;
          if (index >= last) tellUnmet();
          return { index, script };
        },
      });
      handlers.push(handler);
      return handler;
    },
    createEmbedded: () => ({ destroy() {} }),
  };
  return manual === null ? plaid : { ...plaid, ...timeControls(manual, calls) };
}
