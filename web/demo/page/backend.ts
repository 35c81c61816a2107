/** The page's calls to its own backend; linktrail makes its own. */

import { field } from '../json.ts';
import type { Scenario } from '../scenarios.ts';
import type { Verdict } from './words.ts';

export const headers = { 'X-Requested-With': 'linktrail-demo' };

export interface Verification {
  readonly id: string;
  readonly flow: string;
  readonly outcome: string;
  readonly verdict: Verdict;
  readonly errorCode: string | null;
  readonly reports: number;
  readonly copies: number;
  readonly lastReceivedAt: string;
}

/** Plaid is out of reach, or thinks about a session that is finished. */
export const isUndecided = ({ flow, verdict }: Verification): boolean =>
  verdict.kind === 'unreachable' || (flow === 'completed' && verdict.status === 'active');

async function call(path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const json: unknown = await answer.json();
  if (answer.ok) return json;
  const message = field(field(json, 'error'), 'message');
  throw new Error(typeof message === 'string' ? message : `The backend answered ${answer.status}.`);
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  if (typeof found === 'string') return found;
  throw new Error(`The backend's answer has no ${name}.`);
}

export async function session(): Promise<{ readonly userId: string; readonly mode: string }> {
  const json = await call('/api/session');
  return { userId: text(json, 'user_id'), mode: text(json, 'mode') };
}

export async function linkToken(scenario: Scenario, resume: boolean): Promise<string> {
  return text(await call('/api/link-token', { scenario, resume }), 'link_token');
}

export async function setFault(fault: { mode: 'none' | 'down' | 'drop'; seconds?: number; starts?: 'on_completed' }): Promise<void> {
  await call('/api/faults', fault);
}

export async function verifications(): Promise<Verification[]> {
  const all = field(await call('/api/verifications'), 'verifications');
  if (!Array.isArray(all)) throw new Error('The backend’s answer has no verifications.');
  return all.map((one: unknown) => {
    const verdict = field(one, 'verdict');
    const status = field(verdict, 'status');
    const errorCode = field(one, 'error_code');
    return {
      id: text(one, 'link_session_id'),
      flow: text(one, 'flow'),
      outcome: text(one, 'outcome'),
      verdict: { kind: text(verdict, 'kind'), status: typeof status === 'string' ? status : null },
      errorCode: typeof errorCode === 'string' ? errorCode : null,
      reports: Number(field(one, 'reports')),
      copies: Number(field(one, 'copies')),
      lastReceivedAt: text(one, 'last_received_at'),
    };
  });
}
