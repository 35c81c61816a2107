/** `linktrail/react`: a trail for a component, for `Plaid.create` and for react-plaid-link's `usePlaidLink` alike. */

import { useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ownTrail, type TrailInUse } from '../bindings/owned_trail.js';
import { idleProgress, type LinkTrail, type LinkTrailOptions, type Progress } from '../src/index.js';

/** What `useLinkTrail` returns; a new object only when `progress` is a new one, or the trail is another. */
export interface UseLinkTrail extends TrailInUse {
  /**
   * The trail itself, for `createLinkDriver`, `followFunnel`, `createRecorder` and `<linktrail-progress>`, in an effect that depends on
   * it: it is null in the first render and on a server, and another one for another `owner` or `endpoint`. The hook disposes it.
   */
  readonly trail: LinkTrail | null;
  readonly progress: Progress;
}

/** On a server there is no layout to wait for, and React says so. */
const useCommitEffect = typeof document === 'object' ? useLayoutEffect : useEffect;

const progressOnServer = (): Progress => idleProgress;
const noTrail = (): null => null;

/**
 * One trail for the component that calls it. It begins when the component is mounted, re-renders it with every new
 * progress, and lives on after it was unmounted until what is under way is delivered.
 *
 * Options may be a new object in every render: callbacks, `headers` and `body` are those of the newest one. Another
 * `endpoint` or `owner` ends the trail and begins another, with other handlers; what waits for the former owner stays stored
 * for them. A Link that is open was given the former handlers: give `usePlaidLink` the next person's token too.
 * On a server it renders an idle progress and starts nothing.
 *
 * @param options as for `createLinkTrail`
 * @throws TypeError to the nearest error boundary, when mounted, where `createLinkTrail` would throw it
 */
export function useLinkTrail(options: LinkTrailOptions): UseLinkTrail {
  const [owned] = useState(() => ownTrail(options));
  useCommitEffect(() => owned.update(options));
  useCommitEffect(() => {
    owned.begin();
    return () => owned.end();
  }, [owned]);
  const progress = useSyncExternalStore(owned.subscribe, owned.progress, progressOnServer);
  const inUse = useSyncExternalStore(owned.subscribe, owned.inUse, owned.inUse);
  const trail = useSyncExternalStore(owned.subscribe, owned.trail, noTrail);
  return useMemo(() => ({ ...inUse, trail, progress }), [inUse, trail, progress]);
}

export type { TrailInUse };
