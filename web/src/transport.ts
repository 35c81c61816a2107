/** Carries out one request and tells how it ended. It decides nothing about repeating it. */

import type { EffectOf, PlatformEvent } from './effects.js';
import type { Platform } from './platform.js';
import type { HeaderRecord, Report } from './types.js';

/** What is to be sent; the body is the report as JSON text. */
export type Post = EffectOf<'post'> & { body: string };
export type Answer = Extract<PlatformEvent, { type: 'post_answered' }>;
type Told = Extract<PlatformEvent, { type: 'verdict_told' }>;

export interface TransportOptions {
  endpoint: string;
  credentials: RequestCredentials;
  /** Resolved headers, or a promise while none were ever resolved. */
  headers: () => HeaderRecord | Promise<HeaderRecord>;
  body: ((report: Report) => unknown) | undefined;
  onError: (error: unknown) => void;
  /** Asked once the page's headers have come: what was forgotten meanwhile is not sent. */
  isWanted: () => boolean;
  /** What the page's requests that should outlive it hold together. */
  outliving: Outliving;
}

export interface Outliving {
  bytes: number;
  count: number;
}

/**
 * Browsers let requests outlive the page only while their bodies hold no more than 64 KiB together and, in older Chromium,
 * while there are fewer than ten. The budget is the page's, so it is shared by all trails and cores; the rest is left to others.
 */
const keepaliveBytesMax = 60 * 1024;
const keepaliveRequestsMax = 8;

function takesKeepalive(outliving: Outliving, bytes: number): boolean {
  if (outliving.bytes + bytes > keepaliveBytesMax || outliving.count >= keepaliveRequestsMax) return false;
  outliving.bytes += bytes;
  outliving.count += 1;
  return true;
}

function givesKeepaliveBack(outliving: Outliving, bytes: number): void {
  outliving.bytes -= bytes;
  outliving.count -= 1;
}

/** Told last of what `fetch` refuses to send at all: it refuses every repetition as well. */
let lastRefusal = '';

/** Such a request ends as one does that met no network: tells the page what of its own is wrong. */
function tellRefusal({ endpoint, onError }: TransportOptions, init: RequestInit): void {
  try {
    // In a page alone: Node loads all of its `fetch` for `Request`, and ends where that finds no WebAssembly. A test's page may have none.
    if (globalThis.document && globalThis.Request) new Request(endpoint, init);
  } catch (error) {
    if (String(error) !== lastRefusal) onError(error);
    lastRefusal = String(error);
  }
}

function bodyOf(effect: Post, options: TransportOptions): string {
  if (options.body === undefined) return effect.body;
  try {
    const text: unknown = JSON.stringify(options.body(JSON.parse(effect.body) as Report));
    // A promise, a form or a map is `{}` as JSON: it would be acknowledged, and tell nothing.
    if (typeof text === 'string' && /^(?:\{.{2,}|\[.*)$/s.test(text)) return text;
    throw new TypeError('linktrail: `body` must return a plain object, at once; the report was sent as it is.');
  } catch (error) {
    options.onError(error);
    return effect.body;
  }
}

/** The core writes nothing but ASCII; the page may. */
function bytesOf(body: string, effect: Post): number {
  return body === effect.body ? body.length : new TextEncoder().encode(body).length;
}

/** A name is the same in any case, but of two in one object `fetch` sends both values: the last of them counts. */
function headersOf(page: HeaderRecord, key: string): HeaderRecord {
  const all = Object.entries({ 'Content-Type': 'application/json', ...page, 'Idempotency-Key': key });
  return Object.fromEntries(new Map(all.map((header) => [header[0].toLowerCase(), header])).values());
}

/** An answer that is longer is given up: what is asked for is one word, and the connection is the page's. */
const answerLengthMax = 4096;

/**
 * Reads the answer to its end, since an unread one keeps its share of the keepalive budget:
 * https://github.com/open-telemetry/opentelemetry-js/issues/7001
 *
 * @returns the `identity_verification_status` of a JSON object, and never its `status`: many backends answer
 *   `{"status":"success","data":null}` to anything
 * @throws for a body that is no JSON, or breaks off
 */
async function verdictIn(response: Response): Promise<unknown> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const utf8 = new TextDecoder();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += utf8.decode(chunk.value, { stream: true });
    if (text.length > answerLengthMax) return reader.cancel();
  }
  return (JSON.parse(text) as { identity_verification_status?: unknown }).identity_verification_status;
}

/**
 * Starts the request before it returns, if the page's headers are at hand, and tells exactly one answer; after one that is
 * 2xx, the verdict in its body, if it has one.
 *
 * A redirect is not followed: behind it, an expired login answers 200 with a page for people.
 */
export function send(
  platform: Platform,
  options: TransportOptions,
  effect: Post,
  tell: (event: Answer | Told) => void,
  soon: (action: () => void) => void,
): void {
  const startWith = (headers: HeaderRecord) => start(platform, options, effect, headers, tell, soon);
  const headers = options.headers();
  if (headers instanceof Promise) void headers.then(startWith);
  else startWith(headers);
}

function start(
  platform: Platform,
  options: TransportOptions,
  effect: Post,
  headers: HeaderRecord,
  tell: (event: Answer | Told) => void,
  soon: (action: () => void) => void,
): void {
  const body = bodyOf(effect, options);
  const bytes = bytesOf(body, effect);
  const outlives = effect.keepalive && takesKeepalive(options.outliving, bytes);
  const abort = new AbortController();
  let hasTimedOut = false;
  let timer: unknown;
  // Link's callback waits for what is done here, and a timer costs a twentieth of the request.
  soon(() => {
    timer = platform.setTimer(() => {
      hasTimedOut = true;
      abort.abort();
    }, effect.timeout_ms);
  });
  const end = () => {
    platform.clearTimer(timer);
    if (outlives) givesKeepaliveBack(options.outliving, bytes);
  };

  let init: RequestInit | undefined;
  // A `fetch` that throws is a request that failed.
  const request = new Promise<Response>((resolve, reject) => {
    if (!options.isWanted()) return reject();
    init = {
      method: 'POST',
      headers: headersOf(headers, effect.key),
      body,
      credentials: options.credentials,
      keepalive: outlives,
      redirect: 'manual',
      signal: abort.signal,
    };
    resolve(platform.fetch(options.endpoint, init));
  });
  request.then(
    (response) => {
      tell(answerOf(effect.post, response));
      // The acknowledgement does not wait for the body, and what goes wrong in it changes nothing; the timeout stays armed.
      verdictIn(response)
        .then((status) => {
          // One word, as Plaid's are: whatever else an endpoint says of somebody stays here.
          if (!response.ok || typeof status !== 'string' || !/^[a-z_]{1,32}$/.test(status)) return;
          tell({ type: 'verdict_told', post: effect.post, status });
        })
        .catch(() => undefined)
        .finally(end);
    },
    () => {
      end();
      if (init) tellRefusal(options, init);
      tell({ type: 'post_answered', post: effect.post, kind: hasTimedOut ? 'timed_out' : 'network_failed' });
    },
  );
}

function answerOf(post: number, { type, status, headers }: Response): Answer {
  if (type === 'opaqueredirect') return { type: 'post_answered', post, kind: 'redirected' };
  // A page's own `fetch`, as tests make one, may give an answer without headers.
  const header = (name: string) => headers?.get(name);
  return { type: 'post_answered', post, kind: 'response', status, retry_after: header('Retry-After'), date: header('Date') };
}
