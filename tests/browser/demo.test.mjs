// The demo in a real Chromium: whatever happens to the page or the backend, both end up knowing the same session.
import assert from 'node:assert/strict';
import { visit } from './support.mjs';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const allSteps = ['ACCEPT_TOS passed', 'VERIFY_SMS passed', 'KYC_CHECK passed', 'RISK_CHECK passed'];
const finished = { flow: 'completed', delivery: 'delivered', lastAnswer: 'HTTP 200' };
const verified = { ...finished, outcome: 'passed', verdict: 'success', advice: 'none', offers: [] };

/** The one session that page and backend know, with nothing else beside it. */
async function bothHold(page, visitor, ...sessions) {
  await page.shows({ stored: sessions });
  const stored = await visitor.stored();
  const brief = stored.map(({ link_session_id: id, flow, outcome, verdict }) => ({ id, flow, outcome, verdict: verdict.status ?? verdict.kind }));
  assert.deepEqual(brief, sessions);
  return stored;
}

visit('the page comes with its policy and runs linktrail as WebAssembly', {}, async (visitor) => {
  const page = await visitor.open();
  assert.equal(page.response.headers()['content-security-policy'], policy);
  await page.shows({
    mode: 'Stand-in for Plaid · WebAssembly',
    banner: null,
    session: '',
    flow: 'idle',
    outcome: 'unknown',
    verdict: 'none',
    steps: [],
    delivery: 'none',
    advice: 'none',
    offers: [],
    stored: [],
  });
  await page.look('at-rest');
  assert.deepEqual(await visitor.stored(), []);
});

visit('a person who passes is verified', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-pass');
  await page.goTo('link-continue', { view: 'KYC_CHECK' });
  await page.shows({
    headline: 'The person is at: Personal details.',
    session: id,
    flow: 'in_progress',
    outcome: 'unknown',
    steps: ['ACCEPT_TOS passed', 'VERIFY_SMS passed', 'KYC_CHECK active'],
    delivery: 'delivered',
    advice: 'none',
  });
  await page.look('step', { whole: false });
  await page.goTo('link-finish');
  await page.press('link-finish');
  await page.shows({ ...verified, session: id, banner: null, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
  await page.look('verified');
});

visit('a person who fails has finished and is not verified, and may ask for a manual review', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-fail');
  await page.finish();
  await page.shows({
    ...finished,
    session: id,
    outcome: 'failed',
    verdict: 'failed',
    steps: ['VERIFY_SMS passed', 'KYC_CHECK failed', 'RISK_CHECK failed'],
    advice: 'manual_review',
    offers: ['manual-review'],
  });
  await page.look('failed');
  await page.press('manual-review');
  await page.byTestId('manual-review-noted').waitFor();
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'failed', verdict: 'failed' });
});

visit('Link plays by itself; a session that somebody has to review is finished and waits', { plays: true }, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-review');
  // Pressed when Link has come to its last screen on its own.
  await page.press('link-finish');
  await page.shows({
    ...finished,
    session: id,
    outcome: 'pending_review',
    verdict: 'pending_review',
    steps: ['KYC_CHECK passed', 'SCREENING pending_review'],
    advice: 'wait',
    offers: [],
  });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'pending_review', verdict: 'pending_review' });
});

visit('a person who leaves midway comes back to the same session', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-leave');
  await page.goTo('link-leave');
  await page.press('link-leave');
  await page.shows({
    session: id,
    flow: 'exited',
    outcome: 'unknown',
    verdict: 'active',
    steps: ['ACCEPT_TOS passed', 'VERIFY_SMS active'],
    delivery: 'delivered',
    advice: 'continue',
    offers: ['resume', 'manual-review'],
  });
  await bothHold(page, visitor, { id, flow: 'exited', outcome: 'unknown', verdict: 'active' });
  await page.look('left-midway');
  assert.equal(await page.opensLink('resume'), id);
  await page.finish();
  await page.shows({ ...verified, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

visit('after an expired link token the page advises a new one, with which the person is verified', {}, async (visitor) => {
  const page = await visitor.open();
  const refused = await page.opensLink('scenario-expired');
  assert.match(refused, uuid);
  await page.shows({
    headline: 'Link refused the link token.',
    session: refused,
    flow: 'exited',
    outcome: 'unknown',
    verdict: 'unknown_to_plaid',
    steps: [],
    delivery: 'delivered',
    advice: 'new_token',
    offers: ['new-token'],
  });
  const noSession = { id: refused, flow: 'exited', outcome: 'unknown', verdict: 'unknown_to_plaid' };
  await bothHold(page, visitor, noSession);
  const id = await page.opensLink('new-token');
  await page.finish();
  await page.shows({ ...verified, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' }, noSession);
});

visit('a session whose outcome Link names without onSuccess is finished all the same', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-no-success');
  await page.finish();
  await page.shows({ ...verified, session: id, steps: ['SELFIE_CHECK passed'] });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

const finishedElsewhere = {
  flow: 'exited',
  outcome: 'unknown',
  verdict: 'success',
  steps: [],
  delivery: 'delivered',
  advice: 'ask_backend',
  offers: ['ask-backend'],
};

visit('of a session finished elsewhere the backend knows more than the page', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-already-finished');
  await page.press('link-finish');
  await page.shows({ ...finishedElsewhere, session: id });
  await bothHold(page, visitor, { id, flow: 'exited', outcome: 'unknown', verdict: 'success' });
});

visit('a refused link token leaves nothing behind in the session after it', {}, async (visitor) => {
  const page = await visitor.open();
  const refused = await page.opensLink('scenario-expired');
  await page.shows({ session: refused, delivery: 'delivered', advice: 'new_token', verdict: 'unknown_to_plaid' });
  const id = await page.opensLink('scenario-already-finished');
  await page.press('link-finish');
  await page.shows({ ...finishedElsewhere, session: id });
  const [newer, older] = await bothHold(
    page,
    visitor,
    { id, flow: 'exited', outcome: 'unknown', verdict: 'success' },
    { id: refused, flow: 'exited', outcome: 'unknown', verdict: 'unknown_to_plaid' },
  );
  assert.deepEqual([newer.error_code, older.error_code], [null, 'INVALID_LINK_TOKEN']);
});

visit('a failed step is not a failed session', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-fallback');
  await page.finish();
  const steps = ['ACCEPT_TOS passed', 'KYC_CHECK failed', 'DOCUMENTARY_VERIFICATION passed', 'SELFIE_CHECK passed', 'RISK_CHECK passed'];
  await page.shows({ ...verified, session: id, steps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

const answered503 = /503 .* at \/api\/idv$/;
const waiting = {
  flow: 'completed',
  outcome: 'passed',
  verdict: 'not_asked',
  delivery: 'waiting',
  nextAttempt: true,
  lastAnswer: 'HTTP 503',
  advice: 'none',
};

const untouched = 'while the backend is down the report waits, and is delivered without anybody touching anything';
visit(untouched, { expected: [answered503] }, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-outage');
  // Watched for from before it begins, since it ends by itself.
  const waited = page.shows({ ...waiting, session: id });
  await page.finish();
  await waited;
  await page.look('waiting');
  await page.shows({ ...verified, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

visit('a second page leaves the report to the first, which is still open', { expected: [answered503] }, async (visitor) => {
  const first = await visitor.open();
  const id = await first.opensLink('scenario-outage');
  const waited = first.shows({ ...waiting, session: id });
  await first.finish();
  await waited;
  const second = await visitor.open();
  await first.shows({ ...verified, session: id });
  await first.tab.close();
  await second.shows({ banner: null, session: '', flow: 'idle', delivery: 'none', advice: 'none' });
  const [session] = await bothHold(second, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
  assert.equal(session.copies, session.reports);
});

visit(
  'connections are dropped and the page goes away: back again, it delivers what it left',
  { expected: [/ERR_EMPTY_RESPONSE at \/api\/idv$/] },
  async (visitor) => {
    const page = await visitor.open();
    const id = await page.opensLink('scenario-tab-closed');
    await page.goTo('link-continue', { view: 'KYC_CHECK' });
    await page.press('link-continue');
    await page.tab.waitForURL('**/away.html');
    assert.equal(await page.byTestId('come-back').getAttribute('href'), '/');
    await page.tab.waitForURL(visitor.url);
    await page.shows({
      headline: 'This page is new and saw nothing of that session. Its report was in storage.',
      banner: 'You are back. linktrail found the report that was left behind and delivered it, with the same idempotency key.',
      session: id,
      flow: 'idle',
      outcome: 'unknown',
      verdict: 'success',
      steps: [],
      delivery: 'delivered',
      lastAnswer: 'HTTP 200',
      advice: 'none',
    });
    await page.look('back-again');
    await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
  },
);

/** A backend that never gets an answer from Plaid on a finished session, so that the report stays under way. */
function stuckAtPlaid() {
  let isStuck;
  const stuck = new Promise((resolve) => {
    isStuck = resolve;
  });
  let letGo;
  const gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const aroundPlaid = (plaid) => ({
    ...plaid,
    async look(id) {
      isStuck();
      await gate;
      return plaid.look(id);
    },
  });
  return { stuck, letGo, demo: { aroundPlaid } };
}

const leftBehind = { flow: 'idle', verdict: 'success', delivery: 'delivered', lastAnswer: 'HTTP 200', advice: 'none' };

const slow = stuckAtPlaid();
const once = 'a tab closed while the backend takes the report in: the next page sends the same report, which counts once';
visit(once, { demo: slow.demo }, async (visitor) => {
  const first = await visitor.open();
  const id = await first.opensLink('scenario-pass');
  await first.finish();
  await slow.stuck;
  await first.tab.close();
  slow.letGo();
  await visitor.storedOnce(([session]) => session.flow === 'completed');
  const second = await visitor.open();
  await second.shows({ ...leftBehind, session: id });
  const [session] = await bothHold(second, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
  assert.equal(session.copies, session.reports + 1);
});

const dying = stuckAtPlaid();
visit(
  'the backend dies with the report and the tab is closed: the next page delivers to the backend that came back',
  { demo: dying.demo, expected: [/net::ERR_.* at \/api\/idv$/] },
  async (visitor) => {
    const first = await visitor.open();
    const id = await first.opensLink('scenario-pass');
    await first.finish();
    await dying.stuck;
    await visitor.stopBackend();
    // Not before the browser has given up as well: it repeats a request on its own when a kept connection breaks.
    await first.shows({ session: id, flow: 'completed', delivery: 'waiting', lastAnswer: null });
    await first.tab.close();
    await visitor.startBackend();
    const [before] = await visitor.stored();
    assert.deepEqual([before.flow, before.verdict.kind], ['in_progress', 'not_asked']);
    const second = await visitor.open();
    await second.shows({ ...leftBehind, session: id });
    const [session] = await bothHold(second, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
    assert.equal(session.reports, before.reports + 1);
  },
);

visit(
  'under a policy without WebAssembly linktrail runs as JavaScript, at the price of one violation',
  {
    policy: (sent) => sent.replace(" 'wasm-unsafe-eval'", ''),
    expected: [/^violation: script-src wasm-eval$/],
  },
  async (visitor) => {
    const page = await visitor.open();
    assert.match(page.response.headers()['content-security-policy'], /; script-src 'self'; /);
    const id = await page.opensLink('scenario-pass');
    await page.finish();
    await page.shows({ ...verified, mode: 'Stand-in for Plaid · JavaScript', session: id, steps: allSteps });
    await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
    assert.equal(visitor.complaints.length, 1);
  },
);
