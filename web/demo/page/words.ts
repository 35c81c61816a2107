/** What the page says, in plain words: one table per vocabulary, and the unknown shown as it came. */

import type { Advice, DeliveryState, Durability, Flow, Outcome, Progress, StepStatus } from 'linktrail';
import type { Scenario } from '../scenarios.ts';

export interface Choice {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** What the stand-in for Link plays; with Plaid's own Link the person decides. */
  readonly plays: Scenario;
  readonly trouble: 'none' | 'down' | 'closed';
}

export const endings: readonly Choice[] = [
  { name: 'pass', title: 'Passes', text: 'Every step passes.', plays: 'pass', trouble: 'none' },
  { name: 'fallback', title: 'Passes by document', text: 'The details fail, the document passes.', plays: 'fallback', trouble: 'none' },
  { name: 'fail', title: 'Fails', text: 'Link calls onSuccess all the same.', plays: 'fail', trouble: 'none' },
  { name: 'review', title: 'Pending review', text: 'Somebody has to look.', plays: 'review', trouble: 'none' },
  { name: 'leave', title: 'Leaves midway', text: 'Closes Link, may come back.', plays: 'leave', trouble: 'none' },
  { name: 'expired', title: 'Expired token', text: 'Link refuses to start.', plays: 'expired', trouble: 'none' },
];

export const troubles: readonly Choice[] = [
  { name: 'no-success', title: 'No onSuccess', text: 'Link says passed, then only exits.', plays: 'no-success', trouble: 'none' },
  { name: 'already-finished', title: 'Finished elsewhere', text: 'Link closes without a word.', plays: 'already-finished', trouble: 'none' },
  { name: 'outage', title: 'Backend down', text: '503 just when the result comes.', plays: 'pass', trouble: 'down' },
  { name: 'tab-closed', title: 'Tab closed', text: 'The page goes before the report is out.', plays: 'pass', trouble: 'closed' },
];

export const real: readonly Choice[] = [
  { name: 'pass', title: 'Verify', text: 'Plaid’s own Link, in Sandbox.', plays: 'pass', trouble: 'none' },
  { name: 'outage', title: 'Backend down', text: '503 just when the result comes.', plays: 'pass', trouble: 'down' },
  { name: 'tab-closed', title: 'Tab closed', text: 'The page goes before the report is out.', plays: 'pass', trouble: 'closed' },
];

export const flowWords: Readonly<Record<Flow, string>> = {
  idle: 'Not started',
  in_progress: 'Under way',
  exited: 'Left Link',
  completed: 'Finished',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  unknown: 'Nothing yet',
  passed: 'Passed',
  failed: 'Failed',
  pending_review: 'Pending review',
};

const viewWords: Readonly<Record<string, string>> = {
  ACCEPT_TOS: 'Terms of use',
  VERIFY_SMS: 'Code by text message',
  KYC_CHECK: 'Personal details',
  DOCUMENTARY_VERIFICATION: 'Identity document',
  SELFIE_CHECK: 'Selfie',
  RISK_CHECK: 'Risk check',
  SCREENING: 'Watchlist screening',
};
export const viewWord = (view: string): string => viewWords[view] ?? view;

export const statusWords: Readonly<Record<StepStatus, string>> = {
  active: 'Under way',
  passed: 'Passed',
  failed: 'Failed',
  pending_review: 'Pending review',
};

export const deliveryWords: Readonly<Record<DeliveryState, string>> = {
  unknown: 'Nothing to send',
  sending: 'Sending…',
  waiting: 'Waiting to be sent again',
  unauthorized: 'Waiting for a new login',
  delivered: 'Delivered',
  refused: 'Refused by the backend',
  expired: 'Given up, too old',
  undeliverable: 'No id to send',
  forgotten: 'Forgotten at sign-out',
};

export const durabilityWords: Readonly<Record<Durability, string>> = {
  disk: 'on disk, survives a killed browser',
  browser: 'in the browser, survives a closed tab',
  tab: 'in this tab, survives a reload',
  memory: 'in memory only',
};

export const adviceWords: Readonly<Record<Advice, string>> = {
  none: 'Nothing. The verification goes its way.',
  continue: 'The person left before the end. With a new link token the same session goes on where it stopped.',
  new_token: 'The link token was refused. Fetch a new one and open Link again when the person asks for it.',
  retry_later: 'Plaid has trouble or set a limit. Try again in some hours.',
  manual_review: 'Opening Link again cannot help. Offer the person a manual review.',
  wait: 'Somebody is looking at the details. There is nothing to do but wait.',
  ask_backend: 'The browser cannot know how this ended. Ask your backend, which asks Plaid.',
};

export type Verdict = { readonly kind: string; readonly status: string | null };

const plaidWords: Readonly<Record<string, readonly [text: string, tone: Tone]>> = {
  active: ['Still active', 'wait'],
  success: ['Verified', 'good'],
  failed: ['Not verified', 'bad'],
  pending_review: ['In review', 'wait'],
  expired: ['Expired', 'bad'],
  canceled: ['Canceled', 'bad'],
};

/** `live` says that something is known and judges nothing: a finished flow is not a verified person. */
export type Tone = 'none' | 'live' | 'wait' | 'good' | 'bad';

/** `finished` tells a session that Plaid is still thinking about from one that goes on. */
export function verdictWords(verdict: Verdict | null, finished: boolean): readonly [text: string, tone: Tone] {
  if (verdict === null) return ['Nothing yet', 'none'];
  if (verdict.kind === 'not_asked') return ['Not asked yet', 'none'];
  if (verdict.kind === 'unreachable') return ['Plaid cannot be reached', 'wait'];
  if (verdict.kind === 'unknown_to_plaid') return ['Plaid does not know this id', 'none'];
  const status = verdict.status ?? '';
  if (status === 'active' && finished) return ['Deciding …', 'wait'];
  return plaidWords[status] ?? [status, 'none'];
}

export const flowTone: Readonly<Record<Flow, Tone>> = { idle: 'none', in_progress: 'live', exited: 'wait', completed: 'live' };
export const outcomeTone: Readonly<Record<Outcome, Tone>> = { unknown: 'none', passed: 'good', failed: 'bad', pending_review: 'wait' };

/** What a page with nothing to do may still say, once the person has finished. */
export function afterwards(delivery: DeliveryState | null, verdict: string): string {
  if (delivery !== 'delivered') return 'Nothing. linktrail keeps the report and sends it again by itself.';
  return verdict === 'Verified'
    ? 'Nothing. This verification is done.'
    : 'Nothing. Your backend has the id and asks Plaid for the truth.';
}

/** Where things stand, for the person who watches. `leftBehind` when only a report of an earlier page is known. */
export function headline(progress: Progress, verdict: Verdict | null, opening: boolean, leftBehind: boolean): string {
  if (opening) return 'Opening Link …';
  if (leftBehind) return 'This page is new and saw nothing of that session. Its report was in storage.';
  if (progress.flow === 'idle') return 'Choose how it goes. Every step shows up here as it happens.';
  if (progress.flow === 'exited') {
    if (progress.exit?.errorCode === 'INVALID_LINK_TOKEN') return 'Link refused the link token.';
    return progress.advice === 'ask_backend' ? 'Link closed without a word on how it ended.' : 'The person closed Link before the end.';
  }
  if (progress.flow === 'completed') {
    if (verdict?.status === 'success') return 'The person is verified. Plaid confirmed it to your backend.';
    if (verdict?.status === 'failed') return 'The person finished and is not verified, as Plaid told your backend.';
    if (progress.outcome === 'passed') return 'Link says that the person passed. Your backend checks that with Plaid.';
    if (progress.outcome === 'failed') return 'The person finished, and Link says that they did not pass.';
    if (progress.outcome === 'pending_review') return 'The person finished, and somebody has to review the session.';
    return 'The person finished. Link did not say how it ended.';
  }
  return progress.currentStep === null ? 'The person is in Link.' : `The person is at: ${viewWord(progress.currentStep)}.`;
}
