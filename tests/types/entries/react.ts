// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { useEffect } from 'react';
import { usePlaidLink, type PlaidLinkOptions } from 'react-plaid-link';
import type { LinkTrailOptions, Progress } from 'linktrail';
import { createLinkDriver } from 'linktrail/link';
import { useLinkTrail, type UseLinkTrail } from 'linktrail/react';

const options: LinkTrailOptions = { endpoint: '/idv', owner: 'ana' };
export function useVerification(token: string): Progress {
  const trail: UseLinkTrail = useLinkTrail(options);
  usePlaidLink({ token, ...trail.handlers });
  useEffect(() => {
    if (trail.trail !== null) return createLinkDriver({ trail: trail.trail, fetchLinkToken: () => token }).dispose;
  });
  // @ts-expect-error 2322: before it is mounted there is none
  createLinkDriver({ trail: trail.trail, fetchLinkToken: () => token });
  // @ts-expect-error 2540: a progress is read, never written
  trail.progress = trail.progress;
  return trail.progress;
}
/** Callbacks that were written for react-plaid-link are taken as they are. */
export const useCallbacksOf = ({ onSuccess, onExit, onEvent }: PlaidLinkOptions): Progress =>
  useLinkTrail({ endpoint: '/idv', onSuccess, onExit, onEvent }).progress;
// @ts-expect-error 2741: an endpoint is demanded
useLinkTrail({ owner: 'ana' });
// @ts-expect-error 2554: and so are the options
useLinkTrail();
// @ts-expect-error 2345: options are of this moment, not what makes them
useLinkTrail(() => options);
