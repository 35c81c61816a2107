/**
 * Turns what Link said in a recording into a scenario file, for tests/scenarios and for the page's own tests: the calls, and what
 * this version concludes from them. Where that is the bug, a person writes down what would have been right.
 */

import type { Json, RecordedEntry, RecordedEvent, Recording } from '../recording/format.js';
import type { CoreHandle } from '../src/core_loader.js';
import type { Progress } from '../src/types.js';

interface Call {
  readonly ms: number;
  readonly handler?: number;
  readonly cb: string;
  readonly args: readonly Json[];
}

/** From which the calls of a scenario count: 2026-01-15T10:00:00Z. */
const epochMs = Date.UTC(2026, 0, 15, 10);
const entropy = 0.25;
const started = { type: 'started', endpoint: 'https://example.test/idv', owner: 'synthetic', page: 'page-1', version: '0.0.0', locks: true };
const metadataNames = ['link_session_id', 'request_id', 'timestamp', 'view_name', 'error_type', 'error_code', 'exit_status'];
const utf8 = new TextDecoder();

const pick = (event: RecordedEvent, names: readonly string[]): Record<string, Json> =>
  Object.fromEntries(names.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]])));

/** Fields that held no text are only counted: as many that were not given hold a number. */
function withUnreadable(metadata: Record<string, Json>, event: RecordedEvent, names: readonly string[]): Record<string, Json> {
  const free = names.filter((name) => metadata[name] === undefined).slice(0, Number(event['unreadable'] ?? 0));
  return { ...metadata, ...Object.fromEntries(free.map((name) => [name, 0])) };
}

function argumentsOf(event: RecordedEvent, shiftMs: number): readonly [string, readonly Json[]] | undefined {
  const metadataOf = (names: readonly string[]) => withUnreadable(pick(event, names), event, names);
  if (event.type === 'on_success') return ['onSuccess', ['', metadataOf(['link_session_id'])]];
  if (event.type === 'on_exit') {
    const error = pick(event, ['error_type', 'error_code']);
    return ['onExit', [Object.keys(error).length === 0 ? null : error, metadataOf(['link_session_id', 'status'])]];
  }
  if (event.type !== 'on_event') return undefined;
  const metadata = metadataOf(metadataNames);
  const at = new Date(Date.parse(String(metadata['timestamp'])) + shiftMs);
  if (!Number.isNaN(at.getTime())) metadata['timestamp'] = at.toISOString();
  return ['onEvent', [event['name'] ?? null, metadata]];
}

/** What a page's new handler begins with. */
const beginning = /^OPEN$|_(?:OPEN_UI|RESUME_UI|CREATE_SESSION|RESUME_SESSION)$/;

function callsOf(entries: readonly RecordedEntry[]): Call[] {
  const [first] = entries;
  if (first === undefined) return [];
  let handler = 1;
  let hasExited = false;
  return entries.flatMap(({ event, monotonic_ms }) => {
    const [cb, args] = argumentsOf(event, epochMs - Math.trunc(first.wall_ms)) ?? [];
    if (cb === undefined || args === undefined) return [];
    if (hasExited && beginning.test(String(args[0]))) handler++;
    hasExited = cb === 'onExit' || (hasExited && !beginning.test(String(args[0])));
    return [{ ms: Math.trunc(monotonic_ms - first.monotonic_ms), ...(handler > 1 ? { handler } : {}), cb, args }];
  });
}

/** A page whose storage always works and whose backend answers each report with 200, as in the scenario runner. */
function answersTo(effects: readonly Record<string, unknown>[]): string[] {
  return effects.flatMap((effect) => {
    if (effect['do'] === 'store') return [JSON.stringify({ type: 'record_stored', key: effect['key'], durability: 'browser' })];
    if (effect['do'] === 'post') return [JSON.stringify({ type: 'post_answered', post: effect['post'], kind: 'response', status: 200 })];
    return effect['do'] === 'resolve_headers' ? ['{"type":"headers_resolved"}'] : [];
  });
}

/** The text of the event that `capture.ts` makes of the call. */
function eventOf(event: RecordedEvent, call: Call): string {
  const metadata = call.args[1];
  const timestamp = typeof metadata === 'object' && metadata !== null && 'timestamp' in metadata ? { timestamp: metadata['timestamp'] } : {};
  return JSON.stringify({ ...event, ...timestamp });
}

function expectationOf(events: readonly RecordedEvent[], calls: readonly Call[], core: CoreHandle): Json {
  const sessions = new Map<string, Progress>();
  let progress: Progress | undefined;
  const tellCore = (text: string, ms: number) => {
    const inbox = [text];
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      inbox.push(...answersTo(JSON.parse(utf8.decode(core.handle(next, epochMs + ms, ms, entropy)))));
      const shown: Progress = JSON.parse(utf8.decode(core.progress()));
      progress = shown;
      if (shown.linkSessionId !== null) sessions.set(shown.linkSessionId, shown);
    }
  };
  tellCore(JSON.stringify(started), 0);
  events.forEach((event, index) => {
    const call = calls[index];
    if (call !== undefined) tellCore(eventOf(event, call), call.ms);
  });
  tellCore('{"type":"woken"}', (calls.at(-1)?.ms ?? 0) + 10_000);
  return {
    sessions: [...sessions].map(([id, { flow, outcome, steps }]) => ({
      link_session_id: id,
      flow,
      outcome,
      steps: Object.fromEntries(steps.map(({ viewName, status }) => [viewName, status])),
    })),
    ...(progress?.delivery?.state === 'undeliverable' ? { undeliverable: 'no id' } : {}),
    ...(progress !== undefined && progress.unknownEvents.length > 0 ? { unknown_events: progress.unknownEvents } : {}),
    reaction: progress?.advice ?? 'none',
  };
}

const isOfLink = ({ event }: RecordedEntry): boolean => ['on_event', 'on_success', 'on_exit'].includes(event.type);

/** The lines of a scenario file; its name is that of the first session. */
export function scenarioOf(recording: Recording, core: CoreHandle): string {
  const [first] = recording.entries;
  const entries = recording.entries.filter((entry) => entry === first || isOfLink(entry));
  const calls = callsOf(entries);
  const events = entries.filter(isOfLink).map(({ event }) => event);
  const id = events.map((event) => event['link_session_id']).find((value) => typeof value === 'string' && value !== '');
  const header = { scenario: `recorded-${String(id ?? 'without-id')}`, synthetic: false, note: 'from a recording; `expect` is what linktrail concludes, not what is right' };
  const lines = [header, ...calls, { expect: expectationOf(events, calls, core) }];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}
