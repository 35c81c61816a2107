/** `linktrail/progress`: the element `<linktrail-progress>`, which shows a person how their verification goes. */

import { createElementClass, type LinkTrailProgressElement } from './element.js';

const name = 'linktrail-progress';
let elementClass: ReturnType<typeof createElementClass> | undefined;

declare global {
  interface HTMLElementTagNameMap {
    'linktrail-progress': LinkTrailProgressElement;
  }
}

/**
 * Registers `<linktrail-progress>`. A second call does nothing, nor does one where the name is taken or, as on a server, where
 * there are no custom elements.
 *
 * @param registry default `customElements`
 */
export function defineLinkTrailProgress(registry: CustomElementRegistry | undefined = globalThis.customElements): void {
  if (registry === undefined || registry.get(name) !== undefined) return;
  elementClass ??= createElementClass();
  registry.define(name, elementClass);
}

export type { LinkTrailProgressElement } from './element.js';
export type { FollowedTrail, ShownProgress } from './given.js';
export type { ProgressLabelChanges, ProgressLabels, RowStatus, Situation } from './labels/labels.js';
