/** `linktrail/timeline`: a recording as a picture, for developers and for support. */

import { timelineClass, type LinkTrailTimelineElement } from './element.js';

declare global {
  interface HTMLElementTagNameMap {
    'linktrail-timeline': LinkTrailTimelineElement;
  }
}

/**
 * Defines `<linktrail-timeline>`; a second call for the same registry does nothing. Importing this module defines nothing.
 *
 * @param registry default `customElements` of the page
 * @throws TypeError where there is no registry, as on a server
 */
export function defineLinkTrailTimeline(registry: CustomElementRegistry | undefined = globalThis.customElements): void {
  if (registry === undefined) throw new TypeError('linktrail: `defineLinkTrailTimeline` needs a page with custom elements.');
  if (registry.get('linktrail-timeline') === undefined) registry.define('linktrail-timeline', timelineClass());
}

export type { LinkTrailTimelineElement } from './element.js';
export type { Recorder } from '../recorder/types.js';
export type { Json, RecordedEffect, RecordedEntry, RecordedEvent, RecordedProgress, Recording } from '../recording/format.js';
