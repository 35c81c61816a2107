// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail, type Advice } from 'linktrail';
import { createLinkDriver, type Interrupted, type LinkDriver, type LinkDriverOptions, type LinkFailed, type LinkResult, type LinkSnapshot, type LinkState } from 'linktrail/link';

const trail = createLinkTrail({ endpoint: '/idv' });
const options: LinkDriverOptions = { trail, fetchLinkToken: () => 'link-sandbox-1', nonce: undefined, loadTimeoutMs: 5_000, tokenTimeoutMs: undefined };
export const link: LinkDriver = createLinkDriver({ ...options, fetchLinkToken: async () => 'link-sandbox-1' });
export const state: LinkState = link.state;
export const openedAt: string | undefined = link.interrupted?.openedAt;
export const unsubscribe: () => void = link.subscribe(({ state: next, interrupted }: LinkSnapshot) => void [next === 'open', interrupted?.linkSessionId]);

/** Told apart by `kind`, without a default. */
export function words(result: LinkResult): string {
  const advice: Advice = result.advice;
  switch (result.kind) {
    case 'completed': {
      const flow: 'completed' = result.flow;
      return flow;
    }
    case 'exited':
      return result.exit?.errorCode ?? advice;
    case 'failed': {
      const failed: LinkFailed = result;
      return `${failed.failure}: ${String(failed.cause)}`;
    }
    case 'closed':
      return '';
  }
}
export const visit = async (): Promise<string> => words(await link.open());
export const visitBefore: Interrupted | null = link.interrupted;

// @ts-expect-error 2741: a trail is demanded
createLinkDriver({ fetchLinkToken: () => 'link-sandbox-1' });
// @ts-expect-error 2741: and a source of tokens, since a token is good once
createLinkDriver({ trail });
// @ts-expect-error 2322: a token is text
createLinkDriver({ trail, fetchLinkToken: () => ({ link_token: 'link-sandbox-1' }) });
// @ts-expect-error 2353: the driver makes the handler, so it takes none of Link's callbacks; the trail does
createLinkDriver({ ...options, onSuccess: () => undefined });
// @ts-expect-error 2322: a time is a number of milliseconds
createLinkDriver({ ...options, loadTimeoutMs: '5s' });
// @ts-expect-error 2367: completed is a kind of result, not a state
export const isCompleted: boolean = link.state === 'completed';
// @ts-expect-error 2540: a state is read, never written
link.state = 'open';
// @ts-expect-error 2339: only a failure has a cause
link.open().then((result) => result.cause);
// @ts-expect-error 2339: what a visit came to is its result, not the snapshot's
link.subscribe((snapshot) => snapshot.outcome);
// @ts-expect-error 18047: mostly nothing was interrupted
export const interruptedAt: string = link.interrupted.openedAt;
// @ts-expect-error 2554: the token comes from the options, anew for each handler
link.open('link-sandbox-1');
