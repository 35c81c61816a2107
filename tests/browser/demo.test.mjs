// The demo in a real Chromium: whatever happens to the page or the backend, both end up knowing the same session.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { visit } from './support.mjs';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const template = ['Terms of use', 'Code by text message', 'Personal details', 'Security check'];
const allSteps = template.map((name) => `${name}: Done`);
const noStep = template.map((name) => `${name}: Not started`);
const finished = { flow: 'completed', delivery: 'delivered', lastAnswer: 'HTTP 200' };
const verified = { ...finished, headline: 'Your identity is verified', outcome: 'passed', verdict: 'success', advice: 'none', offers: [] };

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
    headline: 'Verify your identity',
    detail: 'Not started yet.',
    banner: null,
    session: '',
    flow: 'idle',
    outcome: 'unknown',
    verdict: 'none',
    steps: noStep,
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
    headline: 'Verifying your identity',
    detail: 'Next: Security check',
    count: 'Step 3 of 4',
    session: id,
    flow: 'in_progress',
    outcome: 'unknown',
    steps: ['Terms of use: Done', 'Code by text message: Done', 'Personal details: In progress', 'Security check: Not started'],
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
    headline: 'Your identity could not be verified',
    session: id,
    outcome: 'failed',
    verdict: 'failed',
    steps: ['Code by text message: Done', 'Personal details: Not successful', 'Security check: Not successful'],
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
    headline: 'Your verification is in review',
    session: id,
    outcome: 'pending_review',
    verdict: 'pending_review',
    steps: ['Personal details: Done', 'Compliance check: In review'],
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
    headline: 'You left before the end',
    detail: 'You can carry on where you stopped.',
    session: id,
    flow: 'exited',
    outcome: 'unknown',
    verdict: 'active',
    steps: ['Terms of use: Done', 'Code by text message: Started', 'Personal details: Not started', 'Security check: Not started'],
    delivery: 'delivered',
    advice: 'continue',
    offers: ['resume', 'manual-review'],
  });
  await bothHold(page, visitor, { id, flow: 'exited', outcome: 'unknown', verdict: 'active' });
  await page.look('left-midway');
  assert.equal(await page.opensLink('resume'), id);
  await page.goTo('link-continue', { view: 'VERIFY_SMS' });
  await page.shows({ headline: 'Verifying your identity', count: 'Step 2 of 4', session: id, offers: [] });
  await page.finish();
  await page.shows({ ...verified, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

const noSession = (id) => ({ id, flow: 'exited', outcome: 'unknown', verdict: 'unknown_to_plaid' });

visit('an expired link token is replaced without anybody touching anything, and the page tells it', {}, async (visitor) => {
  const page = await visitor.open();
  const [refused, id] = await page.opensLinkTimes(2, 'scenario-expired');
  assert.match(refused, uuid);
  await page.finish();
  const banner = 'Link refused the link token. The driver fetched a new one and opened Link again.';
  await page.shows({ ...verified, banner, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' }, noSession(refused));
  await page.look('renewed');
});

visit('when every link token is refused the page advises a new one, with which the person is verified', {}, async (visitor) => {
  const page = await visitor.open();
  const refused = await page.opensLinkTimes(3, 'scenario-refused');
  assert.equal(new Set(refused).size, 3);
  for (const id of refused) assert.match(id, uuid);
  await page.shows({
    headline: 'The verification was interrupted',
    detail: 'Please start it again.',
    banner: 'Link refused 3 link tokens in a row. The driver has stopped; the next one is yours to ask for.',
    session: refused[2],
    flow: 'exited',
    outcome: 'unknown',
    verdict: 'unknown_to_plaid',
    steps: noStep,
    delivery: 'delivered',
    advice: 'new_token',
    offers: ['new-token'],
  });
  const none = refused.toReversed().map(noSession);
  await bothHold(page, visitor, ...none);
  await page.look('refused');
  const id = await page.opensLink('new-token');
  await page.finish();
  await page.shows({ ...verified, banner: null, session: id, steps: allSteps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' }, ...none);
});

visit('a page that is reloaded in the middle of Link knows, and goes on in the same session', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-reloaded');
  const reloaded = page.tab.waitForEvent('load');
  await page.goTo('link-continue', { view: 'VERIFY_SMS' });
  await reloaded;
  await page.shows({
    headline: 'You were in the middle of it',
    detail: 'You can carry on where you stopped.',
    banner: 'An earlier page ended while Link was open. The driver knows, and can go on there.',
    session: id,
    seen: ['Not seen here', 'Not seen here'],
    steps: [],
    advice: 'continue',
    offers: ['resume', 'manual-review'],
  });
  await page.look('reloaded');
  assert.equal(await page.opensLink('resume'), id);
  await page.finish();
  await page.shows({ ...verified, banner: null, session: id, steps: allSteps.slice(1) });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

visit('a session whose outcome Link names without onSuccess is finished all the same', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-no-success');
  await page.finish();
  await page.shows({ ...verified, session: id, steps: ['Selfie: Done'] });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

const finishedElsewhere = {
  headline: 'Your identity is verified',
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
  const refused = await page.opensLinkTimes(3, 'scenario-refused');
  await page.shows({ session: refused[2], delivery: 'delivered', advice: 'new_token', offers: ['new-token'], verdict: 'unknown_to_plaid' });
  const id = await page.opensLink('scenario-already-finished');
  await page.press('link-finish');
  await page.shows({ ...finishedElsewhere, session: id });
  const newest = { id, flow: 'exited', outcome: 'unknown', verdict: 'success' };
  const stored = await bothHold(page, visitor, newest, ...refused.toReversed().map(noSession));
  assert.deepEqual(stored.map((one) => one.error_code), [null, 'INVALID_LINK_TOKEN', 'INVALID_LINK_TOKEN', 'INVALID_LINK_TOKEN']);
});

visit('a failed step is not a failed session', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-fallback');
  await page.finish();
  const steps = ['Terms of use: Done', 'Personal details: Not successful', 'Identity document: Done', 'Selfie: Done', 'Security check: Done'];
  await page.shows({ ...verified, session: id, steps });
  await bothHold(page, visitor, { id, flow: 'completed', outcome: 'passed', verdict: 'success' });
});

const answered503 = /503 .* at \/api\/idv$/;
const waiting = {
  headline: 'You have finished',
  detail: 'Your result is still on its way to us. Please keep this page open.',
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
      headline: 'Your identity is verified',
      seen: ['Not seen here', 'Not seen here'],
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

visit('developers see what happened, and take it along as a file without personal data', {}, async (visitor) => {
  const page = await visitor.open();
  const id = await page.opensLink('scenario-pass');
  await page.finish();
  await page.shows({ ...verified, session: id });
  await page.tab.locator('#developers > summary').click();
  const timeline = page.tab.locator('linktrail-timeline');
  await timeline.getByText(id).waitFor();
  await timeline.getByText('KYC_CHECK', { exact: true }).first().waitFor();
  await page.look('developers');
  const facts = await page.byTestId('funnel').locator('li code').allTextContents();
  assert.deepEqual(facts, [
    'verification_started',
    ...template.flatMap(() => ['step_started', 'step_passed']),
    'verification_completed',
    'outcome_told',
  ]);
  const downloaded = page.tab.waitForEvent('download');
  await page.press('download');
  const text = readFileSync(await (await downloaded).path(), 'utf8');
  const recording = JSON.parse(text);
  assert.deepEqual([recording.schema, recording.gap], ['linktrail.recording.v1', null]);
  assert.ok(recording.entries.some(({ progress }) => progress?.linkSessionId === id && progress.flow === 'completed'));
  assert.doesNotMatch(text, /Leslie|Knope|link-sandbox|public-|demo-user/);
});

const plaidScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const keys = { clientId: 'none', secret: 'none', templateId: 'idvtmp_none' };
visit('with Plaid’s keys the driver loads Plaid’s script, once and when it is wanted, under the page’s policy', { demo: { keys } }, async (visitor) => {
  const asked = [];
  const page = await visitor.open(async (tab) => {
    await tab.route(`${visitor.url}api/link-token`, (route) => route.fulfill({ json: { link_token: 'link-sandbox-none' } }));
    await tab.route(/^https:/, async (route) => {
      asked.push(route.request().url());
      await route.fulfill({ contentType: 'text/javascript', body: 'window.Plaid = { create: ({ token }) => ({ open() { document.title = token; }, exit() {}, destroy() {} }) };' });
    });
  });
  await page.shows({ mode: 'Plaid’s Sandbox · WebAssembly' });
  assert.deepEqual(asked, []);
  await page.press('scenario-pass');
  await page.shows({ title: 'link-sandbox-none', banner: null });
  assert.deepEqual(asked, [plaidScript]);
});

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
