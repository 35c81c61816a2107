/** What of a recording is drawn: rows of bars and marks, in milliseconds. Knows nothing of pixels or of the DOM. */

import type { RecordedEvent, Recording } from '../recording/format.js';
import { answerOf, durationOf, fieldOf, meaningOf, tell, timesOf, type Actor, type Fact, type Tone } from '../recording/tell.js';
import { lastOf } from '../src/es2020.js';

/** Something that took time, or, with `from` equal to `to`, a moment. */
export interface Item {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** Short, to stand in a bar; empty for a mark. */
  readonly label: string;
  /** Whole, to be read by itself. */
  readonly text: string;
  readonly kind: 'bar' | 'wait' | 'mark';
}

export interface Row {
  readonly label: string;
  /** What stands under the label, such as how it ended. */
  readonly note: string;
  readonly group: string;
  readonly items: readonly Item[];
}

export interface Story {
  readonly facts: readonly Fact[];
  readonly rows: readonly Row[];
  readonly lastMs: number;
}

const stepResults: Readonly<Record<string, readonly [string, Tone]>> = {
  PASS: ['passed', 'good'],
  FAIL: ['failed', 'bad'],
  PENDING_REVIEW: ['pending review', 'wait'],
};

/** In the place of a word about a step: Link was left, and no step goes on. */
const exit = 'EXIT';

interface StepEvent {
  readonly ms: number;
  readonly word: string;
  readonly key: string;
  readonly view: string;
}

/**
 * Link may tell of steps late, all at once. Its own times say when they were; how far its clock is from the page's is what the
 * promptest of its callbacks shows.
 */
function stepEvents({ entries }: Recording, times: readonly number[]): StepEvent[] {
  const told = entries.flatMap(({ event }, index) => {
    const [, step = ''] = /^IDENTITY_VERIFICATION_(START|PASS|FAIL|PENDING_REVIEW)_STEP$/.exec(fieldOf(event, 'name')) ?? [];
    const [ms, atLink] = [times[index] ?? 0, Date.parse(fieldOf(event, 'timestamp'))];
    const word = event.type === 'on_exit' ? exit : step;
    return word === '' ? [] : [{ ms, late: ms - atLink, word, event }];
  });
  const apart = Math.min(...told.map(({ late }) => late).filter((late) => !Number.isNaN(late)));
  const when = (ms: number, late: number) => Math.max(0, Number.isNaN(late) ? ms : ms - late + apart);
  return told
    .map(({ ms, late, word, event }) => {
      const view = fieldOf(event, 'view_name');
      return { ms: when(ms, late), word, view, key: `${fieldOf(event, 'link_session_id')} ${view}` };
    })
    .sort((a, b) => a.ms - b.ms);
}

interface OpenRow {
  readonly view: string;
  readonly items: Item[];
  began: number | undefined;
}

function closeStep(row: OpenRow, ms: number, word: string, tone: Tone): void {
  if (row.began === undefined && lastOf(row.items)?.label === word) return;
  const from = row.began ?? ms;
  const took = ms > from ? `, ${durationOf(ms - from)}` : '';
  row.items.push({ from, to: ms, tone, label: word, text: `step ${row.view} ${word}${took}`, kind: 'bar' });
  row.began = undefined;
}

function stepRows(recording: Recording, times: readonly number[]): Row[] {
  const rows = new Map<string, OpenRow>();
  const leave = (ms: number) => {
    for (const row of rows.values()) if (row.began !== undefined) closeStep(row, ms, 'not finished', 'live');
  };
  for (const { ms, word, key, view } of stepEvents(recording, times)) {
    if (word === exit) {
      leave(ms);
      continue;
    }
    const row = rows.get(key) ?? { view, items: [], began: undefined };
    rows.set(key, row);
    const result = stepResults[word];
    if (result !== undefined) closeStep(row, ms, ...result);
    else row.began ??= ms;
  }
  leave(lastOf(times) ?? 0);
  return [...rows.values()].map(({ view, items }) => ({ label: view, note: lastOf(items)?.label ?? '', group: 'Steps', items }));
}

interface Attempts {
  readonly key: string;
  readonly items: Item[];
  waitsFrom: number | undefined;
}

/** One row per report: its attempts with their answers, and the waits between them. */
function deliveryRows({ entries }: Recording, times: readonly number[], lastMs: number): Row[] {
  const reports = new Map<string, Attempts>();
  const open = new Map<string, { readonly from: number; readonly of: Attempts }>();
  const end = (post: string, to: number, tone: Tone, text: string, label: string) => {
    const sent = open.get(post);
    if (sent === undefined || !open.delete(post)) return;
    const whole = `request ${post} (${meaningOf(sent.of.key)}) ${text}, after ${durationOf(to - sent.from)}`;
    sent.of.items.push({ from: sent.from, to, tone, label, text: whole, kind: 'bar' });
    sent.of.waitsFrom = tone === 'good' ? undefined : to;
  };
  entries.forEach(({ event, effects }, index) => {
    const ms = times[index] ?? 0;
    if (event.type === 'post_answered') end(fieldOf(event, 'post'), ms, ...answerWords(event));
    for (const effect of effects.filter((one) => one.do === 'post')) {
      const key = fieldOf(effect, 'key');
      const report = reports.get(key) ?? { key, items: [], waitsFrom: undefined };
      reports.set(key, report);
      const from = report.waitsFrom;
      if (from !== undefined && ms > from) {
        report.items.push({ from, to: ms, tone: 'wait', label: '', text: `waited ${durationOf(ms - from)} before the next attempt`, kind: 'wait' });
      }
      open.set(fieldOf(effect, 'post'), { from: ms, of: report });
    }
  });
  for (const post of [...open.keys()]) end(post, lastMs, 'live', 'not answered yet', '…');
  return [...reports.values()].map(({ key, items }) => {
    const attempts = items.filter(({ kind }) => kind === 'bar').map(({ label }) => label);
    return { label: meaningOf(key), note: attempts.join(', '), group: 'Deliveries', items };
  });
}

function answerWords(event: RecordedEvent): [Tone, string, string] {
  const { tone, text } = answerOf(event);
  return [tone, text, fieldOf(event, 'status') || '✕'];
}

const markRows: readonly (readonly [Actor, string, string])[] = [
  ['link', 'Link says', 'Events'],
  ['page', 'Page', 'Events'],
  ['storage', 'Storage', 'Events'],
];

export function storyOf(recording: Recording): Story {
  const facts = tell(recording);
  const times = timesOf(recording);
  const lastMs = lastOf(times) ?? 0;
  const marks = markRows.map(([actor, label, group]) => {
    const own = facts.filter((fact) => fact.actor === actor);
    const items = own.map(({ ms, tone, text }): Item => ({ from: ms, to: ms, tone, label: '', text, kind: 'mark' }));
    return { label, note: '', group, items };
  });
  const rows = [...stepRows(recording, times), ...marks, ...deliveryRows(recording, times, lastMs)];
  return { facts, rows: rows.filter(({ items }) => items.length > 0), lastMs };
}
