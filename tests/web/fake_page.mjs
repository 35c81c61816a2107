// A page for the shipped package to live in, in Node: storage, locks, window and document as globals, each of which can be
// made to fail, and a server behind `fetch`. Real browsers are in tests/browser; here every failure is cheap.
import assert from 'node:assert/strict';

class FakeStorage {
  texts = new Map();
  /** Called with each write; throws to refuse it. */
  onWrite = () => {};
  get length() {
    return this.texts.size;
  }
  key(index) {
    return [...this.texts.keys()][index] ?? null;
  }
  getItem(key) {
    return this.texts.get(key) ?? null;
  }
  setItem(key, text) {
    this.onWrite(key, text);
    this.texts.set(key, String(text));
  }
  removeItem(key) {
    this.texts.delete(key);
  }
}

/** Web Locks of one browser, without shared mode or stealing. */
class FakeLocks {
  held = new Map();
  waiting = [];
  request(name, { signal }, callback) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      const entry = { name, callback, resolve, reject };
      signal?.addEventListener('abort', () => {
        this.waiting = this.waiting.filter((other) => other !== entry);
        reject(new DOMException('aborted', 'AbortError'));
      });
      this.waiting.push(entry);
      queueMicrotask(() => this.grant());
    });
  }
  grant() {
    for (const entry of [...this.waiting]) {
      if (this.held.has(entry.name)) continue;
      this.waiting = this.waiting.filter((other) => other !== entry);
      this.held.set(entry.name, entry);
      Promise.resolve()
        .then(() => entry.callback({ name: entry.name }))
        .then(entry.resolve, entry.reject)
        .finally(() => this.free(entry));
    }
  }
  free(entry) {
    if (this.held.get(entry.name) === entry) this.held.delete(entry.name);
    this.grant();
  }
  /** What the browser does when a page ends in whatever way. */
  freeAll() {
    this.held.clear();
    this.waiting = [];
  }
}

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/**
 * A browser with one page. `reload()` is the death of that page: its locks are freed, the trails in `trails` disposed.
 * @param answer what the server says to each request: a status, a `Response`, an `Error` to throw, or a promise of these
 */
export function openBrowser({ answer = () => 200, locks = true } = {}) {
  const browser = {
    localStorage: new FakeStorage(),
    sessionStorage: new FakeStorage(),
    locks: new FakeLocks(),
    requests: [],
    /** What happened, in order: `write KEY` and `post KEY`. */
    log: [],
    answer,
    errors: [],
    trails: [],
  };
  browser.localStorage.onWrite = (key) => browser.log.push(`write ${key.split('/').slice(4).join('/')}`);

  browser.reload = () => {
    // A dead page runs no timers and answers no events; disposing is as near as one process comes to that.
    for (const trail of browser.trails) trail.dispose();
    browser.trails = [];
    browser.locks.freeAll();
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible', baseURI: 'https://shop.example/verify' });
    browser.document = page;
    browser.window = new EventTarget();
    define('document', page);
    define('window', browser.window);
    define('localStorage', browser.localStorage);
    define('sessionStorage', browser.sessionStorage);
    define('navigator', { locks: locks ? browser.locks : undefined });
    define('reportError', (error) => browser.errors.push(error));
    define('fetch', (url, init) => {
      const request = { url, ...init, report: JSON.parse(init.body), at: performance.now() };
      browser.requests.push(request);
      browser.log.push(`post ${init.headers['Idempotency-Key']}`);
      const answered = browser.answer(request, browser.requests.length);
      if (answered instanceof Error && answered.isSynchronous) throw answered;
      return Promise.resolve(answered).then(
        (said) =>
          new Promise((resolve, reject) => {
            init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
            if (said instanceof Error) reject(said);
            else if (said !== 'hang') resolve(said instanceof Response ? said : new Response(null, { status: said }));
          }),
      );
    });
  };
  browser.reload();
  return browser;
}

/** Waits on a condition, never on time; a condition that does not come true within the limit is a failure. */
export async function until(what, condition, limitMs = 5_000) {
  const end = performance.now() + limitMs;
  for (;;) {
    const result = await condition();
    if (result) return result;
    assert.ok(performance.now() < end, `waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

let serial = 0;

/** Metadata of an event as Link gives it. */
export function metadata(id, more = {}) {
  serial += 1;
  return {
    link_session_id: id,
    request_id: `req${serial}`,
    timestamp: new Date(Date.UTC(2026, 0, 15, 10) + serial * 1_000).toISOString(),
    view_name: null,
    ...more,
  };
}

export const keysOf = (browser) => browser.requests.map(({ headers }) => headers['Idempotency-Key']);
