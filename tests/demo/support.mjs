// What the demo's tests share: a backend of their own on a free port, a signed-in browser, reports, and waiting on conditions.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from '../../build/demo/library.mjs';

/** A folder that is gone after the test. */
export function folder(t) {
  const made = mkdtempSync(join(tmpdir(), 'linktrail-demo-test-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A backend that ends with the test. Closing it twice is fine, so that a test may restart it. */
export async function backend(t, options = {}) {
  const looks = [];
  const plaidIsDown = { now: false };
  const demo = await startDemo({
    data: options.data ?? folder(t),
    port: 0,
    keys: null,
    settleMs: 0,
    lookAgainMs: [1, 1, 1],
    aroundPlaid: (plaid) => ({
      ...plaid,
      look(id) {
        looks.push(id);
        return plaidIsDown.now ? Promise.resolve({ kind: 'unreachable' }) : plaid.look(id);
      },
    }),
    ...options,
  });
  let closed = null;
  const close = () => (closed ??= demo.close());
  t.after(close);
  return { ...demo, looks, plaidIsDown, close };
}

export const requestedWith = { 'X-Requested-With': 'linktrail-demo' };

/** One browser: its login, and JSON requests with it. */
export async function signIn(demo, cookie) {
  const answer = await fetch(`${demo.url}/api/session`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
  const { user_id: userId } = await answer.json();
  const own = cookie ?? answer.headers.getSetCookie()[0].split(';')[0];
  const headers = { ...requestedWith, Cookie: own };
  const post = async (path, body, more = {}) => {
    const sent = await fetch(`${demo.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', ...more },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    return { status: sent.status, headers: sent.headers, body: JSON.parse(await sent.text()) };
  };
  const user = {
    userId,
    cookie: own,
    headers,
    post,
    report: (report, more = {}) => post('/api/idv', report, { 'Idempotency-Key': report.idempotency_key, ...more }),
    async sessions() {
      const listed = await fetch(`${demo.url}/api/verifications`, { headers });
      return (await listed.json()).verifications;
    },
    /** Plays a session at the stand-in for Plaid, up to the outcome if there is one, and gives its id and token. */
    async atPlaid(outcome, { resume = false } = {}) {
      const { link_token: token } = (await post('/api/link-token', { scenario: 'pass', resume })).body;
      const { linkSessionId } = (await post('/stand-in/link/open', { link_token: token })).body;
      await post('/stand-in/link/tell', { link_token: token, change: { kind: 'begun' } });
      if (outcome !== undefined) {
        await post('/stand-in/link/tell', { link_token: token, change: { kind: 'ended', outcome } });
      }
      return linkSessionId;
    },
  };
  return user;
}

export function report(id, flow = 'in_progress', outcome = 'unknown', more = {}) {
  return {
    schema: 'linktrail.report.v1',
    idempotency_key: `${id}:${flow}:${outcome}`,
    link_session_id: id,
    id_source: 'onEvent',
    flow,
    outcome,
    occurred_at: '2026-01-15T10:00:00.000Z',
    steps: [
      {
        view_name: 'KYC_CHECK',
        status: 'active',
        attempts: 1,
        started_at: '2026-01-15T10:00:00.000Z',
        ended_at: null,
      },
    ],
    exit: null,
    client: { name: 'linktrail', version: '0.1.0' },
    ...more,
  };
}

/** Waits until `condition` gives something truthy, and gives that; fails with `what` when it never does. */
export async function until(what, condition, patienceMs = 10_000) {
  const giveUp = performance.now() + patienceMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > giveUp) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function permutations(list) {
  if (list.length < 2) return [list];
  return list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}
