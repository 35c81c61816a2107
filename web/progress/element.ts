/** The element `<linktrail-progress>` as the platform sees it: properties, attributes and its life in a document. */

import { hasOwn } from '../src/es2020.js';
import type { FollowedTrail, ShownProgress } from './given.js';
import type { ProgressLabelChanges } from './labels/labels.js';
import { createPresenter, type Presenter } from './presenter.js';
import { adoptStyle } from './style.js';

/** The element `<linktrail-progress>`. Attributes: `steps`, the names of the template's steps, and `lang`. */
export interface LinkTrailProgressElement extends HTMLElement {
  /**
   * The trail it shows, followed while the element is in a document. Default null: nothing has begun.
   * @throws TypeError for what is no trail
   */
  trail: FollowedTrail | null;
  /**
   * What it shows. Once set, it is shown in place of the trail's, as for a progress that a server keeps; null gives way to the
   * trail again. Without either it is null.
   * @throws TypeError for what is no progress
   */
  progress: ShownProgress | null;
  /**
   * Texts in place of the element's own, in any language; those that are not given stay. The object is copied. Default null.
   * @throws TypeError for anything but an object or null
   */
  labels: ProgressLabelChanges | null;
}

/** @internal */
export type ElementClass = new () => LinkTrailProgressElement;

/** @internal Makes the class where there are elements: on a server the entry is imported, and no more. */
export function createElementClass(): ElementClass {
  const presenters = new WeakMap<HTMLElement, Presenter>();

  function presenterOf(element: HTMLElement): Presenter {
    const presenter = presenters.get(element);
    // As for every property of an element that is read of its prototype.
    if (presenter === undefined) throw new TypeError('linktrail: this is no <linktrail-progress>.');
    return presenter;
  }

  class ProgressElement extends HTMLElement implements LinkTrailProgressElement {
    static get observedAttributes(): readonly string[] {
      return ['lang', 'steps'];
    }

    constructor() {
      super();
      presenters.set(this, createPresenter(this, this.attachShadow({ mode: 'open' })));
    }

    get trail(): FollowedTrail | null {
      return presenterOf(this).trail;
    }

    set trail(trail) {
      presenterOf(this).trail = trail;
    }

    get progress(): ShownProgress | null {
      return presenterOf(this).progress;
    }

    set progress(progress) {
      presenterOf(this).progress = progress;
    }

    get labels(): ProgressLabelChanges | null {
      return presenterOf(this).labels;
    }

    set labels(labels) {
      presenterOf(this).labels = labels;
    }

    connectedCallback(): void {
      if (this.shadowRoot !== null) adoptStyle(this.shadowRoot);
      adoptEarlierProperties(this);
      presenterOf(this).connected();
    }

    disconnectedCallback(): void {
      presenterOf(this).disconnected();
    }

    attributeChangedCallback(): void {
      presenterOf(this).change();
    }
  }
  return ProgressElement;
}

/** What was set before the element was defined stands in front of its accessors. */
function adoptEarlierProperties(element: LinkTrailProgressElement): void {
  for (const name of ['labels', 'progress', 'trail'] as const) {
    if (!hasOwn(element, name)) continue;
    const value = element[name];
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}
