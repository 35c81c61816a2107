/** What the page says beside `<linktrail-progress>`: one table per vocabulary, and the unknown shown as it came. */

import type { Advice, DeliveryState, Durability, Flow, Outcome, Progress } from 'linktrail';
import type { LinkFailed } from 'linktrail/link';

/** `live` says that something is known and judges nothing: a finished flow is not a verified person. */
export type Tone = 'none' | 'live' | 'wait' | 'good' | 'bad';
/** What is said, and how it looks. */
export type Said = readonly [text: string, tone: Tone];

export const flows: Readonly<Record<Flow, Said>> = {
  idle: ['Not started', 'none'],
  in_progress: ['Under way', 'live'],
  exited: ['Left Link', 'wait'],
  completed: ['Finished', 'live'],
};

export const outcomes: Readonly<Record<Outcome, Said>> = {
  unknown: ['Nothing yet', 'none'],
  passed: ['Passed', 'good'],
  failed: ['Failed', 'bad'],
  pending_review: ['Pending review', 'wait'],
};

/** Of a session that only an earlier page saw. */
export const unseen: Said = ['Not seen here', 'none'];

/** Before a report is due. */
export const noReport: Said = ['None is due', 'none'];

export const deliveries: Readonly<Record<DeliveryState, Said>> = {
  unknown: ['Nothing to send', 'none'],
  sending: ['Sending …', 'wait'],
  waiting: ['Waiting to be sent again', 'wait'],
  unauthorized: ['Waiting for a new login', 'wait'],
  delivered: ['Delivered', 'good'],
  refused: ['Refused by the backend', 'bad'],
  expired: ['Given up, too old', 'bad'],
  undeliverable: ['No id to send', 'bad'],
  forgotten: ['Forgotten at sign-out', 'none'],
};

export const reportSaid = (receipt: Progress['delivery']): Said => (receipt === null ? noReport : deliveries[receipt.state]);

export const durabilities: Readonly<Record<Durability, string>> = {
  disk: 'kept on disk, survives a killed browser',
  browser: 'kept in the browser, survives a closed tab',
  tab: 'kept in this tab, survives a reload',
  memory: 'kept in memory only',
};

export const failures: Readonly<Record<LinkFailed['failure'], string>> = {
  script: 'Link could not be loaded.',
  token: 'Your backend gave no link token.',
  handler: 'Link could not be opened.',
  core: 'linktrail could not start.',
};

/** What `<linktrail-progress>` says while the trail has nothing to tell and this page knows more. */
export const idle = {
  opening: ['Opening Link', 'One moment, please.'],
  interrupted: ['You were in the middle of it', 'You can carry on where you stopped.'],
  unsent: ['Welcome back', 'Your last visit was cut short. What it left here is being sent.'],
} as const;

/** The same for a page that has nothing else to say while it is idle. */
export const interruptedLabels = { situations: { idle: idle.interrupted } };

/** What happens to the page, said in its banner. */
export const banners = {
  renewed: 'Link refused the link token. The driver fetched a new one and opened Link again.',
  gaveUp: (tokens: number) => `Link refused ${tokens} link tokens in a row. The driver has stopped; the next one is yours to ask for.`,
  closing: 'The person closes the tab now. Your backend is down, and the report is not out.',
  reloading: 'The page reloads now, in the middle of Link.',
  interrupted: 'An earlier page ended while Link was open. The driver knows, and can go on there.',
  found: 'An earlier page left a report in this browser. linktrail found it and sends it.',
  back: 'You are back. linktrail found the report that was left behind and delivered it, with the same idempotency key.',
};

export const noted = 'Noted. In your product a colleague would now get in touch.';
export const backendStores = 'One entry per session, however many copies of a report arrived. It lies in a database on disk.';
export const backendSilent = 'Your backend cannot be reached at the moment.';

/** Of Plaid, as the backend keeps it: whether it was asked, and the `status` that it answered. */
export type Verdict = { readonly kind: string; readonly status: string | null };

const verdicts: Readonly<Record<string, Said>> = {
  none: ['Nothing yet', 'none'],
  not_asked: ['Not asked yet', 'none'],
  unreachable: ['Plaid cannot be reached', 'wait'],
  unknown_to_plaid: ['Plaid does not know this id', 'none'],
  active: ['Still active', 'wait'],
  success: ['Verified', 'good'],
  failed: ['Not verified', 'bad'],
  pending_review: ['In review', 'wait'],
  expired: ['Expired', 'bad'],
  canceled: ['Canceled', 'bad'],
};

/** The verdict in one word. */
export const verdictName = (verdict: Verdict | undefined): string => verdict?.status ?? verdict?.kind ?? 'none';

/** `finished` tells a session that Plaid is still thinking about from one that goes on. */
export function verdictSaid(verdict: Verdict | undefined, finished: boolean): Said {
  const name = verdictName(verdict);
  return name === 'active' && finished ? ['Deciding …', 'wait'] : (verdicts[name] ?? [name, 'none']);
}

/** The verdict that the answer to a report has brought. */
export const verdictOf = ({ verdict, flow }: Progress): Said =>
  verdictSaid(verdict === null ? undefined : { kind: 'known', status: verdict }, flow === 'completed');

/** What the person may do by themselves about an advice, in the words of a button; of all else `<linktrail-progress>` speaks. */
export const offered = (advice: Advice): string | null =>
  advice === 'continue' ? 'Continue' : advice === 'new_token' ? 'Start again' : null;
