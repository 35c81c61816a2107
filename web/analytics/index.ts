/** `linktrail/analytics`: a verification as a stream of facts for a funnel, each told exactly once. */

import { portOf, type LinkTrail, type Progress } from '../src/index.js';
import { factsOf, type FunnelFact } from './facts.js';
import { openMemory } from './memory.js';

/** What `followFunnel` takes besides. */
export interface FunnelOptions {
  /**
   * Whose memory it is: followers of one name share what was told, also across a reload. Two tools that are each to hear
   * everything need two names. 1 to 40 letters, digits, `-` and `_`. Default `funnel`.
   */
  readonly name?: string | undefined;
  /**
   * Told of everything that the callback throws or rejects with; the fact counts as told. Default: `reportError` where it
   * exists, so that the page's error monitor sees it.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The followers of one name on one trail. */
interface Funnel {
  readonly followers: Set<(fact: FunnelFact) => void>;
  readonly hear: (progress: Progress) => void;
}

const funnels = new WeakMap<LinkTrail, Map<string, Funnel>>();

function openFunnel(trail: LinkTrail, name: string): Funnel {
  const followers: Funnel['followers'] = new Set();
  const memory = openMemory(`linktrail/told/${name}`);
  const nameless = `page-${Math.random().toString(36).slice(2)}`;
  /** Link's screen as last seen, and whether it was opened, or a step begun, since the exit that was told last. */
  let wasOpen = false;
  let isResumed = true;
  let exitAt = '';

  function hear(progress: Progress): void {
    if (progress.uiOpen && !wasOpen) isResumed = true;
    wasOpen = progress.uiOpen;
    for (const fact of factsOf(progress, new Date().toISOString(), nameless)) {
      // `EXIT` and `onExit` tell of one exit, the second of them perhaps with an error that the first lacked.
      const isExit = fact.name === 'verification_exited';
      if (isExit && (!isResumed || fact.at === exitAt)) continue;
      if (!memory.take(fact.id)) continue;
      if (fact.name === 'step_started') isResumed = true;
      if (isExit) [isResumed, exitAt] = [false, fact.at];
      for (const tell of [...followers]) tell(fact);
    }
  }

  portOf(trail)?.observers.add((event) => {
    if (event === '{"type":"forget_requested"}') memory.forget();
  });
  trail.subscribe((progress) => {
    if (followers.size > 0) hear(progress);
  });
  return { followers, hear };
}

/**
 * Tells `callback` of every fact of the trail's sessions exactly once: what is known already at once, in the order in which it
 * came about, and from then on each thing as it comes about. Repeated, late and reordered events of Link make no second fact,
 * nor does following again, nor a reload of the tab; what was told is remembered in `sessionStorage` by ids, up to 256 of them,
 * until the tab is closed or `trail.forget()` is called.
 *
 * Follow before Link opens: of a session that another has replaced nothing is told.
 *
 * A callback that throws, or whose promise rejects, is reported to `options.onError` and harms nobody.
 *
 * @returns ends it; what comes about until somebody follows under the same name again is told then
 * @throws TypeError when `trail` is not from `createLinkTrail` of this package, `callback` no function, or `options.name` no name
 */
export function followFunnel(
  trail: LinkTrail,
  callback: (fact: FunnelFact) => void | Promise<void>,
  options: FunnelOptions = {},
): () => void {
  const { name = 'funnel', onError } = options;
  if (portOf(trail) === undefined) throw new TypeError('linktrail: `trail` must come from createLinkTrail.');
  if (typeof callback !== 'function') throw new TypeError('linktrail: `callback` must be a function.');
  if (!/^[\w-]{1,40}$/.test(name)) throw new TypeError('linktrail: `name` must be 1 to 40 letters, digits, - or _.');

  function report(error: unknown): void {
    (onError ?? (typeof reportError === 'function' ? reportError : console.error))(error);
  }
  /** A callback that throws is as one that rejects. */
  const tell = (fact: FunnelFact) => void new Promise((resolve) => resolve(callback(fact))).catch(report);

  const named = funnels.get(trail) ?? new Map<string, Funnel>();
  funnels.set(trail, named);
  const funnel = named.get(name) ?? openFunnel(trail, name);
  named.set(name, funnel);
  funnel.followers.add(tell);
  funnel.hear(trail.progress);
  return () => void funnel.followers.delete(tell);
}

export type {
  FunnelFact,
  FunnelFactBase,
  OutcomeTold,
  StepEnded,
  StepStarted,
  VerificationCompleted,
  VerificationExited,
  VerificationStarted,
} from './facts.js';
