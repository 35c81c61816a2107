/**
 * Plays one whole verification in Node, through the built package, against the demo backend on loopback, and
 * tells each step as it happens: `headless.mjs [--scenario NAME] [--fast] [--data DIR]`.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLinkTrail } from 'linktrail';
import type { LinkTrail, Progress } from 'linktrail';
import { field, isRecord } from '../json.ts';
import { createPlaidStandIn, randomRequestId, realClock } from '../link/link.ts';
import { plaidLineOverHttp } from '../link/protocol.ts';
import type { Screen } from '../link/screen.ts';
import { scenarios } from '../scenarios.ts';
import type { Scenario } from '../scenarios.ts';
import { startDemo } from '../server/server.ts';

type Name = Scenario | 'outage';
const names: readonly Name[] = [...scenarios, 'outage'];

interface Stored {
  readonly id: string;
  readonly flow: string;
  readonly outcome: string;
  readonly verdict: string;
}

/** What the backend must hold at the end; a resumed session ends as a passed one does. */
const expected: Readonly<Record<Name, Omit<Stored, 'id'>>> = {
  pass: { flow: 'completed', outcome: 'passed', verdict: 'success' },
  fallback: { flow: 'completed', outcome: 'passed', verdict: 'success' },
  fail: { flow: 'completed', outcome: 'failed', verdict: 'failed' },
  review: { flow: 'completed', outcome: 'pending_review', verdict: 'pending_review' },
  leave: { flow: 'completed', outcome: 'passed', verdict: 'success' },
  expired: { flow: 'completed', outcome: 'passed', verdict: 'success' },
  'no-success': { flow: 'completed', outcome: 'passed', verdict: 'success' },
  'already-finished': { flow: 'exited', outcome: 'unknown', verdict: 'success' },
  outage: { flow: 'completed', outcome: 'passed', verdict: 'success' },
};

const started = performance.now();
function say(text: string): void {
  const at = ((performance.now() - started) / 1_000).toFixed(1).padStart(5);
  console.log(`${at} s  ${text}`);
}

const stepNames: Readonly<Record<string, string>> = {
  ACCEPT_TOS: 'terms',
  VERIFY_SMS: 'SMS code',
  KYC_CHECK: 'personal details',
  DOCUMENTARY_VERIFICATION: 'document',
  SELFIE_CHECK: 'selfie',
  RISK_CHECK: 'risk check',
  SCREENING: 'watchlist screening',
};
const stepName = (view: string): string => stepNames[view] ?? view;

/** Tells what changed between two states of the trail. */
function tellChange(before: Progress | null, now: Progress): void {
  if (now.linkSessionId !== null && now.linkSessionId !== before?.linkSessionId) say(`session    ${now.linkSessionId}`);
  for (const step of now.steps) {
    const old = before?.linkSessionId === now.linkSessionId ? before.steps.find((one) => one.viewName === step.viewName) : undefined;
    if (old?.status === step.status && old.attempts === step.attempts) continue;
    const again = step.status === 'active' && step.attempts > 1 ? ', once more' : '';
    say(`step       ${stepName(step.viewName)}: ${step.status.replace('_', ' ')}${again}`);
  }
  if (now.flow !== before?.flow || now.outcome !== before.outcome) say(`progress   flow ${now.flow}, outcome ${now.outcome}`);
  if (now.verdict !== (before?.verdict ?? null)) say(`verdict    ${now.verdict ?? 'none'}, says the backend`);
  if (now.advice !== (before?.advice ?? 'none')) say(`advice     ${now.advice}`);
  const receipt = now.delivery;
  const old = before?.delivery;
  if (receipt !== null && (receipt.state !== old?.state || receipt.idempotencyKey !== old.idempotencyKey || receipt.attempts !== old.attempts)) {
    const status = receipt.lastStatus === null ? '' : `, HTTP ${receipt.lastStatus}`;
    say(`delivery   ${receipt.state}, attempt ${receipt.attempts}${status}`);
  }
}

/** Nobody looks at this screen; it only says when it is gone. */
function blindScreen(hidden: () => void): Screen {
  return { show() {}, step() {}, ending() {}, waiting() {}, hide: hidden };
}

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1_000} s.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function play(name: Name, fast: boolean, data: string): Promise<Stored> {
  const demo = await startDemo({ data, port: 0, keys: null });
  let trail: LinkTrail | null = null;
  try {
    say(`backend    ${demo.url}, with a stand-in for Plaid`);
    const login = await fetch(`${demo.url}/api/session`);
    const userId = field(await login.json(), 'user_id');
    const cookie = login.headers.getSetCookie()[0]?.split(';', 1)[0];
    if (typeof userId !== 'string' || cookie === undefined) throw new Error('The demo backend gave no login.');
    const headers = { 'X-Requested-With': 'linktrail-demo', Cookie: cookie };
    const post = async (path: string, body: unknown): Promise<unknown> => {
      const answer = await fetch(`${demo.url}${path}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    };

    trail = createLinkTrail({ endpoint: `${demo.url}/api/idv`, headers, owner: userId });
    const theTrail = trail;
    say(`linktrail  runs as ${await theTrail.ready}`);
    let before: Progress | null = null;
    theTrail.subscribe((now) => {
      tellChange(before, now);
      before = now;
    });

    const openLink = async (scenario: Scenario, resume: boolean): Promise<void> => {
      const token = field(await post('/api/link-token', { scenario, resume }), 'link_token');
      if (typeof token !== 'string') throw new Error('The demo backend gave no link token.');
      say(`Link       opens${resume ? ' again, with a new link token' : ''}`);
      const closed = new Promise<void>((resolve) => {
        const plaid = createPlaidStandIn({
          line: plaidLineOverHttp(demo.url),
          clock: realClock,
          createScreen: () => blindScreen(resolve),
          pace: { speed: fast ? 400 : 6, waitMaxMs: fast ? 60 : 2_000, finishesAlone: true },
          requestId: randomRequestId,
          warn: (message) => say(`warning    ${message}`),
        });
        plaid.create({ token, ...theTrail.handlers }).open();
      });
      await within(60_000, 'Link', closed);
      say('Link       closed');
    };

    if (name === 'outage') {
      await post('/api/faults', { mode: 'down', seconds: fast ? 1 : 3, starts: 'on_completed' });
      say('backend    will be down when the result is sent');
    }
    await openLink(name === 'outage' ? 'pass' : name, false);
    if (name === 'leave' || name === 'expired') await openLink('pass', true);

    const receipt = await within(60_000, 'The delivery', theTrail.delivered());
    if (receipt.state !== 'delivered' || receipt.linkSessionId === null) throw new Error(`The report was not delivered: ${receipt.state}.`);
    const { linkSessionId } = receipt;
    await within(60_000, 'Plaid’s verdict', decided(theTrail));
    return await stored(demo.url, headers, linkSessionId);
  } finally {
    trail?.dispose();
    await demo.close();
  }
}

/** The backend tells its verdict when it answers a report, and linktrail asks again while it is undecided. */
function decided(trail: LinkTrail): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ verdict }: Progress): void => {
      if (verdict === null || verdict === 'active') return;
      end();
      resolve();
    };
    const end = trail.subscribe(look);
    look(trail.progress);
  });
}

/** What the backend holds in the end. */
async function stored(url: string, headers: Readonly<Record<string, string>>, id: string): Promise<Stored> {
  const answer: unknown = await (await fetch(`${url}/api/verifications`, { headers })).json();
  const all = field(answer, 'verifications');
  const one: unknown = Array.isArray(all) ? all.find((session) => isRecord(session) && session['link_session_id'] === id) : undefined;
  const [flow, outcome, verdict] = [field(one, 'flow'), field(one, 'outcome'), field(field(one, 'verdict'), 'status')];
  if (typeof flow !== 'string' || typeof outcome !== 'string' || typeof verdict !== 'string') {
    throw new Error(`The backend does not hold session ${id}.`);
  }
  return { id, flow, outcome, verdict };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'pass' },
      fast: { type: 'boolean', default: false },
      data: { type: 'string' },
      headless: { type: 'boolean' },
    },
  });
  const name = names.find((one) => one === values.scenario);
  if (name === undefined) {
    console.error(`There is no scenario ${values.scenario}. Choose one of ${names.join(', ')}.`);
    return 2;
  }
  const own = values.data === undefined;
  const data = values.data ?? mkdtempSync(join(tmpdir(), 'linktrail-demo-'));
  try {
    const stored = await play(name, values.fast, data);
    console.log('\nWhat the backend stored');
    console.log(`  session id       ${stored.id}`);
    console.log(`  flow             ${stored.flow}`);
    console.log(`  outcome          ${stored.outcome} (what Link said)`);
    console.log(`  Plaid's verdict  ${stored.verdict}`);
    const wanted = expected[name];
    const wrong = wanted.flow !== stored.flow || wanted.outcome !== stored.outcome || wanted.verdict !== stored.verdict;
    if (wrong) console.error(`\nThe scenario ${name} should have ended as ${wanted.flow}, ${wanted.outcome}, ${wanted.verdict}.`);
    return wrong ? 1 : 0;
  } finally {
    if (own) rmSync(data, { recursive: true, force: true });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`The verification failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
