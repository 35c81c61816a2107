/** `linktrail/vue`: a trail for a component or any other effect scope. */

import { getCurrentScope, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';
import { ownTrail, type TrailInUse } from '../bindings/owned_trail.js';
import type { LinkHandlers, LinkTrail, LinkTrailOptions, Progress } from '../src/index.js';

/** What `useLinkTrail` returns. */
export interface UseLinkTrail extends Omit<TrailInUse, 'handlers'> {
  /**
   * The trail itself, for `createLinkDriver`, `followFunnel`, `createRecorder` and `<linktrail-progress>`: null on a server, and another
   * one for another `owner` or `endpoint`, so watch it. The scope disposes it.
   */
  readonly trail: Readonly<ShallowRef<LinkTrail | null>>;
  /** For `Plaid.create`; others when `owner` or `endpoint` are others. */
  readonly handlers: Readonly<ShallowRef<LinkHandlers>>;
  /** The newest progress of the present trail; idle on a server. */
  readonly progress: Readonly<ShallowRef<Progress>>;
}

/**
 * One trail for the scope that calls it, usually a component's `setup`. It lives on after the scope has ended until what is
 * under way is delivered.
 *
 * Options may be a ref or a getter: callbacks, `headers` and `body` are those of the newest value. Another `endpoint` or
 * `owner` ends the trail and begins another, with other handlers; what waits for the former owner stays stored for them. On a
 * server the progress is idle and nothing is started.
 *
 * @param options as for `createLinkTrail`
 * @throws TypeError where `createLinkTrail` throws it, except on a server
 */
export function useLinkTrail(options: MaybeRefOrGetter<LinkTrailOptions>): UseLinkTrail {
  const owned = ownTrail(toValue(options));
  const progress = shallowRef(owned.progress());
  const handlers = shallowRef(owned.inUse().handlers);
  const trail = shallowRef(owned.trail());
  if (typeof document === 'object') {
    owned.subscribe(() => {
      progress.value = owned.progress();
      handlers.value = owned.inUse().handlers;
      trail.value = owned.trail();
    });
    owned.begin();
    watch(() => ({ ...toValue(options) }), (newest) => owned.update(newest), { flush: 'sync' });
    if (getCurrentScope() !== undefined) onScopeDispose(() => owned.end());
  }
  return {
    handlers,
    trail,
    progress,
    delivered: (linkSessionId) => owned.inUse().delivered(linkSessionId),
    flush: () => owned.inUse().flush(),
    forget: () => owned.inUse().forget(),
  };
}

export type { TrailInUse };
