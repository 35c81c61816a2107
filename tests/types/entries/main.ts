// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail, idleProgress, type EventName, type LinkTrail, type LinkTrailOptions, type Progress, type Report, type ViewName } from 'linktrail';

export const trail: LinkTrail = createLinkTrail({ endpoint: '/idv', body: (report: Report) => report.link_session_id });
export const progress: Progress = trail.progress;
export const idle: Progress = idleProgress;
createLinkTrail({ endpoint: new URL('https://example.com/idv'), headers: async () => ({ 'X-CSRF-Token': '1' }), credentials: 'include' });

// Names are open: those that Plaid may add are names too.
export const view: ViewName = 'A_STEP_OF_NEXT_YEAR';
export const event: EventName = 'AN_EVENT_OF_NEXT_YEAR';
const statuses: readonly string[] = progress.steps.map((step) => step.status);
export const isChecked: boolean = statuses.includes('passed') && progress.steps.some(({ viewName }) => viewName === 'KYC_CHECK');

// A callback written in place knows what it gets; one that is there already has the types of its own wrapper.
const inPlace: LinkTrailOptions = {
  endpoint: '/idv',
  onSuccess: (publicToken, metadata) => void [publicToken?.length, metadata?.link_session_id],
  onExit: (error, metadata) => void [error?.error_code, metadata?.status],
  onEvent: (name, metadata) => void [name === 'OPEN', metadata?.view_name],
};
type Institution = { name: string; institution_id: string } | null;
const ofWrappers: LinkTrailOptions = {
  endpoint: '/idv',
  onSuccess: (publicToken: string, metadata: { institution: Institution; link_session_id: string }) => void [publicToken, metadata],
  onExit: (error: { error_code: string } | null, metadata: { institution: Institution; link_session_id: string }) => void [error, metadata],
  onEvent: (eventName: 'OPEN' | 'EXIT', metadata: { mfa_type: string; timestamp: string }) => void [eventName, metadata],
};
createLinkTrail(inPlace);
createLinkTrail({ ...ofWrappers, onSuccess: (publicToken: string | null) => void publicToken });
createLinkTrail({ ...ofWrappers, onSuccess: async () => undefined, onExit: undefined });

// @ts-expect-error 2741: an endpoint is demanded
createLinkTrail({});
// @ts-expect-error 2554: and so are the options
createLinkTrail();
// @ts-expect-error 2353: no option has this name
createLinkTrail({ endpoint: '/idv', onComplete: () => undefined });
// @ts-expect-error 2322: an owner is an id, as text
createLinkTrail({ endpoint: '/idv', owner: 7 });
// @ts-expect-error 2322: what fetch does not know
createLinkTrail({ endpoint: '/idv', credentials: 'always' });
// @ts-expect-error 2322: a header's value is text
createLinkTrail({ endpoint: '/idv', headers: { 'X-Attempt': 1 } });
// @ts-expect-error 2322: Link gives no number
createLinkTrail({ endpoint: '/idv', onEvent: (name: number) => void name });
// @ts-expect-error 2540: a progress is read, never written
trail.progress.flow = 'completed';
// @ts-expect-error 2339: nor are its steps
trail.progress.steps.push(progress.steps[0]);
// @ts-expect-error 2540: the handlers are those of the trail
trail.handlers.onEvent = () => undefined;
// @ts-expect-error 2367: completed is not verified, and there is no such flow
export const verified: boolean = progress.flow === 'verified';
// @ts-expect-error 2367: an outcome is not a flow
export const passed: boolean = progress.outcome === 'completed';
// @ts-expect-error 2367: there are two engines
trail.ready.then((engine) => engine === 'asm');
// @ts-expect-error 18047: an exit is null until there is one
export const code: string | null = progress.exit.errorCode;
// @ts-expect-error 2353: a listener is a function
trail.subscribe({ next() {} });
// @ts-expect-error 2339: what reaches into a trail is not public
trail.core;
