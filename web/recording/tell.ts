/** Tells a recording in words: who did what, and when. It knows what events and effects are called, and decides nothing. */

import { hasOwn } from '../src/es2020.js';
import type { Json, RecordedEffect, RecordedEvent, RecordedProgress, Recording } from './format.js';

/** Who did it: the page and its browser, Link, linktrail's storage, or linktrail's delivery. */
export type Actor = 'page' | 'link' | 'storage' | 'delivery';

/** How it stands: well, badly, not decided yet, under way, or neither. */
export type Tone = 'good' | 'bad' | 'wait' | 'live' | 'plain';

export interface Fact {
  /** The entry that it is of; counted from 0. */
  readonly entry: number;
  /** Milliseconds since the recording's first entry. */
  readonly ms: number;
  readonly actor: Actor;
  readonly tone: Tone;
  readonly text: string;
}

type Told = readonly [Actor, Tone, string];

/** A field as text; a recording may hold anything. */
export function fieldOf(fields: object | Json | undefined, name: string): string {
  if (typeof fields !== 'object' || fields === null) return '';
  const value: unknown = Object.entries(fields).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A recording may call things by any name, also by one that every object has. */
export const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  hasOwn(table, name) ? table[name] : undefined;

/** A length of time for people: `640 ms`, `12.3 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1).replace('.0', '')} s`;
  const seconds = Math.round(ms / 1_000);
  const parts: [number, string, number, string] =
    seconds < 3_600
      ? [Math.floor(seconds / 60), 'min', seconds % 60, 's']
      : seconds < 86_400
        ? [Math.floor(seconds / 3_600), 'h', Math.round((seconds % 3_600) / 60), 'min']
        : [Math.floor(seconds / 86_400), 'd', Math.round((seconds % 86_400) / 3_600), 'h'];
  const [whole, unit, rest, lesser] = parts;
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${lesser}`;
}

/** Longer than any page lives; beyond it a time is damaged. */
const lastMsMax = 1e12;

/** When each entry came, in milliseconds since the first; never earlier than the one before. */
export function timesOf({ entries }: Recording): number[] {
  let latest = 0;
  return entries.map(({ monotonic_ms }) => (latest = Math.min(lastMsMax, Math.max(latest, monotonic_ms - (entries[0]?.monotonic_ms ?? 0)))));
}

/** Link's name of an event without the prefix that all of Identity Verification's have. */
export const shortName = (name: string): string => name.replace('IDENTITY_VERIFICATION_', '');

/** What a report says: the flow and the outcome in its key. */
export const meaningOf = (key: string): string => {
  const [flow = '', outcome = ''] = key.replace(/:\d{4}-.*$/, '').split(':').slice(-2);
  return (outcome === 'unknown' ? flow : `${flow}, ${outcome}`).replace(/_/g, ' ');
};

const isDelivered = (event: RecordedEvent): boolean => /^2\d\d$/.test(fieldOf(event, 'status'));

/** How a request ended. */
export function answerOf(event: RecordedEvent): { tone: Tone; text: string } {
  const kind = fieldOf(event, 'kind');
  const retryAfter = fieldOf(event, 'retry_after');
  const words: Readonly<Record<string, string>> = {
    response: `answered ${fieldOf(event, 'status')}`,
    redirected: 'redirected, perhaps to a login',
    network_failed: 'failed: no answer, or no network',
    timed_out: 'timed out',
  };
  const text = `${own(words, kind) ?? 'ended'}${retryAfter === '' ? '' : `, Retry-After: ${retryAfter}`}`;
  return { tone: isDelivered(event) ? 'good' : 'bad', text };
}

const toneOfEvent: readonly (readonly [RegExp, Tone])[] = [
  [/_PASS_/, 'good'],
  [/_FAIL_|^ERROR$/, 'bad'],
  [/_PENDING_REVIEW_/, 'wait'],
];

function ofLink(event: RecordedEvent): Told {
  const name = fieldOf(event, 'name');
  const tone = toneOfEvent.find(([shape]) => shape.test(name))?.[1] ?? 'plain';
  const parts = [shortName(name) || 'an event without a usable name', fieldOf(event, 'view_name'), fieldOf(event, 'error_code')];
  return ['link', tone, parts.filter((part) => part !== '').join(' ')];
}

function ofExit(event: RecordedEvent): Told {
  const why = ['error_type', 'error_code', 'status'].map((name) => fieldOf(event, name)).filter((text) => text !== '');
  return ['link', why.length === 0 ? 'wait' : 'bad', ['onExit', ...why].join(' ')];
}

const eventWords: Readonly<Record<string, (event: RecordedEvent) => Told>> = {
  started: (event) => ['page', 'plain', `linktrail ${fieldOf(event, 'version')} started`],
  on_event: ofLink,
  on_success: () => ['link', 'good', 'onSuccess'],
  on_exit: ofExit,
  post_answered(event) {
    const { tone, text } = answerOf(event);
    return ['delivery', tone, `request ${fieldOf(event, 'post')} ${text}`];
  },
  verdict_told: (event) => ['delivery', 'plain', `the backend says: ${fieldOf(event, 'status').replace(/_/g, ' ')}`],
  link_driven: (event) => ['page', 'plain', `driver: ${fieldOf(event, 'signal').replace(/_/g, ' ')}`],
  record_stored: (event) => ['storage', 'plain', `the record is in ${own(placeWords, fieldOf(event, 'durability')) ?? 'storage'}`],
  records_found: ({ records }) => ['storage', 'plain', `records of earlier pages: ${Array.isArray(records) ? records.length : 0}`],
  storage_changed: () => ['storage', 'plain', 'another tab wrote a record'],
  page_changed: (event) => ['page', 'plain', `the page is ${fieldOf(event, 'signal')}`],
  headers_failed: () => ['page', 'bad', 'the page gave no headers'],
  flush_requested: () => ['page', 'plain', 'the page called flush()'],
  forget_requested: () => ['page', 'plain', 'the page called forget()'],
  forgotten_elsewhere: () => ['page', 'plain', 'another tab, or another trail of this page, called forget()'],
  disposed: () => ['page', 'plain', 'the page called dispose()'],
};

const placeWords: Readonly<Record<string, string>> = {
  memory: 'memory only',
  tab: "the tab's storage",
  browser: "the browser's storage",
  disk: 'the disk',
};

/** What goes without saying in a story, because something else tells of it. */
const quiet = new Set(['woken', 'headers_resolved', 'receipt_requested', 'resolve_headers', 'scan', 'answer_receipt', 'notify', 'wake_after']);

function ofSettling({ receipt }: RecordedEffect): Told {
  const state = fieldOf(receipt, 'state');
  const status = fieldOf(receipt, 'lastStatus');
  const attempts = Number(fieldOf(receipt, 'attempts'));
  const detail = attempts === 0 ? '' : ` after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${status === '' ? '' : ` (${status})`}`;
  return ['delivery', state === 'delivered' ? 'good' : 'bad', `report ${state}${detail}`];
}

const effectWords: Readonly<Record<string, (effect: RecordedEffect) => Told>> = {
  store: () => ['storage', 'plain', 'stored the report'],
  erase: () => ['storage', 'plain', 'erased the record'],
  erase_prefix: () => ['storage', 'plain', "erased all of this owner's records"],
  post: (effect) => ['delivery', 'live', `request ${fieldOf(effect, 'post')} sent: ${meaningOf(fieldOf(effect, 'key'))}`],
  settle: ofSettling,
  link: (effect) => ['page', 'plain', `driver is to ${fieldOf(effect, 'order').replace(/_/g, ' ')}`],
};

function ofProgress({ flow = '', outcome = '', advice = '', verdict }: RecordedProgress): Told {
  const words = `flow ${flow}, outcome ${outcome}, advice ${advice}${verdict ? `, verdict ${verdict}` : ''}`.replace(/_/g, ' ');
  return ['page', 'plain', `the page is told: ${words}`];
}

/** After an answer that was none, how long linktrail waits. */
function ofWait(event: RecordedEvent, effects: readonly RecordedEffect[]): Told | undefined {
  const wait = effects.find((effect) => effect.do === 'wake_after');
  if (event.type !== 'post_answered' || isDelivered(event) || wait === undefined) return undefined;
  return ['delivery', 'wait', `waits ${durationOf(Number(fieldOf(wait, 'delay_ms')))}`];
}

/** Every fact of a recording, in the order in which they happened. */
export function tell(recording: Recording): Fact[] {
  const times = timesOf(recording);
  return recording.entries.flatMap(({ event, effects, progress }, entry) => {
    const words = (what: string, told: Told | undefined): Told[] =>
      told !== undefined ? [told] : quiet.has(what) ? [] : [['page', 'plain', what.replace(/_/g, ' ')]];
    const told = [
      ...words(event.type, own(eventWords, event.type)?.(event)),
      ...effects.flatMap((effect) => words(effect.do, own(effectWords, effect.do)?.(effect))),
      ofWait(event, effects),
      progress && entry > 0 ? ofProgress(progress) : undefined,
    ];
    return told.flatMap((one) => (one === undefined ? [] : [{ entry, ms: times[entry] ?? 0, actor: one[0], tone: one[1], text: one[2] }]));
  });
}
