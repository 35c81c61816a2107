// A recording of a long session, made by the package itself in virtual time: a slow document check, an exit and a return, a
// backend that is down when it counts.
import { fileURLToPath } from 'node:url';

const dist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

/** Replaces the machine's clocks and timers; `until` lets time pass. The returned `end` puts them back. */
function virtualTime(startMs) {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, dateNow: Date.now, now: performance.now };
  const due = [];
  let nowMs = 0;
  let last = 0;
  globalThis.setTimeout = (action, ms = 0) => (due.push({ atMs: nowMs + ms, action, id: ++last }), last);
  globalThis.clearTimeout = (id) => {
    const index = due.findIndex((timer) => timer.id === id);
    if (index >= 0) due.splice(index, 1);
  };
  Date.now = () => startMs + Math.floor(nowMs);
  performance.now = () => nowMs;
  const settle = async () => {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    settle,
    async until(ms) {
      for (;;) {
        await settle();
        const next = due.filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs || a.id - b.id)[0];
        if (next === undefined) break;
        due.splice(due.indexOf(next), 1);
        nowMs = Math.max(nowMs, next.atMs);
        next.action();
      }
      nowMs = ms;
      await settle();
    },
    end() {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      Date.now = real.dateNow;
      performance.now = real.now;
    },
  };
}

const startMs = Date.parse('2026-11-23T09:14:07.000Z');
const id = 'idv_52xR9LKo77r1Np';
const isoAt = (ms) => new Date(startMs + ms).toISOString();
let requests = 0;
const event = (ms, name, view_name = null) => {
  const request_id = `m8MDnv9okwx${String(++requests).padStart(4, '0')}`;
  return { ms, callback: 'onEvent', args: [`IDENTITY_VERIFICATION_${name}`, { link_session_id: id, request_id, timestamp: isoAt(ms - 60), view_name }] };
};

const calls = () => [
  { ms: 700, callback: 'onEvent', args: ['OPEN', { link_session_id: id, timestamp: isoAt(650) }] },
  event(900, 'OPEN_UI'),
  event(1_000, 'CREATE_SESSION'),
  event(1_300, 'START_STEP', 'ACCEPT_TOS'),
  event(5_800, 'PASS_STEP', 'ACCEPT_TOS'),
  event(6_000, 'START_STEP', 'VERIFY_SMS'),
  event(19_400, 'FAIL_STEP', 'VERIFY_SMS'),
  event(21_000, 'START_STEP', 'VERIFY_SMS'),
  event(33_000, 'PASS_STEP', 'VERIFY_SMS'),
  event(33_200, 'START_STEP', 'KYC_CHECK'),
  event(71_000, 'FAIL_STEP', 'KYC_CHECK'),
  event(71_300, 'START_STEP', 'DOCUMENTARY_VERIFICATION'),
  event(88_000, 'CLOSE_UI'),
  { ms: 88_200, callback: 'onExit', args: [null, { link_session_id: id, status: null }] },
  event(1_288_000, 'RESUME_UI'),
  event(1_288_200, 'RESUME_SESSION'),
  event(1_288_500, 'START_STEP', 'DOCUMENTARY_VERIFICATION'),
  event(1_321_000, 'PASS_STEP', 'DOCUMENTARY_VERIFICATION'),
  event(1_321_300, 'START_STEP', 'SELFIE_CHECK'),
  event(1_338_000, 'PASS_STEP', 'SELFIE_CHECK'),
  event(1_338_100, 'START_STEP', 'RISK_CHECK'),
  event(1_340_900, 'PASS_STEP', 'RISK_CHECK'),
  event(1_341_000, 'PASS_SESSION'),
  { ms: 1_341_100, callback: 'onSuccess', args: ['public-sandbox-x', { link_session_id: id }] },
  event(1_344_000, 'CLOSE_UI'),
];

/** @returns {Promise<object>} the recording */
export async function recordedSession() {
  const { createLinkTrail } = await import(dist('index.mjs'));
  const { createRecorder } = await import(dist('recorder/index.mjs'));
  const time = virtualTime(startMs);
  const { fetch } = globalThis;
  const chance = Math.random;
  Math.random = () => 0.62;
  try {
    const answers = [[190, 204], [240, 204], [310, 503, '3'], [4_800, 503], [220, 204]];
    globalThis.fetch = async () => {
      const [ms, status, retryAfter] = answers.length > 1 ? answers.shift() : answers[0];
      await new Promise((resolve) => setTimeout(resolve, ms));
      return new Response(null, { status, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } });
    };
    const trail = createLinkTrail({ endpoint: 'https://shop.example/api/idv', owner: 'ana' });
    const recorder = createRecorder(trail);
    await trail.ready;
    for (const { ms, callback, args } of calls()) {
      await time.until(ms);
      trail.handlers[callback](...args);
      await time.settle();
    }
    await time.until(1_375_000);
    const recording = recorder.recording();
    trail.dispose();
    return recording;
  } finally {
    Math.random = chance;
    globalThis.fetch = fetch;
    time.end();
  }
}
