/**
 * Reading a report of linktrail, and how two reports of one session become one. It distrusts every field: what
 * a browser posts can be forged.
 */

import type { Report, ReportStep } from '../../src/types.ts';
import { field, isOneOf, isRecord } from '../json.ts';
import { Problem } from './http.ts';

const flows = ['in_progress', 'exited', 'completed'] as const;
const outcomes = ['unknown', 'passed', 'failed', 'pending_review'] as const;
const idSources = ['onSuccess', 'onEvent', 'onExit'] as const;
const stepStatuses = ['active', 'passed', 'failed', 'pending_review'] as const;

const stepsMax = 256;
const textMax = 1_024;
/** Visible ASCII: such an id can stand in a header, a key and a log without harm. */
const idPattern = /^[\x21-\x7e]{1,280}$/;
const keyPattern = /^[\x21-\x7e]{1,640}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}

const wrong = (name: string, expected: string): Problem =>
  new Problem(422, 'invalid_report', `The field ${name} must be ${expected}.`);

function time(value: unknown, name: string): string {
  if (typeof value === 'string' && timePattern.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw wrong(name, 'a time such as 2026-01-15T10:00:00.000Z');
}

function timeOrNull(value: unknown, name: string): string | null {
  return value === null ? null : time(value, name);
}

function textOrNull(value: unknown, name: string): string | null {
  if (value === null) return null;
  if (typeof value === 'string' && value.length <= textMax) return value;
  throw wrong(name, `a string of at most ${textMax} characters, or null`);
}

function choice<const T extends string>(allowed: readonly T[], value: unknown, name: string): T {
  if (isOneOf(allowed, value)) return value;
  throw wrong(name, `one of ${allowed.join(', ')}`);
}

function readStep(value: unknown, index: number): ReportStep {
  const name = `steps[${index}]`;
  if (!isRecord(value)) throw wrong(name, 'an object');
  const viewName = field(value, 'view_name');
  if (typeof viewName !== 'string' || viewName === '' || viewName.length > textMax) {
    throw wrong(`${name}.view_name`, `a string of 1 to ${textMax} characters`);
  }
  const attempts = field(value, 'attempts');
  if (typeof attempts !== 'number' || !Number.isSafeInteger(attempts) || attempts < 0) {
    throw wrong(`${name}.attempts`, 'a whole number');
  }
  return {
    view_name: viewName,
    status: choice(stepStatuses, field(value, 'status'), `${name}.status`),
    attempts,
    started_at: timeOrNull(field(value, 'started_at'), `${name}.started_at`),
    ended_at: timeOrNull(field(value, 'ended_at'), `${name}.ended_at`),
  };
}

function readExit(value: unknown): Report['exit'] {
  if (value === null) return null;
  if (!isRecord(value)) throw wrong('exit', 'an object or null');
  return {
    error_type: textOrNull(field(value, 'error_type'), 'exit.error_type'),
    error_code: textOrNull(field(value, 'error_code'), 'exit.error_code'),
    status: textOrNull(field(value, 'status'), 'exit.status'),
    at: time(field(value, 'at'), 'exit.at'),
  };
}

/** A report, or a `Problem` that names the field at fault and never quotes its value. Unknown fields are left out. */
export function readReport(body: unknown): Report {
  if (!isRecord(body)) throw new Problem(422, 'invalid_report', 'The body must be a JSON object.');
  const schema = field(body, 'schema');
  if (schema !== 'linktrail.report.v1') {
    throw new Problem(422, 'unknown_schema', 'The field schema must be linktrail.report.v1.');
  }
  const key = field(body, 'idempotency_key');
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw wrong('idempotency_key', '1 to 640 visible ASCII characters');
  }
  const id = field(body, 'link_session_id');
  if (!isId(id)) throw wrong('link_session_id', '1 to 280 visible ASCII characters');
  const steps = field(body, 'steps');
  if (!Array.isArray(steps) || steps.length > stepsMax) throw wrong('steps', `an array of at most ${stepsMax} steps`);
  const client = field(body, 'client');
  const version = field(client, 'version');
  if (field(client, 'name') !== 'linktrail' || typeof version !== 'string' || version.length > textMax) {
    throw wrong('client', 'the name and version of linktrail');
  }
  return {
    schema,
    idempotency_key: key,
    link_session_id: id,
    id_source: choice(idSources, field(body, 'id_source'), 'id_source'),
    flow: choice(flows, field(body, 'flow'), 'flow'),
    outcome: choice(outcomes, field(body, 'outcome'), 'outcome'),
    occurred_at: time(field(body, 'occurred_at'), 'occurred_at'),
    steps: steps.map(readStep),
    exit: readExit(field(body, 'exit')),
    client: { name: 'linktrail', version },
  };
}

/** What several reports of one session say together. */
export interface Told {
  readonly flow: Report['flow'];
  readonly outcome: Report['outcome'];
  readonly occurred_at: string;
  readonly id_source: Report['id_source'];
  readonly steps: readonly ReportStep[];
  readonly exit: Report['exit'];
}

const flowRank: Readonly<Record<Report['flow'], number>> = { in_progress: 0, exited: 1, completed: 2 };
const sourceRank: Readonly<Record<Report['id_source'], number>> = { onExit: 0, onEvent: 1, onSuccess: 2 };

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Positive when `a` is the stronger one: further in the flow, then a known outcome, then the later one. */
function compare(a: Told, b: Told): number {
  return (
    flowRank[a.flow] - flowRank[b.flow] ||
    Number(a.outcome !== 'unknown') - Number(b.outcome !== 'unknown') ||
    compareText(a.occurred_at, b.occurred_at) ||
    a.steps.length - b.steps.length ||
    compareText(JSON.stringify([a.outcome, a.steps]), JSON.stringify([b.outcome, b.steps]))
  );
}

function laterExit(a: Report['exit'], b: Report['exit']): Report['exit'] {
  if (a === null || b === null) return a ?? b;
  return (compareText(a.at, b.at) || compareText(JSON.stringify(a), JSON.stringify(b))) >= 0 ? a : b;
}

/**
 * The stronger of two, so that reports may come in any order and any number of times: the merge is commutative,
 * associative and idempotent, and a weaker report never undoes a stronger one.
 */
export function merge(a: Told, b: Told): Told {
  const stronger = compare(a, b) >= 0 ? a : b;
  return {
    ...stronger,
    id_source: sourceRank[a.id_source] >= sourceRank[b.id_source] ? a.id_source : b.id_source,
    exit: laterExit(a.exit, b.exit),
  };
}

export function told(report: Report): Told {
  const { flow, outcome, occurred_at, id_source, steps, exit } = report;
  return { flow, outcome, occurred_at, id_source, steps, exit };
}
