/**
 * What the stand-in for Link and the stand-in for Plaid's servers tell one another. Real Link does this inside
 * its own frame; a customer's page and backend never see it.
 */

import { field, isOneOf } from '../json.ts';
import { isScenario } from '../scenarios.ts';
import type { Scenario } from '../scenarios.ts';

export const views = [
  'ACCEPT_TOS',
  'VERIFY_SMS',
  'KYC_CHECK',
  'DOCUMENTARY_VERIFICATION',
  'SELFIE_CHECK',
  'RISK_CHECK',
  'SCREENING',
] as const;
export type View = (typeof views)[number];

export const results = ['passed', 'failed', 'pending_review'] as const;
export type Result = (typeof results)[number];

/** What a link token opens. */
export type Opened =
  | {
      readonly kind: 'session';
      readonly linkSessionId: string;
      readonly scenario: Scenario;
      /** Whether this session was begun before, here or on another device. */
      readonly begun: boolean;
      /** The steps that were finished before. */
      readonly done: readonly View[];
    }
  /** The token is expired or unknown. The id is one of Link's own, which Plaid's API does not know. */
  | { readonly kind: 'invalid_token'; readonly linkSessionId: string }
  | { readonly kind: 'finished'; readonly linkSessionId: string };

/** What happened in a session; Plaid knows it before the browser does. */
export type Change =
  | { readonly kind: 'begun' }
  | { readonly kind: 'step_begun'; readonly view: View }
  | { readonly kind: 'step_ended'; readonly view: View; readonly result: Result }
  | { readonly kind: 'ended'; readonly outcome: Result };

/** Plaid's servers, as Link sees them. Both reject when they cannot be reached. */
export interface PlaidLine {
  open(linkToken: string): Promise<Opened>;
  tell(linkToken: string, change: Change): Promise<void>;
}

export function parseChange(value: unknown): Change | null {
  const kind = field(value, 'kind');
  const view = field(value, 'view');
  if (kind === 'begun') return { kind };
  if (kind === 'step_begun' && isOneOf(views, view)) return { kind, view };
  if (kind === 'step_ended' && isOneOf(views, view)) {
    const result = field(value, 'result');
    return isOneOf(results, result) ? { kind, view, result } : null;
  }
  if (kind === 'ended') {
    const outcome = field(value, 'outcome');
    return isOneOf(results, outcome) ? { kind, outcome } : null;
  }
  return null;
}

export function parseOpened(value: unknown): Opened | null {
  const kind = field(value, 'kind');
  const linkSessionId = field(value, 'linkSessionId');
  if (typeof linkSessionId !== 'string') return null;
  if (kind === 'invalid_token' || kind === 'finished') return { kind, linkSessionId };
  const scenario = field(value, 'scenario');
  const begun = field(value, 'begun');
  const done = field(value, 'done');
  if (kind !== 'session' || !isScenario(scenario) || typeof begun !== 'boolean' || !Array.isArray(done)) return null;
  const known: View[] = [];
  for (const view of done) if (isOneOf(views, view)) known.push(view);
  return { kind, linkSessionId, scenario, begun, done: known };
}

/** The line to the stand-in for Plaid through the demo backend's origin; `''` for the page's own. */
export function plaidLineOverHttp(origin: string): PlaidLine {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'linktrail-demo' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the stand-in for Plaid answered ${answer.status}`);
    return JSON.parse(text);
  };
  return {
    async open(linkToken) {
      const opened = parseOpened(await post('/stand-in/link/open', { link_token: linkToken }));
      if (opened === null) throw new Error('the stand-in for Plaid answered something else');
      return opened;
    },
    async tell(linkToken, change) {
      await post('/stand-in/link/tell', { link_token: linkToken, change });
    },
  };
}
