/**
 * A trail that belongs to a component: begun once the component is on the page, kept through re-renders and StrictMode's
 * double mount, and ended when the component is gone and has delivered. Knows no framework.
 */

import { createLinkTrail, idleProgress } from '../src/index.js';
import type { LinkHandlers, LinkTrail, LinkTrailOptions, Progress, Receipt } from '../src/index.js';

/** What a component gets of its trail. */
export interface TrailInUse {
  /** For `Plaid.create` or `usePlaidLink`; the same three functions as long as `owner` and `endpoint` are the same. */
  readonly handlers: LinkHandlers;
  /** As `LinkTrail.delivered`. */
  delivered(linkSessionId?: string): Promise<Receipt>;
  /** As `LinkTrail.flush`. */
  flush(): void;
  /** As `LinkTrail.forget`. */
  forget(): void;
}

/** @internal */
export interface OwnedTrail {
  /** Of the present owner and endpoint: another object when these are others. */
  inUse(): TrailInUse;
  /** The present trail itself; null while the component is not on the page. */
  trail(): LinkTrail | null;
  progress(): Progress;
  /** Calls `listener` with nothing whenever `inUse`, `trail` or `progress` has become another. Returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * Takes the newest options: another `endpoint` or `owner` is another trail, everything else is looked up when it is needed.
   *
   * @throws TypeError as `createLinkTrail` does
   */
  update(options: LinkTrailOptions): void;
  /** The component is on the page. */
  begin(): void;
  /** It is gone: what is under way is delivered first. */
  end(): void;
}

interface OwnersTrail {
  readonly inUse: TrailInUse;
  trail(): LinkTrail | null;
  progress(): Progress;
  isFor(options: LinkTrailOptions): boolean;
  take(options: LinkTrailOptions): void;
  begin(): void;
  end(): void;
  /** Ends at once, because somebody else is signed in now. */
  abandon(): void;
}

/** Trails whose components are gone and that still deliver, each with its owner: nobody updates them when somebody else signs in. */
const lingering = new Map<() => void, string | undefined>();

/** A trail for one owner and one endpoint, created when it is first needed. */
function trailFor(options: LinkTrailOptions, changed: () => void): OwnersTrail {
  /** The object that the trail reads callbacks, `headers`, `body` and `credentials` from, each time it needs one. */
  const live = { ...options };
  let trail: LinkTrail | undefined;
  let progress = idleProgress;
  let isWanted = false;

  function current(): LinkTrail {
    if (trail !== undefined) return trail;
    const created = createLinkTrail(live);
    trail = created;
    created.subscribe((newest) => {
      progress = newest;
      changed();
    });
    // A callback of Link after the component has gone: it is delivered, and nothing stays behind.
    if (!isWanted) end();
    return created;
  }

  /** Ends the trail when what is under way is delivered, unless it is wanted again by then. */
  function end(): void {
    isWanted = false;
    const ending = trail;
    if (ending === undefined) return;
    lingering.set(abandon, live.owner);
    void ending.delivered().then(() => {
      if (isWanted || trail !== ending) return;
      lingering.delete(abandon);
      ending.dispose();
      trail = undefined;
    });
  }

  function abandon(): void {
    lingering.delete(abandon);
    // What Link still says is stored, and sent at most with the headers of the former login, never with the next one's cookies.
    live.credentials = 'omit';
    isWanted = true;
    trail?.dispose(); // One whose options were refused has none.
  }

  return {
    // Link keeps the functions it was given: what it says later belongs to whoever was signed in then.
    inUse: {
      handlers: {
        onSuccess: (...args) => current().handlers.onSuccess(...args),
        onExit: (...args) => current().handlers.onExit(...args),
        onEvent: (...args) => current().handlers.onEvent(...args),
      },
      delivered: (linkSessionId) => current().delivered(linkSessionId),
      flush: () => current().flush(),
      forget: () => current().forget(),
    },
    trail: () => (isWanted ? (trail ?? null) : null),
    progress: () => progress,
    isFor(newest) {
      const { endpoint, owner } = newest ?? {}; // Options that are missing are `createLinkTrail`'s to refuse.
      return String(endpoint) === String(live.endpoint) && owner === live.owner;
    },
    take(newest) {
      for (const name of Object.keys(live) as (keyof LinkTrailOptions)[]) delete live[name];
      Object.assign(live, newest);
    },
    begin() {
      if (isWanted) trail = undefined; // Abandoned while its component was hidden, and its owner is back.
      isWanted = true;
      lingering.delete(abandon);
      for (const [abandonOther, owner] of [...lingering]) if (owner !== live.owner) abandonOther();
      current();
      changed();
    },
    end,
    abandon,
  };
}

/** @internal */
export function ownTrail(initial: LinkTrailOptions): OwnedTrail {
  const listeners = new Set<() => void>();
  let isShown = false;
  let present = create(initial);

  function create(options: LinkTrailOptions): OwnersTrail {
    const created: OwnersTrail = trailFor(options, () => created === present && tell());
    return created;
  }

  function tell(): void {
    for (const listener of [...listeners]) listener();
  }

  return {
    inUse: () => present.inUse,
    trail: () => present.trail(),
    progress: () => present.progress(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update(options) {
      if (present.isFor(options)) {
        present.take(options);
        return;
      }
      const former = present;
      present = create(options);
      if (isShown) {
        former.abandon();
        present.begin();
      }
      tell();
    },
    begin() {
      isShown = true;
      present.begin();
    },
    end() {
      isShown = false;
      present.end();
    },
  };
}
