/** Reads a recording that came from somebody else: what is none is told apart by one clear sentence. */

import { recordingSchema, type RecordedEntry, type Recording } from './format.js';

/** Far beyond what a recorder lets a recording become. */
const lengthMax = 32 * 1024 * 1024;
const entriesMax = 100_000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isListOf = (value: unknown, tag: string): boolean =>
  Array.isArray(value) && value.every((item) => isObject(item) && typeof item[tag] === 'string');

/** What is wrong with an entry; empty when nothing is. */
function faultOf(entry: unknown): string {
  if (!isObject(entry)) return 'it is no object';
  if (!isListOf([entry['event']], 'type')) return '`event` must be an object with a `type`';
  if (!isListOf(entry['effects'], 'do')) return '`effects` must be a list of objects with a `do`';
  const missing = ['wall_ms', 'monotonic_ms', 'entropy'].find((name) => !isNumber(entry[name]));
  if (missing !== undefined) return `\`${missing}\` must be a number`;
  return entry['progress'] === undefined || isObject(entry['progress']) ? '' : '`progress` must be an object';
}

const isEntry = (entry: unknown): entry is RecordedEntry => faultOf(entry) === '';

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.length > lengthMax) throw new TypeError('This is too large for a recording.');
  try {
    return JSON.parse(value);
  } catch {
    throw new TypeError('This is not JSON, so it is no recording of linktrail.');
  }
}

function checkSchema(schema: unknown): void {
  if (schema === recordingSchema) return;
  if (typeof schema === 'string' && /^linktrail\.recording\.v\d{1,4}$/.test(schema)) {
    throw new TypeError(`This recording is of another version (${schema}); this linktrail reads ${recordingSchema}.`);
  }
  throw new TypeError(`This is JSON, but no recording of linktrail: its \`schema\` is not ${recordingSchema}.`);
}

/**
 * @internal
 * @param value JSON text, or what it stands for
 * @throws TypeError with a sentence for a person when it is no recording
 */
export function readRecording(value: unknown): Recording {
  const read = parse(value);
  if (!isObject(read)) throw new TypeError('This is JSON, but no recording of linktrail: it is no object.');
  checkSchema(read['schema']);
  const { entries, gap, version, withheld, dropped } = read;
  if (!Array.isArray(entries)) throw new TypeError('This recording is damaged: `entries` must be a list.');
  if (entries.length > entriesMax) throw new TypeError('This is too large for a recording.');
  const damaged = entries.findIndex((entry) => !isEntry(entry));
  if (damaged >= 0) throw new TypeError(`This recording is damaged: entry ${damaged + 1}: ${faultOf(entries[damaged])}.`);
  const hasGap = isObject(gap) && isCount(gap['after']) && isCount(gap['missing']);
  return {
    schema: recordingSchema,
    version: typeof version === 'string' ? version : '',
    entries: entries.filter(isEntry),
    gap: hasGap ? { after: Number(gap['after']), missing: Number(gap['missing']) } : null,
    withheld: isNumber(withheld) ? withheld : 0,
    dropped: isNumber(dropped) ? dropped : 0,
  };
}
