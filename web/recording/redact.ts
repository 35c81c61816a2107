/**
 * What of an event, an effect and a progress may stand in a recording. It is a list of what may, never of what may not: a
 * field that is not named here is left out and counted, and a text that does not look like what its field is for is replaced
 * by a stand-in. Equal texts have equal stand-ins, and the core takes or refuses a stand-in as it did the text, so that what is
 * recorded can be replayed.
 */

import type { Json, RecordedEffect, RecordedEvent, RecordedProgress } from './format.js';

/** @internal */
export interface Redactor {
  /** @param text JSON text as it went into the core */
  event(text: string): RecordedEvent;
  /** @param text JSON text as it came out of the core */
  effects(text: string): RecordedEffect[];
  progress(value: RecordedProgress): RecordedProgress;
  /** How often a stand-in was put in a text's place. */
  withheld(): number;
  /** How many fields were left out. */
  dropped(): number;
}

const outcomeOfLink = 'error_type error_code link_session_id unreadable ';

/** By the type of an event, the name of an effect, and the name of a field that holds an object: the fields it may have. */
const fieldLists = {
  started: 'endpoint owner page version locks',
  on_event: `${outcomeOfLink}name request_id timestamp view_name exit_status`,
  on_success: outcomeOfLink,
  on_exit: `${outcomeOfLink}status`,
  post_answered: 'post kind status retry_after date',
  verdict_told: 'post status',
  record_stored: 'key durability',
  records_found: 'records orphaned',
  page_changed: 'signal',
  forgotten_elsewhere: 'told',
  receipt_requested: 'link_session_id',
  link_driven: 'signal',

  store: 'key',
  erase: 'key',
  erase_prefix: 'prefix told',
  post: 'post key timeout_ms keepalive',
  wake_after: 'delay_ms',
  settle: 'receipt undelivered',
  answer_receipt: 'receipt settled',
  link: 'order timeout_ms state interrupted ending advice',

  progress: 'linkSessionId flow outcome advice verdict',
  receipt: 'linkSessionId state attempts durability lastStatus nextAttemptAt idempotencyKey',
  records: 'key text',
  text: 'version refused created_ms written_ms wait_ms floor_ms lease_ms attempts failures last_status report',
  report: 'schema idempotency_key link_session_id id_source flow outcome occurred_at steps exit client',
  steps: 'view_name status attempts started_at ended_at',
  exit: 'error_type error_code status at',
  client: 'name version',
};
const fieldsOf = new Map(Object.entries(fieldLists).map(([kind, names]) => [kind, names.split(' ')]));
/** Known, and never kept: what is left out and not worth a count. */
const silent = ['type', 'do', 'body', 'text'];

/** What a text may look like, by the field's name; a field that is in none of these holds a number, or a yes or no. */
const shapes: readonly (readonly [string, RegExp])[] = [
  // Plaid's names of events, views, types and codes, and linktrail's own of itself.
  ['name view_name error_type error_code', /^(?:[A-Z][A-Z0-9_]*|linktrail)$/],
  // Plaid's ids: no address, no number of a telephone, nothing with a space, and none of Plaid's tokens.
  ['link_session_id linkSessionId request_id', /^(?!(?:link|public|access)-)(?=.*[A-Za-z])[\w-]{8,}$/],
  // Of an exit, of which none is documented for Identity Verification, of a step, and of the backend's verdict.
  ['status exit_status', /^(?:(?:requires|choose|institution|connected)[a-z_]*|active|passed|success|failed|pending_review|expired|canceled)$/],
  ['kind durability signal state id_source flow outcome advice verdict order ending', /^[A-Za-z]+(?:_[a-z]+)*$/],
  ['timestamp at occurred_at started_at ended_at nextAttemptAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,9})?(?:Z|[+-]\d\d:\d\d)$/],
  ['retry_after date', /^(?:\d{1,9}|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)$/],
  ['page', /^[0-9a-f]{8,64}$/],
  ['version', /^\d+\.\d+\.\d+(?:-[a-z]{1,8}[\d.]*)?$/],
  ['schema', /^linktrail\.report\.v\d+$/],
  // Where reports go: a part of the path that could be a number, an address or a token is none of these.
  ['endpoint', /^(?:[A-Za-z_-]{1,24}|v\d{1,3})$/],
];
const shapeOf = new Map(shapes.flatMap(([names, shape]) => names.split(' ').map((name) => [name, shape])));
const standInShape = /^WITHHELD(?:_\d+)?$/;

/** What `wasm/core/limits.hpp` allows; what is longer is refused there. */
const lengthsMax: Readonly<Record<string, number>> = { link_session_id: 256, linkSessionId: 256, request_id: 128 };

/**
 * @internal
 * @param known texts whose stand-ins are decided already
 */
export function createRedactor(known: Iterable<readonly [string, string]> = []): Redactor {
  const standIns = new Map(known);
  let withheld = 0;
  let dropped = 0;

  /** @param shape undefined where no text may be kept */
  function text(value: string, field: string, shape = shapeOf.get(field)): string {
    const isShort = value.length <= (lengthsMax[field] ?? 96);
    if (value === '' || (isShort && (shape?.test(value) === true || standInShape.test(value)))) return value;
    // What has no name is a digest, which is replaced in any case.
    if (field !== '') withheld++;
    // The core takes visible ASCII within its limits; a space makes it refuse.
    const found = standIns.get(value) ?? `WITHHELD${isShort && /^[!-~]+$/.test(value) ? '_' : ' '}${standIns.size + 1}`;
    standIns.set(value, found);
    return found;
  }

  /** The driver's note of a visit, which no record is: when Link was opened, and the session; nothing of any other text. */
  function note(value: string): string {
    const [all, at = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )(.*)$/s.exec(value) ?? [];
    return all === undefined ? '' : at + text(id, 'link_session_id');
  }

  /** Texts that are put together of others. Of a digest of the owner, the owner could be guessed. */
  const compounds: Readonly<Record<string, (value: string) => string>> = {
    owner: () => 'WITHHELD',
    endpoint: (value) => new URL(value).pathname.split('/').map((part) => text(part, 'endpoint')).join('/'),
    key: (value) =>
      value.replace(/^(linktrail\/\d+\/)([^/]+)\/([^/]*)(\/?)(.*)$|^(.+)(:[a-z_]+:[a-z_]+(?::[\dTZ.:-]+)?)$|^.*$/s, (all, prefix, scope, page, slash, id, reported, rest) => {
        if (prefix !== undefined) return `${prefix}${text(scope, '')}/${text(page, 'page')}${slash}${text(id, 'link_session_id')}`;
        return rest === undefined ? text(all, '') : `${text(reported, 'link_session_id')}${rest}`;
      }),
    interrupted: note,
    /** When a page forgot, and the prefix of what it forgot. */
    told: (value) => value.replace(/^([\dTZ.:-]* ?)(.*)$/s, (_, at, prefix) => `${at}${String(allowed(prefix, 'key'))}`),
    /** A stored text, which other scripts of the page can write. */
    text(value) {
      try {
        return JSON.stringify(allowed(JSON.parse(value), 'text') ?? null);
      } catch {
        return note(value);
      }
    },
  };
  const aliases: Readonly<Record<string, string>> = { prefix: 'key', idempotency_key: 'key', idempotencyKey: 'key' };

  /** What may be kept of a field's value; undefined when nothing may. */
  function allowed(value: unknown, field: string): Json | undefined {
    if (value === null) return value;
    if (typeof value === 'number' || typeof value === 'boolean') return shapeOf.has(field) && field !== 'status' ? undefined : value;
    const compound = compounds[aliases[field] ?? field];
    if (typeof value === 'string') return compound === undefined ? text(value, field) : compound(value);
    if (Array.isArray(value)) return value.map((item) => allowed(item, field) ?? null);
    return fieldsOf.has(field) ? object(Object(value), field) : undefined;
  }

  function object(value: Record<string, unknown>, kind: string): Record<string, Json> {
    const kept: Record<string, Json> = {};
    for (const [name, field] of Object.entries(value)) {
      const may = fieldsOf.get(kind)?.includes(name) === true ? allowed(field, name) : undefined;
      if (may !== undefined) kept[name] = may;
      else if (!silent.includes(name)) dropped++;
    }
    return kept;
  }

  /** Whether it came in or went out, its name is ours. */
  const kindOf = (name: unknown): string => text(String(name), 'kind');

  function event(value: Record<string, unknown>): RecordedEvent {
    const type = kindOf(value['type']);
    return { type, ...object(value, type) };
  }

  function effect(value: Record<string, unknown>): RecordedEffect {
    const what = kindOf(value['do']);
    return { do: what, ...object(value, what) };
  }

  return {
    event: (json) => event(JSON.parse(json)),
    effects: (json) => JSON.parse(json).map(effect),
    progress: ({ linkSessionId, flow, outcome, advice, verdict = null }) => object({ linkSessionId, flow, outcome, advice, verdict }, 'progress'),
    withheld: () => withheld,
    dropped: () => dropped,
  };
}
