/**
 * Turns the arguments of Link's callbacks, which may be anything, into the text of an event. It reads the few fields that
 * may be kept and never touches the others: tokens, account numbers and messages for people do not get past this file.
 */

import { textOf } from './event_text.js';

/** Longer than every limit of the core, so that the core still sees that a text is too long. */
const textLengthMax = 1024;

/** The fields that are read of `onEvent`'s metadata; all are names, ids, codes or times. */
const eventFields = [
  'link_session_id',
  'request_id',
  'timestamp',
  'view_name',
  'error_type',
  'error_code',
  'exit_status',
] as const;

type Fields = Record<string, string | number | null>;

/** The core counts the event, not its fields. */
function markUnreadable(target: Fields): void {
  target['unreadable'] = 1;
}

/** Copies text fields of a value that may be anything, and marks the event where one was neither text nor nothing. */
function copyFields(target: Fields, source: unknown, names: readonly string[]): void {
  if (source === null || source === undefined) return;
  if (Object(source) !== source) {
    markUnreadable(target);
    return;
  }
  for (const name of names) {
    try {
      const value = (source as Record<string, unknown>)[name];
      if (typeof value === 'string') target[name] = value.slice(0, textLengthMax);
      else if (value !== null && value !== undefined) markUnreadable(target);
    } catch {
      markUnreadable(target); // A getter or a proxy that throws is as unusable as a value of another type.
    }
  }
}

export function captureSuccess(metadata: unknown): string {
  const fields: Fields = { type: 'on_success' };
  copyFields(fields, metadata, ['link_session_id']);
  return textOf(fields);
}

export function captureExit(error: unknown, metadata: unknown): string {
  const fields: Fields = { type: 'on_exit' };
  copyFields(fields, error, ['error_type', 'error_code']);
  copyFields(fields, metadata, ['link_session_id', 'status']);
  return textOf(fields);
}

export function captureEvent(eventName: unknown, metadata: unknown): string {
  const fields: Fields = { type: 'on_event' };
  copyFields(fields, { name: eventName }, ['name']);
  copyFields(fields, metadata, eventFields);
  return textOf(fields);
}
