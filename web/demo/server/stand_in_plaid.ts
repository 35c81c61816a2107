/**
 * A stand-in for Plaid's API: link tokens and Identity Verification, over HTTP on loopback, with bodies typed
 * by Plaid's own package. What it says of a session is what the stand-in for Link played, never what a
 * report claims.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IdentityVerificationStatus, IdentityVerificationStepStatus, PlaidErrorType } from 'plaid';
import type {
  IdentityVerification,
  IdentityVerificationGetResponse,
  IdentityVerificationListResponse,
  IdentityVerificationRetryResponse,
  IdentityVerificationStepSummary,
  LinkTokenCreateResponse,
  PlaidError,
} from 'plaid';
import { field, isOneOf } from '../json.ts';
import { results, views } from '../link/protocol.ts';
import type { Change, Opened, Result, View } from '../link/protocol.ts';
import { isScenario } from '../scenarios.ts';
import type { Scenario } from '../scenarios.ts';
import { header, Problem, readJson, sendJson } from './http.ts';

export interface StandInMemory {
  get(key: string): string | undefined;
  put(key: string, value: string): Promise<void>;
}

export interface StandInOptions {
  readonly memory: StandInMemory;
  readonly now: () => number;
  /** For how long a finished session still counts as active, as it may at Plaid right after `onSuccess`. */
  readonly settleMs: number;
}

/** Link's own line to Plaid's servers. */
export interface StandInLink {
  open(linkToken: string): Promise<Opened>;
  /** False for a token that opens no session. */
  tell(linkToken: string, change: Change): Promise<boolean>;
}

export interface StandInPlaid {
  readonly link: StandInLink;
  /** Listens on a free port of loopback and gives the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

interface StoredStep {
  readonly view: View;
  readonly result: Result | 'active';
}

interface StoredVerification {
  readonly id: string;
  readonly userId: string;
  readonly templateId: string;
  readonly createdAt: number;
  readonly previousId: string | null;
  readonly begun: boolean;
  readonly steps: readonly StoredStep[];
  readonly ended: { readonly outcome: Result; readonly at: number } | null;
}

interface StoredToken {
  readonly userId: string;
  readonly templateId: string;
  readonly scenario: Scenario;
  readonly expiresAt: number;
  /** Null until Link opens it with a session. */
  readonly verificationId: string | null;
}

const tokenLifeMs = 4 * 60 * 60 * 1_000;

/** Plaid's Sandbox person, so that a backend which passes a body on would be caught doing so. */
const sandboxPerson = {
  phone_number: '+12345678909',
  date_of_birth: '1975-01-18',
  ip_address: null,
  email_address: null,
  name: { given_name: 'Leslie', family_name: 'Knope' },
  address: { street: '123 Main St.', street2: null, city: 'Pawnee', region: 'IN', postal_code: '46001', country: 'US' },
  id_number: null,
};

const finalStatus: Readonly<Record<Result, IdentityVerificationStatus>> = {
  passed: IdentityVerificationStatus.Success,
  failed: IdentityVerificationStatus.Failed,
  pending_review: IdentityVerificationStatus.PendingReview,
};
const stepStatus: Readonly<Record<StoredStep['result'], IdentityVerificationStepStatus>> = {
  active: IdentityVerificationStepStatus.Active,
  passed: IdentityVerificationStepStatus.Success,
  failed: IdentityVerificationStepStatus.Failed,
  pending_review: IdentityVerificationStepStatus.PendingReview,
};

const newId = (): string => {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let id = 'idv_';
  for (const byte of randomBytes(14)) id += alphabet.charAt(byte % alphabet.length);
  return id;
};
const newRequestId = (): string => randomBytes(12).toString('base64url').replace(/[-_]/g, 'x').slice(0, 15);

/** Plaid's times have whole seconds. */
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const plaidError = (type: PlaidErrorType, code: string, message: string): PlaidError => ({
  error_type: type,
  error_code: code,
  error_message: message,
  display_message: null,
  request_id: newRequestId(),
});

function stepSummary(steps: readonly StoredStep[]): IdentityVerificationStepSummary {
  const of = (view: View, otherwise: IdentityVerificationStepStatus): IdentityVerificationStepStatus => {
    const step = steps.find((one) => one.view === view);
    return step === undefined ? otherwise : stepStatus[step.result];
  };
  const waiting = IdentityVerificationStepStatus.WaitingForPrerequisite;
  const none = IdentityVerificationStepStatus.NotApplicable;
  return {
    accept_tos: of('ACCEPT_TOS', waiting),
    verify_sms: of('VERIFY_SMS', waiting),
    kyc_check: of('KYC_CHECK', waiting),
    documentary_verification: of('DOCUMENTARY_VERIFICATION', none),
    selfie_check: of('SELFIE_CHECK', none),
    watchlist_screening: of('SCREENING', none),
    risk_check: of('RISK_CHECK', waiting),
  };
}

// What is stored is read as carefully as what is received: a file on disk is input too.
function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function readVerification(text: string | undefined): StoredVerification | undefined {
  const value = parse(text);
  const id = field(value, 'id');
  const userId = field(value, 'userId');
  const templateId = field(value, 'templateId');
  const createdAt = field(value, 'createdAt');
  const previousId = field(value, 'previousId');
  const steps = field(value, 'steps');
  if (typeof id !== 'string' || typeof userId !== 'string' || typeof templateId !== 'string') return undefined;
  if (typeof createdAt !== 'number' || !Array.isArray(steps)) return undefined;
  const readSteps: StoredStep[] = [];
  for (const step of steps) {
    const view = field(step, 'view');
    const result = field(step, 'result');
    if (isOneOf(views, view) && isOneOf([...results, 'active'], result)) readSteps.push({ view, result });
  }
  const outcome = field(field(value, 'ended'), 'outcome');
  const at = field(field(value, 'ended'), 'at');
  return {
    id,
    userId,
    templateId,
    createdAt,
    previousId: typeof previousId === 'string' ? previousId : null,
    begun: field(value, 'begun') === true,
    steps: readSteps,
    ended: isOneOf(results, outcome) && typeof at === 'number' ? { outcome, at } : null,
  };
}

function readToken(text: string | undefined): StoredToken | undefined {
  const value = parse(text);
  const userId = field(value, 'userId');
  const templateId = field(value, 'templateId');
  const scenario = field(value, 'scenario');
  const expiresAt = field(value, 'expiresAt');
  const verificationId = field(value, 'verificationId');
  if (typeof userId !== 'string' || typeof templateId !== 'string') return undefined;
  if (!isScenario(scenario) || typeof expiresAt !== 'number') return undefined;
  return {
    userId,
    templateId,
    scenario,
    expiresAt,
    verificationId: typeof verificationId === 'string' ? verificationId : null,
  };
}

export function createStandInPlaid({ memory, now, settleMs }: StandInOptions): StandInPlaid {
  const verification = (id: string): StoredVerification | undefined => readVerification(memory.get(`verification ${id}`));
  const token = (linkToken: string): StoredToken | undefined => readToken(memory.get(`token ${linkToken}`));
  const save = (one: StoredVerification): Promise<void> => memory.put(`verification ${one.id}`, JSON.stringify(one));
  const newestKey = (userId: string, templateId: string): string => `newest ${JSON.stringify([userId, templateId])}`;
  const newest = (userId: string, templateId: string): StoredVerification | undefined => {
    const id = parse(memory.get(newestKey(userId, templateId)));
    return typeof id === 'string' ? verification(id) : undefined;
  };

  const begin = async (userId: string, templateId: string, previousId: string | null): Promise<StoredVerification> => {
    const made: StoredVerification = {
      id: newId(),
      userId,
      templateId,
      createdAt: now(),
      previousId,
      begun: false,
      steps: [],
      ended: null,
    };
    await save(made);
    await memory.put(newestKey(userId, templateId), JSON.stringify(made.id));
    return made;
  };

  const status = ({ ended }: StoredVerification): IdentityVerificationStatus =>
    ended === null || now() < ended.at + settleMs ? IdentityVerificationStatus.Active : finalStatus[ended.outcome];

  const body = (one: StoredVerification): IdentityVerification => ({
    id: one.id,
    client_user_id: one.userId,
    created_at: seconds(one.createdAt),
    completed_at: one.ended === null || status(one) === IdentityVerificationStatus.Active ? null : seconds(one.ended.at),
    previous_attempt_id: one.previousId,
    shareable_url: null,
    template: { id: one.templateId, version: 1 },
    user: sandboxPerson,
    status: status(one),
    steps: stepSummary(one.steps),
    documentary_verification: null,
    selfie_check: null,
    kyc_check: null,
    risk_check: null,
    verify_sms: null,
    watchlist_screening_id: null,
    beacon_user_id: null,
    user_id: null,
    redacted_at: null,
  });

  /** What a scenario finds when Link opens: some sessions were begun or finished on another device. */
  const found = async (one: StoredVerification, scenario: Scenario): Promise<StoredVerification> => {
    const earlier = (...passed: View[]): StoredStep[] => passed.map((view) => ({ view, result: 'passed' }));
    if (one.begun || one.ended !== null) return one;
    if (scenario === 'no-success') {
      const steps = earlier('ACCEPT_TOS', 'VERIFY_SMS', 'KYC_CHECK', 'DOCUMENTARY_VERIFICATION');
      return { ...one, begun: true, steps };
    }
    if (scenario === 'already-finished') {
      const steps = earlier('ACCEPT_TOS', 'VERIFY_SMS', 'KYC_CHECK', 'RISK_CHECK');
      return { ...one, begun: true, steps, ended: { outcome: 'passed', at: now() - 60_000 } };
    }
    return one;
  };

  const link: StandInLink = {
    async open(linkToken) {
      const opened = token(linkToken);
      const unusable = opened === undefined || opened.expiresAt <= now() || opened.scenario === 'expired';
      if (unusable) return { kind: 'invalid_token', linkSessionId: randomUUID() };
      const { userId, templateId, scenario } = opened;
      const before = newest(userId, templateId) ?? (await begin(userId, templateId, null));
      const one = await found(before, scenario);
      await save(one);
      await memory.put(`token ${linkToken}`, JSON.stringify({ ...opened, verificationId: one.id }));
      if (one.ended !== null) return { kind: 'finished', linkSessionId: one.id };
      const done = one.steps.filter((step) => step.result !== 'active').map((step) => step.view);
      return { kind: 'session', linkSessionId: one.id, scenario, begun: one.begun, done };
    },
    async tell(linkToken, change) {
      const id = token(linkToken)?.verificationId;
      const one = typeof id === 'string' ? verification(id) : undefined;
      if (one === undefined) return false;
      // A finished session stays as it is.
      if (one.ended !== null) return true;
      await save(changed(one, change, now()));
      return true;
    },
  };

  const routes: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
    '/link/token/create': async (request) => {
      const userId = field(field(request, 'user'), 'client_user_id');
      const templateId = field(field(request, 'identity_verification'), 'template_id');
      const scenario = field(request, 'link_customization_name');
      if (typeof userId !== 'string' || userId === '') throw refuse('MISSING_FIELDS', 'user.client_user_id must be filled');
      if (typeof templateId !== 'string') throw refuse('MISSING_FIELDS', 'identity_verification.template_id must be filled');
      const made: StoredToken = {
        userId,
        templateId,
        scenario: isScenario(scenario) ? scenario : 'pass',
        expiresAt: now() + tokenLifeMs,
        verificationId: null,
      };
      const linkToken = `link-sandbox-${randomUUID()}`;
      await memory.put(`token ${linkToken}`, JSON.stringify(made));
      const answer: LinkTokenCreateResponse = {
        link_token: linkToken,
        expiration: seconds(made.expiresAt),
        request_id: newRequestId(),
      };
      return answer;
    },
    '/identity_verification/get': async (request) => {
      const id = field(request, 'identity_verification_id');
      if (typeof id !== 'string' || id === '') throw refuse('MISSING_FIELDS', 'identity_verification_id must be filled');
      const one = verification(id);
      if (one === undefined) throw refuse('INVALID_FIELD', 'identity_verification_id is not known');
      const answer: IdentityVerificationGetResponse = { ...body(one), request_id: newRequestId() };
      return answer;
    },
    '/identity_verification/list': async (request) => {
      const [userId, templateId] = userAndTemplate(request);
      const all: IdentityVerification[] = [];
      for (let one = newest(userId, templateId); one !== undefined && all.length < 20; ) {
        all.push(body(one));
        one = one.previousId === null ? undefined : verification(one.previousId);
      }
      const answer: IdentityVerificationListResponse = {
        identity_verifications: all,
        next_cursor: null,
        request_id: newRequestId(),
      };
      return answer;
    },
    '/identity_verification/retry': async (request) => {
      const [userId, templateId] = userAndTemplate(request);
      const before = newest(userId, templateId);
      if (before === undefined) throw refuse('INVALID_FIELD', 'there is no session to retry');
      const made = await begin(userId, templateId, before.id);
      const answer: IdentityVerificationRetryResponse = { ...body(made), request_id: newRequestId() };
      return answer;
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, body: unknown): void => sendJson(response, status, body);
    try {
      const route = routes[request.url ?? ''];
      if (request.method !== 'POST' || route === undefined) {
        send(404, plaidError(PlaidErrorType.InvalidRequest, 'NOT_FOUND', 'the requested route was not found'));
        return;
      }
      if (!header(request, 'plaid-client-id') || !header(request, 'plaid-secret')) {
        send(400, plaidError(PlaidErrorType.InvalidInput, 'INVALID_API_KEYS', 'invalid client_id or secret provided'));
        return;
      }
      send(200, await route(await readJson(request)));
    } catch (error) {
      const known = error instanceof Problem;
      const type = known ? PlaidErrorType.InvalidRequest : PlaidErrorType.ApiError;
      const code = known ? error.code : 'INTERNAL_SERVER_ERROR';
      send(known ? error.status : 500, plaidError(type, code, known ? error.message : 'an unexpected error occurred'));
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  return {
    link,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`);
          else reject(new Error('The stand-in for Plaid has no address.'));
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const refuse = (code: string, message: string): Problem => new Problem(400, code, message);

function userAndTemplate(request: unknown): [string, string] {
  const userId = field(request, 'client_user_id');
  const templateId = field(request, 'template_id');
  if (typeof userId !== 'string' || typeof templateId !== 'string') {
    throw refuse('MISSING_FIELDS', 'client_user_id and template_id must be filled');
  }
  return [userId, templateId];
}

function changed(one: StoredVerification, change: Change, at: number): StoredVerification {
  if (change.kind === 'begun') return { ...one, begun: true };
  if (change.kind === 'ended') return { ...one, begun: true, ended: { outcome: change.outcome, at } };
  const others = one.steps.filter((step) => step.view !== change.view);
  const result = change.kind === 'step_begun' ? 'active' : change.result;
  return { ...one, begun: true, steps: [...others, { view: change.view, result }] };
}
