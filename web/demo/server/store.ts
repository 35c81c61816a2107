/**
 * What the demo backend remembers, in LMDB on disk: logins, reports received and sessions. It decides nothing
 * but keeps every change whole: one transaction, on the disk before the caller goes on.
 */

import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import type { Report } from '../../src/types.ts';
import { Problem } from './http.ts';
import { merge, told } from './report.ts';
import type { Told } from './report.ts';

export const schemaVersion = 1;

/** What Plaid said of a session when it was last asked, and when that was. Nothing else of Plaid's answer is kept. */
export type Verdict =
  /** Nobody asked yet: an unfinished session is not worth a request. */
  | { readonly kind: 'not_asked' }
  /** Plaid's verification API does not know this id, such as a Link session's UUID from `onExit`. */
  | { readonly kind: 'unknown_to_plaid'; readonly asked_at: string }
  /** Plaid gave no answer; it will be asked again. */
  | { readonly kind: 'unreachable'; readonly asked_at: string }
  | { readonly kind: 'known'; readonly status: string; readonly asked_at: string };

export interface StoredSession extends Told {
  readonly link_session_id: string;
  readonly user_id: string;
  readonly verdict: Verdict;
  /** Different reports received, and all copies of them together. */
  readonly reports: number;
  readonly copies: number;
  readonly first_received_at: string;
  readonly last_received_at: string;
}

interface StoredReport {
  readonly link_session_id: string;
  readonly flow: Report['flow'];
  readonly outcome: Report['outcome'];
  readonly copies: number;
}

export interface Receive {
  readonly userId: string;
  readonly report: Report;
  /** Null leaves the verdict as it is. */
  readonly verdict: Verdict | null;
  readonly at: string;
}

export interface Store {
  login(tokenHash: string): string | undefined;
  addLogin(tokenHash: string, userId: string): Promise<void>;
  session(userId: string, linkSessionId: string): StoredSession | undefined;
  /** The newest first. */
  sessions(userId: string): StoredSession[];
  /** Sessions that Plaid could not be asked about, and completed ones that it has not decided yet, of everybody. */
  undecided(): StoredSession[];
  /** Whether this user has sent this report before. Throws a `Problem` when the key belongs to another report. */
  isRepeated(userId: string, report: Report): boolean;
  /** Takes a report in; resolves with the session as it stands on the disk. */
  receive(taken: Receive): Promise<StoredSession>;
  /** Leaves the one there is where `verdict` is no news. */
  setVerdict(userId: string, linkSessionId: string, verdict: Verdict): Promise<void>;
  /** A small map for the stand-in for Plaid, so that its sessions survive a restart as Plaid's do. */
  readonly plaid: { get(key: string): string | undefined; put(key: string, value: string): Promise<void> };
  close(): Promise<void>;
}

export const isUndecided = ({ flow, verdict }: StoredSession): boolean =>
  verdict.kind === 'unreachable' || (flow === 'completed' && verdict.kind === 'known' && verdict.status === 'active');

/** Answers may overtake one another: the one that was asked for last is the newest. And silence takes nothing back. */
function newest(before: Verdict | undefined, verdict: Verdict | null): Verdict {
  if (verdict === null || verdict.kind === 'not_asked') return before ?? { kind: 'not_asked' };
  if (before?.kind !== 'known') return verdict;
  return verdict.kind === 'unreachable' || verdict.asked_at < before.asked_at ? before : verdict;
}

export function openStore(folder: string): Store {
  mkdirSync(folder, { recursive: true });
  // The map may grow to 256 MiB, and a commit is on the disk when `flushed` resolves.
  const root = open({ path: folder, mapSize: 256 * 1024 * 1024, maxDbs: 8, overlappingSync: false });
  const meta = root.openDB<number, string>('meta', { encoding: 'json' });
  const logins = root.openDB<string, string>('logins', { encoding: 'json' });
  const reports = root.openDB<StoredReport, [string, string]>('reports', { encoding: 'json' });
  const sessions = root.openDB<StoredSession, [string, string]>('sessions', { encoding: 'json' });
  const plaid = root.openDB<string, string>('plaid', { encoding: 'json' });

  const found = meta.get('schema');
  if (found !== undefined && found !== schemaVersion) {
    throw new Error(`The data in ${folder} has schema ${found}, this demo reads ${schemaVersion}. Choose another folder with --data.`);
  }
  if (found === undefined) meta.putSync('schema', schemaVersion);

  const sameReport = (stored: StoredReport, report: Report): boolean =>
    stored.link_session_id === report.link_session_id &&
    stored.flow === report.flow &&
    stored.outcome === report.outcome;

  const isRepeated = (userId: string, report: Report): boolean => {
    const stored = reports.get([userId, report.idempotency_key]);
    if (stored === undefined) return false;
    if (sameReport(stored, report)) return true;
    throw new Problem(422, 'key_reused', 'This idempotency key belongs to another report.');
  };

  const change = async <T>(work: () => T): Promise<T> => {
    const result = root.transactionSync(work);
    await root.flushed;
    return result;
  };

  return {
    login: (tokenHash) => logins.get(tokenHash),
    async addLogin(tokenHash, userId) {
      await change(() => logins.putSync(tokenHash, userId));
    },
    session: (userId, linkSessionId) => sessions.get([userId, linkSessionId]),
    sessions(userId) {
      const all = [...sessions.getRange({ start: [userId, ''], end: [userId, '\uffff'] })].map(({ value }) => value);
      return all.sort((a, b) => (a.first_received_at < b.first_received_at ? 1 : -1));
    },
    undecided: () => [...sessions.getRange({})].map(({ value }) => value).filter(isUndecided),
    isRepeated,
    receive: ({ userId, report, verdict, at }) =>
      change(() => {
        const repeated = isRepeated(userId, report);
        const copies = reports.get([userId, report.idempotency_key])?.copies ?? 0;
        reports.putSync([userId, report.idempotency_key], {
          link_session_id: report.link_session_id,
          flow: report.flow,
          outcome: report.outcome,
          copies: copies + 1,
        });
        const before = sessions.get([userId, report.link_session_id]);
        const session: StoredSession = {
          ...(before === undefined ? told(report) : merge(before, told(report))),
          link_session_id: report.link_session_id,
          user_id: userId,
          verdict: newest(before?.verdict, verdict),
          reports: (before?.reports ?? 0) + (repeated ? 0 : 1),
          copies: (before?.copies ?? 0) + 1,
          first_received_at: before?.first_received_at ?? at,
          last_received_at: at,
        };
        sessions.putSync([userId, report.link_session_id], session);
        return session;
      }),
    async setVerdict(userId, linkSessionId, verdict) {
      await change(() => {
        const session = sessions.get([userId, linkSessionId]);
        if (session === undefined) return;
        sessions.putSync([userId, linkSessionId], { ...session, verdict: newest(session.verdict, verdict) });
      });
    },
    plaid: {
      get: (key) => plaid.get(key),
      async put(key, value) {
        await change(() => plaid.putSync(key, value));
      },
    },
    close: () => root.close(),
  };
}
