/**
 * The demo's backend: what a customer's own server would do for linktrail, in one small process on loopback.
 * It makes link tokens, takes reports in, and believes Plaid instead of them.
 */

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { field } from '../json.ts';
import { parseChange } from '../link/protocol.ts';
import { isScenario, scenarios } from '../scenarios.ts';
import { createFaults, readFault } from './faults.ts';
import { header, Problem, readJson, sendJson, sendProblem } from './http.ts';
import { loadPage, securityHeaders } from './page.ts';
import type { Mode } from './page.ts';
import { openPlaidDesk } from './plaid.ts';
import type { Look, PlaidDesk, PlaidKeys } from './plaid.ts';
import { readReport } from './report.ts';
import { createStandInPlaid } from './stand_in_plaid.ts';
import { isUndecided, openStore } from './store.ts';
import type { StoredSession, Verdict } from './store.ts';

export interface DemoOptions {
  /** Where the database lives; made when it is missing. */
  readonly data: string;
  /** Undefined takes 8420 or the next free one; 0 takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Plaid's keys; null plays with the stand-ins. */
  readonly keys?: PlaidKeys | null | undefined;
  /** The built page. Default: the folder `page` beside this file. */
  readonly page?: string | undefined;
  /** Wall clock in milliseconds. */
  readonly now?: (() => number) | undefined;
  /** When to look at an undecided session again, in milliseconds each; afterwards the backend gives up. */
  readonly lookAgainMs?: readonly number[] | undefined;
  /** For how long the stand-in for Plaid is still thinking after a session has ended, in milliseconds. */
  readonly settleMs?: number | undefined;
  /** Stands between this backend and Plaid, so that a test can count the requests or lose them. */
  readonly aroundPlaid?: ((desk: PlaidDesk) => PlaidDesk) | undefined;
}

export interface Demo {
  readonly url: string;
  readonly port: number;
  readonly mode: Mode;
  close(): Promise<void>;
}

const defaultPort = 8420;
const portsTried = 20;
const cookieName = 'linktrail_demo';
const requestedWith = 'linktrail-demo';

/** The template id and the keys the stand-in answers to; they open nothing. */
const standInKeys: PlaidKeys = { clientId: 'stand-in', secret: 'stand-in', templateId: 'idvtmp_standin' };

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const now = options.now ?? Date.now;
  const lookAgainMs = options.lookAgainMs ?? [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000];
  const keys = options.keys ?? null;
  const mode: Mode = keys === null ? 'stand-in' : 'sandbox';
  const page = loadPage(options.page ?? join(fileURLToPath(new URL('.', import.meta.url)), 'page'), mode);
  const store = openStore(options.data);
  const faults = createFaults(now);
  const standIn =
    keys === null ? createStandInPlaid({ memory: store.plaid, now, settleMs: options.settleMs ?? 700 }) : null;
  const standInAt = standIn === null ? null : await standIn.listen();
  const ownDesk = openPlaidDesk({ keys: keys ?? standInKeys, standInAt });
  const desk = options.aroundPlaid?.(ownDesk) ?? ownDesk;

  const time = (): string => new Date(now()).toISOString();
  const looking = new Map<string, NodeJS.Timeout | null>();
  let closing = false;

  // Right after `onSuccess` Plaid may still be thinking, and may be out of reach: look again, a bounded number of times.
  const lookAgain = ({ user_id: userId, link_session_id: id }: StoredSession): void => {
    const name = `${userId} ${id}`;
    if (looking.has(name)) return;
    const delays = [...lookAgainMs];
    const plan = (): void => {
      const ms = delays.shift();
      if (ms === undefined || closing) {
        looking.delete(name);
        return;
      }
      looking.set(
        name,
        setTimeout(() => {
          looking.set(name, null);
          const askedAt = time();
          desk
            .look(id)
            .then(async (look) => {
              if (closing) return;
              const session = store.session(userId, id);
              // Whoever reported a session while Plaid was out of reach has no claim to it if it is somebody else's.
              const foreign = look.kind === 'known' && look.userId !== userId;
              if (session !== undefined) await store.setVerdict(userId, id, foreign ? unknownToPlaid(askedAt) : verdictOf(look, askedAt));
            })
            .then(
              () => {
                const session = store.session(userId, id);
                if (session !== undefined && isUndecided(session)) plan();
                else looking.delete(name);
              },
              (error: unknown) => {
                looking.delete(name);
                // Only a database that cannot be written brings us here.
                if (!closing) console.error(`A verdict could not be stored: ${String(error)}`);
              },
            );
        }, ms),
      );
    };
    plan();
  };

  const signedIn = (request: IncomingMessage): string => {
    const token = cookie(request, cookieName);
    const userId = token === undefined ? undefined : store.login(hash(token));
    if (userId === undefined) throw new Problem(401, 'signed_out', 'Sign in first: GET /api/session gives a demo login.');
    return userId;
  };

  /** A demo needs no password: whoever comes without a login gets one, and it stands for a user of its own. */
  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    const known = cookie(request, cookieName);
    const userId = known === undefined ? undefined : store.login(hash(known));
    if (userId !== undefined) return userId;
    const token = randomBytes(24).toString('base64url');
    const made = `demo-user-${randomBytes(6).toString('hex')}`;
    await store.addLogin(hash(token), made);
    response.setHeader('Set-Cookie', `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`);
    return made;
  };

  /** The trouble asked for, if any. True when the connection was dropped and nothing must be answered. */
  const troubled = (request: IncomingMessage, userId: string, isCompletedReport: boolean): boolean => {
    const fault = faults.meet(userId, isCompletedReport);
    if (fault === null) return false;
    if (fault.mode === 'drop') {
      request.socket.destroy();
      return true;
    }
    throw new Problem(503, 'down', 'This backend is down on request.', { 'Retry-After': String(fault.retryAfter) });
  };

  const takeReport = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const userId = signedIn(request);
    const body = await readJson(request);
    if (troubled(request, userId, field(body, 'flow') === 'completed')) return;
    const report = readReport(body);
    if (header(request, 'idempotency-key') !== report.idempotency_key) {
      throw new Problem(400, 'wrong_key', 'The Idempotency-Key header must equal the idempotency_key of the body.');
    }
    let verdict: Verdict | null = null;
    // A repeated report says nothing new, and Plaid limits requests: it is asked only where a report ends something.
    if (!store.isRepeated(userId, report) && report.flow !== 'in_progress') {
      const askedAt = time();
      const look = await desk.look(report.link_session_id);
      if (look.kind === 'known' && look.userId !== userId) {
        // Not 403: to linktrail that means "sign in again and send it again", which would help nobody. And not a
        // word on whether the session exists.
        throw new Problem(404, 'not_yours', 'There is no such session of yours.');
      }
      verdict = verdictOf(look, askedAt);
    }
    const session = await store.receive({ userId, report, verdict, at: time() });
    if (isUndecided(session)) lookAgain(session);
    // An answer also tells the verdict as far as it is known; linktrail asks again while it says `active`.
    sendJson(response, session.verdict.kind === 'unreachable' ? 202 : 200, {
      identity_verification_status: statusOf(session.verdict),
      session: shown(session),
    });
  };

  const makeLinkToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const userId = signedIn(request);
    const body = await readJson(request);
    if (troubled(request, userId, false)) return;
    const scenario = field(body, 'scenario');
    const resume = field(body, 'resume') ?? false;
    if (!isScenario(scenario)) {
      throw new Problem(422, 'unknown_scenario', `The field scenario must be one of ${scenarios.join(', ')}.`);
    }
    if (typeof resume !== 'boolean') throw new Problem(422, 'invalid_request', 'The field resume must be true or false.');
    let token: string;
    try {
      // Whether a finished session may be tried again is the server's decision, never the browser's; here everybody may.
      if (!resume) await desk.startOver(userId);
      token = await desk.linkToken(userId, scenario);
    } catch (error) {
      // Plaid's error names the cause; the request in it holds our secret and stays here.
      const code = field(field(field(error, 'response'), 'data'), 'error_code');
      const why = typeof code === 'string' ? ` (${code})` : '';
      throw new Problem(502, 'plaid_failed', `Plaid gave no link token${why}.`);
    }
    sendJson(response, 200, { link_token: token });
  };

  const setFault = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const userId = signedIn(request);
    const fault = readFault(await readJson(request));
    faults.set(userId, fault);
    sendJson(response, 200, { fault });
  };

  const linkOpen = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = field(await readJson(request), 'link_token');
    if (standIn === null || typeof token !== 'string') throw new Problem(422, 'invalid_request', 'The field link_token is missing.');
    sendJson(response, 200, await standIn.link.open(token));
  };

  const linkTell = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readJson(request);
    const token = field(body, 'link_token');
    const change = parseChange(field(body, 'change'));
    if (standIn === null || typeof token !== 'string' || change === null) {
      throw new Problem(422, 'invalid_request', 'The fields link_token and change are needed.');
    }
    if (!(await standIn.link.tell(token, change))) throw new Problem(404, 'unknown_token', 'This link token opens no session.');
    sendJson(response, 200, { told: true });
  };

  type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const posts: Readonly<Record<string, Handler>> = {
    '/api/idv': takeReport,
    '/api/link-token': makeLinkToken,
    '/api/faults': setFault,
    ...(standIn === null ? {} : { '/stand-in/link/open': linkOpen, '/stand-in/link/tell': linkTell }),
  };
  const gets: Readonly<Record<string, Handler>> = {
    '/api/session': async (request, response) => {
      sendJson(response, 200, { user_id: await signIn(request, response), mode });
    },
    '/api/verifications': async (request, response) => {
      const userId = signedIn(request);
      if (troubled(request, userId, false)) return;
      sendJson(response, 200, { verifications: store.sessions(userId).slice(0, 50).map(shown) });
    },
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(securityHeaders(mode))) response.setHeader(name, value);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!isLoopbackName(header(request, 'host'))) {
      // A name that somebody else's DNS points at this machine must not reach the demo.
      throw new Problem(421, 'wrong_host', 'This demo answers on localhost only.');
    }
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const get = Object.hasOwn(gets, path) ? gets[path] : undefined;
    const post = Object.hasOwn(posts, path) ? posts[path] : undefined;
    if (get !== undefined && reading) return get(request, response);
    if (post !== undefined && request.method === 'POST') {
      refuseOtherSites(request);
      return post(request, response);
    }
    if (page.has(path) && reading) {
      if (path === '/') await signIn(request, response);
      page.send(response, path, request.method === 'HEAD');
      return;
    }
    const allow = get !== undefined || page.has(path) ? 'GET, HEAD' : post !== undefined ? 'POST' : null;
    if (allow === null) throw new Problem(404, 'not_found', 'There is nothing here.');
    throw new Problem(405, 'method_not_allowed', `This address takes ${allow}.`, { Allow: allow });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : new Problem(500, 'internal', 'Something went wrong here.');
      if (!(error instanceof Problem) && !request.destroyed) console.error(error);
      if (!response.headersSent) sendProblem(response, problem);
      else response.destroy();
    });
  });
  server.requestTimeout = 30_000;

  const port = await listen(server, options.host ?? '127.0.0.1', options.port).catch(async (error: unknown) => {
    await standIn?.close();
    await store.close();
    throw error;
  });
  for (const session of store.undecided()) lookAgain(session);

  return {
    port,
    mode,
    url: `http://localhost:${port}`,
    async close() {
      closing = true;
      for (const timer of looking.values()) if (timer !== null) clearTimeout(timer);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await standIn?.close();
      await store.close();
    },
  };
}

const unknownToPlaid = (at: string): Verdict => ({ kind: 'unknown_to_plaid', asked_at: at });

function verdictOf(look: Look, at: string): Verdict {
  if (look.kind === 'known') return { kind: 'known', status: look.status, asked_at: at };
  return look.kind === 'unknown' ? unknownToPlaid(at) : { kind: 'unreachable', asked_at: at };
}

/** In Plaid's words. While Plaid is out of reach it is as undecided as while Plaid thinks; without a verdict there is no word. */
function statusOf(verdict: Verdict): string | null {
  if (verdict.kind === 'known') return verdict.status;
  return verdict.kind === 'unreachable' ? 'active' : null;
}

/** What the page may see of a session: no step's content, nothing of Plaid's answer but its verdict. */
function shown(session: StoredSession): Record<string, unknown> {
  return {
    link_session_id: session.link_session_id,
    flow: session.flow,
    outcome: session.outcome,
    verdict: { kind: session.verdict.kind, status: session.verdict.kind === 'known' ? session.verdict.status : null },
    steps: session.steps.length,
    error_code: session.exit?.error_code ?? null,
    reports: session.reports,
    copies: session.copies,
    first_received_at: session.first_received_at,
    last_received_at: session.last_received_at,
  };
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  for (const part of (header(request, 'cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return undefined;
}

/** A request that changes something must come from our own page: no other site can set this header unasked. */
function refuseOtherSites(request: IncomingMessage): void {
  const site = header(request, 'sec-fetch-site');
  const origin = header(request, 'origin');
  const host = header(request, 'host') ?? '';
  const elsewhere = (site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== `http://${host}`);
  if (elsewhere || header(request, 'x-requested-with') !== requestedWith) {
    throw new Problem(403, 'other_site', `Send X-Requested-With: ${requestedWith} from this demo's own page.`);
  }
}

function isLoopbackName(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '');
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

/** The port that is listened on. A demanded one is taken or refused; otherwise the next free one is tried. */
function listen(server: ReturnType<typeof createServer>, host: string, demanded: number | undefined): Promise<number> {
  const attempt = (port: number, left: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'EADDRINUSE' && demanded === undefined && left > 0) resolve(attempt(port + 1, left - 1));
        else reject(error);
      };
      server.once('error', failed);
      server.listen(port, host, () => {
        server.off('error', failed);
        const address = server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('The server has no address.'));
      });
    });
  return attempt(demanded ?? defaultPort, portsTried);
}
