/**
 * One trail: gives Link its handlers, carries events into the core and effects out of it. It has hands and no opinions:
 * what an event means, what is stored and when it is sent is decided in C++.
 */

import { captureEvent, captureExit, captureSuccess } from './capture.js';
import { isDrivingCoreThere, loadCore as loadCompiledCore, type CoreHandle, type Engine, type LoadedCore } from './core_loader.js';
import type { Effect, EffectOf, Hands, PlatformEvent } from './effects.js';
import { resolveEndpoint } from './endpoint.js';
import { textOf } from './event_text.js';
import { createJournal, journalPrefix, type JournalEntry } from './journal.js';
import { createMirror } from './mirror.js';
import { createOwnership } from './ownership.js';
import { listenToPage, tellOwnPage } from './page_signals.js';
import { browserPlatform, randomName, type Platform } from './platform.js';
import { createStorage, type StoredText } from './storage.js';
import { within } from './within.js';
import type { HeaderRecord, LinkTrail, LinkTrailOptions, Progress, Receipt } from './types.js';

/** One thing that happened, and when. */
interface Arrival {
  text: string;
  wallMs: number;
  monotonicMs: number;
  /** Whether a core trapped on it; a second one must not. */
  hasTrapped?: true;
}

/** What a trail shows before Link has said anything; a server renders it. Frozen. */
export const idleProgress: Progress = /* @__PURE__ */ deepFreeze({
  linkSessionId: null,
  flow: 'idle',
  outcome: 'unknown',
  verdict: null,
  uiOpen: false,
  steps: [],
  currentStep: null,
  exit: null,
  advice: 'none',
  delivery: null,
  unknownEvents: [],
  unknownViews: [],
  rejected: 0,
});

const unknownReceipt: Receipt = {
  linkSessionId: null,
  state: 'unknown',
  attempts: 0,
  durability: 'memory',
  lastStatus: null,
  nextAttemptAt: null,
  idempotencyKey: null,
};

/** @internal What the package's other entries may do with a trail, besides what a page may. */
export interface TrailPort {
  /** Carries an event into the core, now or as soon as it runs. */
  tell(event: PlatformEvent): void;
  /** The hands for effects that only an entry can carry out; where there is none, the effect is left undone. */
  readonly hands: Hands;
  /** Sees every event once the core has handled it: all that the core was given, and the effects that came of it. */
  readonly observers: Set<(event: string, effects: string, wallMs: number, monotonicMs: number, entropy: number) => void>;
  /**
   * Tells the core what `introduction` says, and every core that takes its place. One that lacks the driver's decisions is replaced.
   *
   * @returns a function that ends it; nothing when the trail was disposed before there were such decisions
   */
  introduce(introduction: Introduction): (() => void) | undefined;
  /** Tells the page of what went wrong and was survived. */
  report(error: unknown): void;
}

type Introduction = () => readonly PlatformEvent[];

/** Shared by all trails, whatever core they have. */
const outliving = { bytes: 0, count: 0 };

const ports = new WeakMap<LinkTrail, TrailPort>();

/** @internal The port of a trail of this very copy of the package; undefined for any other object. */
export function portOf(trail: LinkTrail): TrailPort | undefined {
  return ports.get(trail);
}

/** Waits before the core's chunk is asked for again, in milliseconds; after the last one the next page has its turn. */
const loadRetriesMs = [500, 2_000, 8_000, 30_000];
/** The page's headers that are not there by then count as failed, in milliseconds. */
const headersTimeoutMs = 10_000;
/** Where there are no locks, another page's journal is its own for this long, in milliseconds. */
const journalLeaseMs = 60_000;
/** The disk is waited for this long before what else is known is taken for all there is, in milliseconds. */
const diskTimeoutMs = 1_000;
/** A core that trapped is replaced this often; the records of the old one are adopted by the new one. */
const restartsMax = 3;

function deepFreeze<Value>(value: Value): Value {
  if (value instanceof Object) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

const isPromise = (found: HeaderRecord | Promise<HeaderRecord>): found is Promise<HeaderRecord> =>
  typeof (found as Partial<Promise<HeaderRecord>> | undefined)?.then === 'function';

/** The page that wrote a stored text: the fourth part of every key of ours; empty for a key that no page owns. */
function pageOf(key: string): string {
  return key.split('/')[3] ?? '';
}

const pagesOf = (stored: readonly StoredText[]) => new Set(stored.map(({ key }) => pageOf(key)));

/**
 * Follows Plaid Link's Identity Verification sessions and delivers each `link_session_id` to `options.endpoint`.
 *
 * Create it once per page, before Link, and hand its `handlers` to `Plaid.create`. It works before its core has loaded.
 *
 * @throws TypeError when `options.endpoint` is missing, no URL, or neither https, nor of the page's origin, nor loopback
 */
export function createLinkTrail(options: LinkTrailOptions): LinkTrail {
  return createTrail(options, browserPlatform, loadCompiledCore);
}

/** @internal The same, with the platform's powers and the core given: for tests. */
export function createTrail(
  options: LinkTrailOptions,
  platform: Platform,
  loadCore: () => Promise<LoadedCore>,
): LinkTrail {
  const endpoint = resolveEndpoint((options as LinkTrailOptions | undefined)?.endpoint, platform.baseUrl());
  const { owner: named } = options as { owner?: unknown };
  // As text any two objects would be one owner, who would be sent the other's reports.
  if (Object(named) === named) throw new TypeError('linktrail: `owner` must be text.');
  const owner = named == null ? undefined : String(named);

  let progress = idleProgress;
  /** Whether the core has a newer one; it is fetched when somebody looks. */
  let isProgressStale = false;
  let core: CoreHandle | undefined;
  /** Came with the core. */
  let send: LoadedCore['send'];
  let restarts = 0;
  /** Whether the core is one that drives Link, or will be. */
  let drives = isDrivingCoreThere();
  let isDisposed = false;
  /** What this trail tells the page's other ones it would hear as well. */
  let isForgetting = false;
  let timer: unknown;
  let headers: HeaderRecord | undefined;
  let headersPending: Promise<HeaderRecord> | undefined;
  const inbox: Arrival[] = [];
  let isDraining = false;
  const postponed: (() => void)[] = [];
  const utf8 = new TextDecoder();
  /** Of the last record: the report that is sent next is a part of it. */
  let textStored = '';
  const listeners = new Set<(progress: Progress) => void>();
  const asked: ((receipt: Receipt, isSettled: boolean) => void)[] = [];
  const waiting = new Map<string | null, Set<(receipt: Receipt) => void>>();

  function report(error: unknown): void {
    try {
      if (options.onError) options.onError(error);
      else platform.reportError(error);
    } catch (second) {
      platform.reportError(second);
    }
  }

  /** Runs what belongs to the page; whatever it does, we go on. */
  function guarded(action: () => unknown): void {
    try {
      const result = action();
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  }

  // The core is on its way while the rest is made; it starts after that.
  let ready = load();
  ready.catch(report);

  let page = randomName();
  const mirror = createMirror(() => platform.indexedDB(), report);
  const storage = createStorage(platform, mirror, (key) => tell({ type: 'record_stored', key, durability: 'disk' }), report);
  let ownership = createOwnership(platform, page, report);
  let journal = createJournal(storage, page, endpoint, owner);
  const observers: TrailPort['observers'] = new Set();
  const introductions = new Set<Introduction>();
  /** Another set whenever there is nothing left in it: what was asked for before that concerns nothing that is stored now. */
  let ownKeys = new Set<string>();
  /** Own records that end with the tab or the page: the callbacks that they were made from must stay in the journal. */
  const weakKeys = new Set<string>();
  /** The copies of other pages' records that the core was shown: it may erase these, and nothing newer. */
  const shown = new Map<string, Set<string>>();

  function tell(event: PlatformEvent): void {
    arrive(textOf(event), platform.wallMs());
  }

  /** The same for what can wait until the callback has returned. */
  function tellSoon(event: PlatformEvent): void {
    soon(() => tell(event));
  }

  /** Runs what Link's callback need not wait for, in order, once it has returned. */
  function soon(action: () => void): void {
    if (postponed.push(action) > 1) return;
    queueMicrotask(() => {
      for (const action of postponed.splice(0)) guarded(action);
    });
  }

  function arrive(text: string, wallMs: number): void {
    inbox.push({ text, wallMs, monotonicMs: platform.monotonicMs() });
    drain();
  }

  /** Handles what came, in order. What a page's callback sets off in between waits for its turn. */
  function drain(): void {
    if (isDraining) return;
    isDraining = true;
    try {
      while (core) {
        const arrival = inbox.shift();
        if (!arrival) break;
        handle(core, arrival);
      }
    } finally {
      isDraining = false;
    }
  }

  function handle(by: CoreHandle, arrival: Arrival): void {
    let effects: Uint8Array;
    const entropy = platform.random();
    try {
      effects = by.handle(arrival.text, arrival.wallMs, arrival.monotonicMs, entropy);
    } catch (error) {
      // After a trap the instance is undefined. Its records are stored, so another core can take them over.
      report(error);
      restart(arrival);
      return;
    }
    if (effects.length === '[]'.length && observers.size === 0) return;
    const text = utf8.decode(effects);
    for (const effect of JSON.parse(text) as Effect[]) guarded(() => run(effect));
    for (const observe of observers) guarded(() => observe(arrival.text, text, arrival.wallMs, arrival.monotonicMs, entropy));
  }

  function run<Name extends Effect['do']>(effect: EffectOf<Name>): void {
    (hands as { [Any in Name]?: (effect: EffectOf<Any>) => void })[effect.do as Name]?.(effect);
  }

  const hands: Hands = {
    store({ key, text }) {
      textStored = text;
      ownKeys.add(key);
      // The lock protects the record while it waits; the request to come is more urgent.
      soon(() => ownership.hold());
      const durability = storage.put(key, text);
      if (durability === 'browser') weakKeys.delete(key);
      else weakKeys.add(key);
      tellSoon({ type: 'record_stored', key, durability });
    },
    erase({ key }) {
      if (pageOf(key) === page) storage.remove(key);
      else storage.removeCopies(key, shown.get(key) ?? new Set());
      shown.delete(key);
      ownKeys.delete(key);
      weakKeys.delete(key);
      clearJournal();
      if (ownKeys.size > 0) return;
      ownKeys = new Set();
      ownership.releaseSoon();
    },
    erase_prefix({ prefix, told }) {
      storage.removePrefix(prefix);
      storage.tellForgotten(told);
      journal.forget();
      ownKeys = new Set();
      weakKeys.clear();
      ownership.release();
      isForgetting = true;
      tellOwnPage(platform, told);
      isForgetting = false;
    },
    post(effect) {
      const { credentials = 'same-origin', body } = options;
      const text = typeof effect.body === 'string' ? effect.body : textStored.slice(-1 - effect.body, -1);
      const currentHeaders = () => headers ?? headersPending ?? {};
      const asking = core;
      const keys = ownKeys;
      const isWanted = () => keys === ownKeys;
      // A core counts its requests itself: to its successor the number would be another request.
      const answer = (event: PlatformEvent) => core === asking && tell(event);
      send(platform, { endpoint, credentials, body, headers: currentHeaders, onError: report, isWanted, outliving }, { ...effect, body: text }, answer, soon);
    },
    resolve_headers: resolveHeaders,
    wake_after({ delay_ms }) {
      platform.clearTimer(timer);
      if (!isDisposed) timer = platform.setTimer(() => tell({ type: 'woken' }), delay_ms);
    },
    scan: scanForOthers,
    settle({ receipt, undelivered }) {
      deepFreeze(receipt);
      for (const resolve of waiting.get(receipt.linkSessionId) ?? []) resolve(receipt);
      waiting.delete(receipt.linkSessionId);
      if (undelivered) guarded(() => options.onUndelivered?.(receipt));
    },
    answer_receipt({ receipt, settled }) {
      asked.shift()?.(deepFreeze(receipt), settled);
    },
    notify() {
      isProgressStale = true;
      if (isDisposed) return;
      for (const listener of [...listeners]) guarded(() => listener(currentProgress()));
    },
  };

  /** Once the core runs, what the journal holds is in records, unless these are less safe than it. */
  function clearJournal(): void {
    if (core && weakKeys.size === 0) journal.clear();
  }

  function currentProgress(): Progress {
    if (isProgressStale && core) {
      isProgressStale = false;
      progress = deepFreeze(JSON.parse(utf8.decode(core.progress())) as Progress);
    }
    return progress;
  }

  /** Answers the core in any case; a request that needs headers waits only while there never were any. */
  function resolveHeaders(): void {
    const resolved = (found: HeaderRecord) => {
      headers = found;
      tellSoon({ type: 'headers_resolved' });
      return found;
    };
    const failed = (error: unknown) => {
      headersPending = undefined;
      report(error);
      tell({ type: 'headers_failed' });
      return headers ?? {};
    };
    try {
      const found = typeof options.headers === 'function' ? options.headers() : (options.headers ?? {});
      const what = '`headers` did not settle';
      // Not `instanceof`: another frame's promises are not ours, nor are native ones after zone.js has put its own in their place.
      if (isPromise(found)) headersPending = within(platform, headersTimeoutMs, Promise.resolve(found), what).then(resolved, failed);
      else resolved(found);
    } catch (error) {
      failed(error);
    }
  }

  /** Looks for records of other pages: at once where they can be read at once, then on the disk. */
  function scanForOthers(): void {
    if (isDisposed) return;
    if (ownership.hasLocks) offer(storage.entries());
    // Without locks the core compares leases, so it must see both copies of a record at once, and as they are by then.
    void entriesOnDisk().then((onDisk) => offer([...storage.entries(), ...onDisk]));
  }

  function offer(stored: readonly StoredText[]): void {
    if (isDisposed) return;
    if (!ownership.hasLocks) {
      const others = stored.filter(({ key }) => pageOf(key) !== page);
      const records = others.filter(({ key }) => !key.startsWith(journalPrefix));
      show(records, false);
      for (const other of pagesOf(others)) {
        const entries = journal.entriesOf(other, others);
        if (entries.every(isStale)) replay(other, entries);
      }
      return;
    }
    for (const other of pagesOf(stored)) {
      if (other) void ownership.await(other, () => adopt(other));
    }
  }

  /** Resolves when the records of a session that other pages left have been taken over, or their pages have dealt with them. */
  async function metWith(linkSessionId: string): Promise<void> {
    const stored = [...storage.entries(), ...(await entriesOnDisk())];
    const holders = pagesOf(stored.filter(({ key }) => key.endsWith(`/${linkSessionId}`)));
    await Promise.all([...holders].map((other) => other && ownership.await(other, () => adopt(other))));
  }

  /** That page is gone and its name is ours: what it left is read again, since it may have delivered in the meantime. */
  async function adopt(other: string): Promise<void> {
    // In one event: the core must see both copies of a record before it erases either, and the faster places as they are then.
    const onDisk = await entriesOnDisk();
    const stored = [...storage.entries(), ...onDisk];
    if (isDisposed) return;
    // Records first: the callbacks of the journal may have become one of them, which then says how long to wait.
    const records = stored.filter(({ key }) => pageOf(key) === other && !key.startsWith(journalPrefix));
    show(records, true);
    replay(other, journal.entriesOf(other, stored));
  }

  /** A disk that does not answer in time is as good as empty: what the faster places hold must not wait for it. */
  async function entriesOnDisk(): Promise<StoredText[]> {
    const keys = ownKeys;
    const found = await within(platform, diskTimeoutMs, mirror.entries(), 'the disk did not answer').catch(() => []);
    // What was forgotten meanwhile may be among them.
    return keys === ownKeys ? found : entriesOnDisk();
  }

  function show(records: StoredText[], orphaned: boolean): void {
    if (records.length === 0) return;
    // A copy of an earlier look that this one lacks was not taken over then, or a safer one exists: it stays.
    for (const { key } of records) shown.delete(key);
    for (const { key, text } of records) shown.set(key, (shown.get(key) ?? new Set()).add(text));
    tell({ type: 'records_found', records, orphaned });
  }

  function replay(other: string, entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) arrive(entry.text, entry.wallMs);
    journal.clearOf(other);
  }

  /** Without locks nobody knows whether a page lives; one that does has its core, and its journal is empty, long before. */
  function isStale(entry: JournalEntry): boolean {
    return Math.abs(platform.wallMs() - entry.wallMs) > journalLeaseMs;
  }

  function arrivalOf(event: PlatformEvent): Arrival {
    return { text: textOf(event), wallMs: platform.wallMs(), monotonicMs: platform.monotonicMs() };
  }

  function startedEvent(): Arrival {
    return arrivalOf({
      type: 'started',
      endpoint,
      owner: owner ?? null,
      page,
      version: __LINKTRAIL_VERSION__,
      locks: ownership.hasLocks,
    });
  }

  async function load(): Promise<Engine> {
    for (let attempt = 0; ; attempt++) {
      const suffices = drives;
      try {
        const loaded = await loadCore();
        if (suffices !== drives) continue; // The driver came while it was on its way.
        ({ core, send } = loaded);
        drain();
        clearJournal();
        ownership.releaseSoon(); // Unless a record needs it: that is about to hold it anew.
        return loaded.engine;
      } catch (error) {
        const delayMs = loadRetriesMs[attempt];
        if (!delayMs || isDisposed) {
          giveUp();
          throw error;
        }
        report(error);
        await new Promise<void>((resolve) => platform.setTimer(resolve, delayMs));
      }
    }
  }

  /** No core is left to say what becomes of a report: the next page will know. */
  function giveUp(): void {
    for (const resolvers of waiting.values()) for (const resolve of resolvers) resolve(unknownReceipt);
  }

  function restart(trapped: Arrival): void {
    // No core at all is safer than one that is undefined: what comes is kept in the journal, for the next page.
    core = undefined;
    if (++restarts > restartsMax) return giveUp();
    if (!trapped.hasTrapped) inbox.unshift({ ...trapped, hasTrapped: true });
    replaceCore();
  }

  /** A new core under a new name: it finds the old one's records as those of a page that is gone. */
  function replaceCore(): void {
    core = undefined;
    ownership.end();
    page = randomName();
    ownership = createOwnership(platform, page, report);
    journal = createJournal(storage, page, endpoint, owner);
    ownKeys = new Set();
    inbox.unshift(startedEvent(), ...[...introductions].flatMap((introduction) => introduction()).map(arrivalOf));
    (ready = load()).catch(report);
  }

  function introduce(introduction: Introduction): (() => void) | undefined {
    if (!drives && isDisposed) return;
    introductions.add(introduction);
    const mustReplace = !drives && core;
    drives = true;
    if (mustReplace) replaceCore();
    else introduction().forEach(tell);
    return () => introductions.delete(introduction);
  }

  /** Takes one callback of Link. Nothing that happens in here may reach Link: its overlay would be left stuck. */
  function receive(capture: () => string): void {
    guarded(() => {
      const text = capture();
      const wallMs = platform.wallMs();
      if (!core) {
        ownership.hold();
        journal.keep(text, wallMs);
      }
      arrive(text, wallMs);
    });
  }

  inbox.push(startedEvent());
  const endListening = listenToPage(
    platform,
    (signal) => {
      // While the core is still loading, the lock protects the journal.
      if (signal === 'hidden' && ownKeys.size === 0 && core) ownership.release();
      if (signal === 'restored' && ownKeys.size > 0) ownership.hold();
      tell({ type: 'page_changed', signal });
    },
    () => tell({ type: 'storage_changed' }),
    (told) => isForgetting || tell({ type: 'forgotten_elsewhere', told }),
  );

  const trail: LinkTrail = {
    handlers: Object.freeze({
      onSuccess(...args: unknown[]) {
        receive(() => captureSuccess(args[1]));
        guarded(() => options.onSuccess?.(...(args as [string, never])));
      },
      onExit(...args: unknown[]) {
        receive(() => captureExit(args[0], args[1]));
        guarded(() => options.onExit?.(...(args as [never, never])));
      },
      onEvent(...args: unknown[]) {
        receive(() => captureEvent(args[0], args[1]));
        guarded(() => options.onEvent?.(...(args as [string, never])));
      },
    }),
    get progress() {
      return currentProgress();
    },
    get ready() {
      return ready;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async delivered(linkSessionId) {
      const hasCore = await ready.then(() => restarts <= restartsMax, () => false);
      if (!hasCore) return unknownReceipt; // Reported when it happened; what was kept waits for the next page.
      // As text: what cannot cross to the core would never be answered, and the next answer would be taken for its own.
      const id = linkSessionId === undefined ? null : String(linkSessionId);
      if (id !== null) await metWith(id);
      return new Promise((resolve) => {
        asked.push((receipt, isSettled) => {
          if (isSettled || isDisposed) return resolve(receipt);
          const resolvers = waiting.get(receipt.linkSessionId) ?? new Set();
          waiting.set(receipt.linkSessionId, resolvers.add(resolve));
        });
        tell({ type: 'receipt_requested', link_session_id: id });
      });
    },
    flush: () => tell({ type: 'flush_requested' }),
    forget: () => tell({ type: 'forget_requested' }),
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      tell({ type: 'disposed' });
      endListening();
      platform.clearTimer(timer);
      listeners.clear();
      for (const [linkSessionId, resolvers] of waiting) {
        for (const resolve of resolvers) {
          asked.push(resolve);
          tell({ type: 'receipt_requested', link_session_id: linkSessionId });
        }
      }
      ownership.end();
      mirror.close();
    },
  };
  ports.set(trail, { tell, hands, observers, introduce, report });
  return trail;
}
