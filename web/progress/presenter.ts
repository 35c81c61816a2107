/** What one element shows: what the page gave it, when it draws, and what it tells assistive technology. */

import { accountOf } from './account.js';
import { createAnnouncer, type Facts } from './announcer.js';
import type { FollowedTrail, ShownProgress } from './given.js';
import { changed, labelsIn, languageOf } from './labels/choose.js';
import type { ProgressLabelChanges } from './labels/labels.js';
import { createView, factsOf } from './view.js';

export interface Presenter {
  trail: FollowedTrail | null;
  get progress(): ShownProgress | null;
  set progress(progress: ShownProgress | null);
  labels: ProgressLabelChanges | null;
  connected(): void;
  disconnected(): void;
  /** Something that the picture depends on is another. */
  change(): void;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isTrail = (value: unknown): boolean => isObject(value) && 'progress' in value && 'subscribe' in value;
const isProgress = (value: unknown): boolean => isObject(value) && 'flow' in value && 'steps' in value && Array.isArray(value.steps);

function demand(isFit: boolean, what: string): void {
  if (!isFit) throw new TypeError(`linktrail: <linktrail-progress> takes ${what}, or null.`);
}

/** Step names apart from one another by spaces or commas, each once. */
const planOf = (text: string | null): readonly string[] => [...new Set((text ?? '').split(/[\s,]+/).filter((name) => name !== ''))];

export function createPresenter(host: HTMLElement, root: ShadowRoot): Presenter {
  const view = createView(root);
  const announcer = createAnnouncer(view.region);
  let trail: FollowedTrail | null = null;
  let given: ShownProgress | null = null;
  let labels: ProgressLabelChanges | null = null;
  let unsubscribe: (() => void) | undefined;
  let isDue = false;

  const shown = (): ShownProgress | null => given ?? trail?.progress ?? null;

  function follow(): void {
    unsubscribe?.();
    unsubscribe = host.isConnected ? trail?.subscribe(change) : undefined;
  }

  /** Once Link's callback, or whatever it was, has returned; once for all that comes until then. */
  function change(): void {
    if (isDue || !host.isConnected) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      if (host.isConnected) announcer.tell(draw());
    });
  }

  function draw(): Facts {
    const account = accountOf(shown(), planOf(host.getAttribute('steps')));
    const own = labelsIn(languageOf(host));
    const texts = changed(own.labels, labels ?? {});
    // Our texts may be in another language than the page around them; those that the page brought are in its own.
    view.draw(account, texts, labels === null ? own.language : null);
    return factsOf(account, texts);
  }

  return {
    get trail() {
      return trail;
    },
    // Frameworks set undefined where a page no longer gives a property, or not yet: here and below it is as null.
    set trail(next) {
      demand(next == null || isTrail(next), 'as `trail` what `createLinkTrail` gives');
      trail = next ?? null;
      follow();
      change();
    },
    get progress() {
      return shown();
    },
    set progress(next) {
      demand(next == null || isProgress(next), 'as `progress` that of a trail');
      given = next ?? null;
      change();
    },
    get labels() {
      return labels;
    },
    set labels(next) {
      demand(next === undefined || typeof next === 'object', 'as `labels` an object');
      // What is undefined is not given, and what the page changes in its object later is the page's.
      labels = JSON.parse(JSON.stringify(next ?? null)) as ProgressLabelChanges | null;
      change();
    },
    connected() {
      follow();
      announcer.know(draw());
    },
    disconnected() {
      unsubscribe?.();
      unsubscribe = undefined;
      announcer.stop();
    },
    change,
  };
}
