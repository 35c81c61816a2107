/**
 * Plaid's side of the guides: the routes that they ask, and webhooks signed as Plaid signs them. Its bodies are typed by
 * Plaid's own package. It knows nothing of reports.
 */

import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { IdentityVerificationStatus, IdentityVerificationStepStatus, PlaidErrorType, WebhookEnvironmentValues } from 'plaid';
import type {
  IdentityVerificationGetResponse,
  IdentityVerificationRetriedWebhook,
  IdentityVerificationStatusUpdatedWebhook,
  IdentityVerificationStepUpdatedWebhook,
  JWKPublicKey,
  LinkTokenCreateResponse,
  PlaidError,
  WebhookVerificationKeyGetResponse,
} from 'plaid';

export interface Session {
  readonly user: string;
  readonly status: IdentityVerificationStatus;
  readonly previous?: string;
  /** Default `2026-01-15T10:00:00Z`. */
  readonly created?: string;
}

export type Webhook =
  | IdentityVerificationRetriedWebhook
  | IdentityVerificationStatusUpdatedWebhook
  | IdentityVerificationStepUpdatedWebhook;

/** Signs the text of a webhook as Plaid does; `claims` and `header` replace what it would say. */
export type Sign = (body: string, claims?: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>;

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const { Skipped, NotApplicable, Success } = IdentityVerificationStepStatus;
const requestId = 'm8MDnv9okwxFNBV';

const sessionBody = (id: string, { user, status, previous, created = '2026-01-15T10:00:00Z' }: Session): IdentityVerificationGetResponse => ({
  id,
  client_user_id: user,
  created_at: created,
  completed_at: status === IdentityVerificationStatus.Active ? null : '2026-01-15T10:01:00Z',
  previous_attempt_id: previous ?? null,
  shareable_url: null,
  template: { id: 'idvtmp_guide', version: 1 },
  // Plaid's Sandbox person, so that a backend that passes a body on would be caught doing so.
  user: {
    phone_number: '+12345678909',
    date_of_birth: '1975-01-18',
    ip_address: null,
    email_address: null,
    name: { given_name: 'Leslie', family_name: 'Knope' },
    address: null,
    id_number: null,
  },
  status,
  steps: {
    accept_tos: Skipped,
    verify_sms: Success,
    kyc_check: Success,
    documentary_verification: NotApplicable,
    selfie_check: NotApplicable,
    watchlist_screening: NotApplicable,
    risk_check: Success,
  },
  documentary_verification: null,
  selfie_check: null,
  kyc_check: null,
  risk_check: null,
  verify_sms: null,
  watchlist_screening_id: null,
  beacon_user_id: null,
  user_id: null,
  redacted_at: null,
  request_id: requestId,
});

const errorBody = (type: PlaidErrorType, code: string, message: string): PlaidError => ({
  error_type: type,
  error_code: code,
  error_message: message,
  display_message: null,
  request_id: requestId,
});

/** The text of a webhook, indented as Plaid's are: its digest is of these very bytes. */
export function webhookText(code: Webhook['webhook_code'], id: string, environment = WebhookEnvironmentValues.Sandbox): string {
  const webhook: Webhook = { webhook_type: 'IDENTITY_VERIFICATION', webhook_code: code, identity_verification_id: id, environment };
  return JSON.stringify(webhook, null, 2);
}

export async function startPlaid() {
  const sessions = new Map<string, Session>();
  const keys = new Map<string, { pair: KeyPair; jwk: JWKPublicKey }>();
  const asked: string[] = [];
  let isDown = false;
  let isCutOff = false;
  let refusal: string | undefined;
  let holding: (() => void)[] | undefined;

  const routes: Record<string, (body: Record<string, unknown>) => unknown> = {
    '/identity_verification/get': ({ identity_verification_id: id }) => {
      const session = sessions.get(String(id));
      return session === undefined ? undefined : sessionBody(String(id), session);
    },
    '/link/token/create': () => {
      const body: LinkTokenCreateResponse = { link_token: 'link-sandbox-1', expiration: '2026-01-15T14:00:00Z', request_id: requestId };
      return body;
    },
    '/webhook_verification_key/get': ({ key_id: kid }) => {
      const key = keys.get(String(kid))?.jwk;
      const body: WebhookVerificationKeyGetResponse | undefined = key && { key, request_id: requestId };
      return body;
    },
  };

  function send(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    asked.push(`${request.url} ${String(body['identity_verification_id'] ?? body['key_id'])}`);
    if (isCutOff) return void response.writeHead(400, { 'Content-Type': 'text/html' }).end('<h1>Bad Request</h1>');
    if (isDown) return send(response, 500, errorBody(PlaidErrorType.ApiError, 'INTERNAL_SERVER_ERROR', 'an unexpected error occurred'));
    if (refusal !== undefined) return send(response, 400, errorBody(PlaidErrorType.InvalidInput, refusal, 'refused'));
    if (request.headers['plaid-secret'] !== 'guide-secret') {
      return send(response, 400, errorBody(PlaidErrorType.InvalidInput, 'INVALID_API_KEYS', 'invalid client_id or secret provided'));
    }
    const answer = routes[request.url ?? '']?.(body);
    const unknown = errorBody(PlaidErrorType.InvalidInput, 'INVALID_FIELD', 'the id is not known');
    const respond = () => send(response, answer === undefined ? 400 : 200, answer ?? unknown);
    if (holding === undefined) respond();
    else holding.push(respond);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in for Plaid has no address.');

  return {
    url: `http://127.0.0.1:${address.port}`,
    sessions,
    /** Each question as `<route> <id>`, in the order in which they came. */
    asked,
    setDown: (value: boolean) => void (isDown = value),
    /** Something between the backend and Plaid answers in Plaid's place. */
    setCutOff: (value: boolean) => void (isCutOff = value),
    /** Every question is answered 400 with this code; without one, as ever. */
    setRefusal: (code?: string) => void (refusal = code),
    /** Holds answers back, each with what was true when it was asked for, until the returned function is called. */
    hold() {
      const held = (holding = []) as (() => void)[];
      return {
        count: () => held.length,
        /** Later questions are answered at once. */
        stop: () => void (holding = undefined),
        release: () => held.splice(0).forEach((respond) => respond()),
      };
    },
    /** A key that Plaid signs with from now on; `more` replaces what Plaid says of it. */
    async addKey(kid: string, more: Partial<JWKPublicKey> = {}): Promise<Sign> {
      const pair = keys.get(kid)?.pair ?? (await generateKeyPair('ES256', { extractable: true }));
      const { kty = '', crv = '', x = '', y = '' } = await exportJWK(pair.publicKey);
      keys.set(kid, { pair, jwk: { alg: 'ES256', crv, kid, kty, use: 'sig', x, y, created_at: 1_560_466_150, expired_at: null, ...more } });
      return (body, claims = {}, header = {}) => {
        const digest = createHash('sha256').update(body).digest('hex');
        const signed = { iat: Math.floor(Date.now() / 1_000), request_body_sha256: digest, ...claims };
        return new SignJWT(signed).setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT', ...header }).sign(pair.privateKey);
      };
    },
    publicKey: (kid: string) => keys.get(kid)?.pair.publicKey,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
