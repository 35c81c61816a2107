// The same work by hand in JavaScript, to measure against: what Link said becomes steps, an outcome and a report that is due. It has
// the core's semantics for a session's events (duplicates, events out of order, limits) and none of its delivery.
const fields = ['link_session_id', 'request_id', 'timestamp', 'view_name', 'error_type', 'error_code', 'exit_status'];
const marksMax = 128;
const stepsMax = 32;
const visible = /^[\x21-\x7e]{1,256}$/;
const ranks = { OPEN_UI: 1, RESUME_UI: 1, CREATE_SESSION: 2, RESUME_SESSION: 2, START_STEP: 3, PASS_STEP: 4, PENDING_REVIEW_STEP: 5,
  FAIL_STEP: 6, PASS_SESSION: 7, PENDING_REVIEW_SESSION: 8, FAIL_SESSION: 9, CLOSE_UI: 10 };
const statuses = { START_STEP: 'active', PASS_STEP: 'passed', FAIL_STEP: 'failed', PENDING_REVIEW_STEP: 'pending_review' };
const outcomes = { PASS_SESSION: 'passed', FAIL_SESSION: 'failed', PENDING_REVIEW_SESSION: 'pending_review' };

function capture(name, metadata) {
  const event = { name: typeof name === 'string' && visible.test(name) ? name : '' };
  for (const field of fields) {
    try {
      const value = metadata?.[field];
      event[field] = typeof value === 'string' && visible.test(value) ? value : '';
    } catch {
      event[field] = '';
    }
  }
  return event;
}

const empty = () => ({ steps: [], outcome: 'unknown', uiOpen: false });

function add(summary, { kind, view, atMs }) {
  if (kind === 'OPEN_UI' || kind === 'RESUME_UI') summary.uiOpen = true;
  if (kind === 'CLOSE_UI') summary.uiOpen = false;
  if (kind in outcomes) summary.outcome = outcomes[kind];
  if (!(kind in statuses) || view === '') return;
  let step = summary.steps.find(({ viewName }) => viewName === view);
  if (step === undefined) {
    if (summary.steps.length >= stepsMax) return;
    step = { viewName: view, status: 'active', attempts: 0, startedAt: null, endedAt: null };
    summary.steps.push(step);
  }
  step.status = statuses[kind];
  if (step.status === 'active') {
    step.attempts += 1;
    step.startedAt ??= atMs;
    step.endedAt = null;
  } else {
    step.attempts = Math.max(1, step.attempts);
    step.endedAt = atMs;
  }
}

const comesBefore = (a, b) => (a.atMs === b.atMs ? a.rank < b.rank : a.atMs < b.atMs);

/** Takes a mark in its place; what is not the newest has everything added up anew. */
function insert(session, mark) {
  const { marks } = session;
  let place = marks.length;
  while (place > 0 && comesBefore(mark, marks[place - 1])) place -= 1;
  const isNewest = place === marks.length;
  marks.splice(place, 0, mark);
  session.known.add(mark.key);
  if (isNewest) add(session.summary, mark);
  if (marks.length > marksMax) {
    const oldest = marks.shift();
    session.known.delete(oldest.key);
    add(session.base, oldest);
  }
  if (!isNewest) {
    session.summary = structuredClone(session.base);
    for (const kept of marks) add(session.summary, kept);
  }
}

function currentStep({ marks, summary }) {
  for (let index = marks.length - 1; index >= 0; index--) {
    if (marks[index].kind !== 'START_STEP') continue;
    const step = summary.steps.find(({ viewName, status }) => viewName === marks[index].view && status === 'active');
    if (step !== undefined) return step.viewName;
  }
  return null;
}

/** @param onReport called with each report that says more than the one before it */
export function createPlainReducer(onReport) {
  const sessions = new Map();
  let progress = null;

  function sessionOf(id) {
    let session = sessions.get(id);
    if (session === undefined) {
      if (sessions.size >= 8) sessions.delete(sessions.keys().next().value);
      session = { id, marks: [], known: new Set(), base: empty(), summary: empty(), reported: '' };
      sessions.set(id, session);
    }
    return session;
  }

  function onEvent(name, metadata) {
    const event = capture(name, metadata);
    if (!event.name.startsWith('IDENTITY_VERIFICATION_')) return;
    const session = sessionOf(event.link_session_id);
    const kind = event.name.slice('IDENTITY_VERIFICATION_'.length);
    const key = `${event.name}\n${event.view_name}\n${event.timestamp}\n${event.request_id}`;
    const atMs = Date.parse(event.timestamp);
    if (Number.isNaN(atMs) || session.known.has(key)) return;
    insert(session, { kind, view: event.view_name, atMs, rank: ranks[kind] ?? 0, key });
    const { outcome, steps, uiOpen } = session.summary;
    const flow = outcome === 'unknown' ? 'in_progress' : 'completed';
    // The page gets a copy: what it was shown must not change.
    progress = { linkSessionId: session.id, flow, outcome, uiOpen, steps: steps.map((step) => ({ ...step })), currentStep: currentStep(session) };
    const milestone = `${session.id}:${flow}:${outcome}`;
    if (milestone === session.reported) return;
    session.reported = milestone;
    onReport(JSON.stringify({ idempotency_key: milestone, link_session_id: session.id, flow, outcome, steps }));
  }

  return { onEvent, progress: () => progress };
}
