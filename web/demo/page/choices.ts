/** The buttons of the page: how a session may go, and what may go wrong around it. */

import type { Scenario } from '../scenarios.ts';

export interface Choice {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** What the stand-in for Link plays; with Plaid's own Link the person decides. */
  readonly plays: Scenario;
  /** What it plays with the next token, after it has refused one. Default `pass`. */
  readonly thenPlays?: Scenario;
  /** What happens to the backend or to the page meanwhile. Default nothing. */
  readonly trouble?: Trouble;
  /** The template's steps, where the session keeps to them; without, nobody knows what comes next. */
  readonly steps?: string;
}

/** `down`: the backend answers 503 for a while. `closed`: the tab goes with the result. `reloaded`: the page does, in the middle. */
export type Trouble = 'down' | 'closed' | 'reloaded';

/** The steps of the stand-in's template. */
export const template = 'ACCEPT_TOS VERIFY_SMS KYC_CHECK RISK_CHECK';

/** Not among the buttons: with a new token the session goes on where it was left. */
export const onward: Choice = { name: 'pass', title: 'Continue', text: '', plays: 'pass' };

const outage: Choice = { name: 'outage', title: 'Backend down', text: '503 as the result comes.', plays: 'pass', trouble: 'down' };
const tabClosed: Choice = { name: 'tab-closed', title: 'Tab closed', text: 'Gone before the report is out.', plays: 'pass', trouble: 'closed' };

/** By the heading that they stand under. */
export type Choices = Readonly<Record<string, readonly Choice[]>>;

export const standIn: Choices = {
  'How the session goes': [
    { name: 'pass', title: 'Passes', text: 'Every step passes.', plays: 'pass', steps: template },
    { name: 'fallback', title: 'Passes by document', text: 'Details fail, document passes.', plays: 'fallback' },
    { name: 'fail', title: 'Fails', text: 'Link calls onSuccess anyway.', plays: 'fail' },
    { name: 'review', title: 'Pending review', text: 'Somebody has to look.', plays: 'review' },
    { name: 'leave', title: 'Leaves midway', text: 'Closes Link, may come back.', plays: 'leave', steps: template },
    { name: 'no-success', title: 'No onSuccess', text: 'Link says passed, then exits.', plays: 'no-success' },
  ],
  'What goes wrong around it': [
    { name: 'expired', title: 'Expired token', text: 'Refused, and replaced.', plays: 'expired', steps: template },
    { name: 'refused', title: 'Every token refused', text: 'The driver gives up after three.', plays: 'expired', thenPlays: 'expired', steps: template },
    { name: 'already-finished', title: 'Finished elsewhere', text: 'Link closes without a word.', plays: 'already-finished' },
    { name: 'reloaded', title: 'Page reloaded', text: 'In the middle; it goes on there.', plays: 'pass', trouble: 'reloaded', steps: template },
    { ...outage, steps: template },
    { ...tabClosed, steps: template },
  ],
};

/** Those that need nothing but Link. */
export const plain: readonly Choice[] = Object.values(standIn)
  .flat()
  .filter(({ trouble, thenPlays }) => trouble === undefined && thenPlays === undefined);

export const sandbox: Choices = {
  'Verify with Plaid’s Sandbox': [
    { name: 'pass', title: 'Verify', text: 'Plaid’s own Link, in Sandbox.', plays: 'pass' },
    outage,
    tabClosed,
  ],
};
