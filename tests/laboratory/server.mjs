// The server that misbehaves on request. It serves the page under test and takes reports on two origins, does with each
// report what the script says, and keeps a record of everything that arrived. It listens on the loopback interface only.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, inflateSync } from 'node:zlib';

/**
 * What happens to one report. At most one of `status`, `reset`, `hang` and `redirect`; without any of them it is answered
 * with 200.
 *
 * @typedef {object} Behaviour
 * @property {number} [status]
 * @property {string} [retryAfter] the header as it is sent
 * @property {number} [retryAtMs] milliseconds from now, sent as an HTTP date, rounded up to the next whole second
 * @property {'before' | 'after'} [reset] the connection dies, before or after the report was processed
 * @property {boolean} [hang] never answered
 * @property {string} [body] of the answer; `hangs` begins and never ends, `huge` is 100 MB
 * @property {string} [redirect] 302 to this path
 * @property {number} [delayMs] before any of this
 */

/**
 * One request with a session id in it. Times are `performance.now()` of this process.
 *
 * @typedef {object} Arrival
 * @property {number} at when its body was complete
 * @property {number | null} answeredAt when its answer, or its reset, was sent
 * @property {string[]} ids the session ids in it
 * @property {string} path
 * @property {string | null} key the `Idempotency-Key` header
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body as text, decompressed
 * @property {Behaviour} behaviour
 * @property {number} [pouredBytes] of a huge answer: how much was taken
 * @property {boolean} [isClosed] whether that answer has come to its end, or was given up
 * @property {boolean} isProcessed the backend has taken it: answered 2xx, or taken and the answer lost
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.map': 'application/json' };
/** Another build than dist/ can be put to the test, such as one that breaks a promise on purpose. */
const folders = { dist: process.env.LINKTRAIL_LABORATORY_DIST ?? 'dist', lab: 'tests/laboratory/page', clients: 'build/scoreboard/clients' };
const bodyBytesMax = 4 * 1024 * 1024;

/** The policies a page can be served under; `other` is the second origin. */
const policies = {
  real: (other) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${other}`,
  'no-wasm': (other) => `default-src 'none'; script-src 'self'; connect-src 'self' ${other}`,
  // The document gets an origin of its own that nothing can be stored for: the engine itself refuses every storage.
  'no-storage': (other, own) =>
    `default-src 'none'; script-src ${own} 'wasm-unsafe-eval'; connect-src ${own} ${other}; sandbox allow-scripts`,
};

function decoded(bytes) {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes).toString();
    if (bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1])) return inflateSync(bytes).toString();
  } catch {
    // Not compressed after all.
  }
  return bytes.toString();
}

const idsIn = (text) => [...new Set(text.match(/idv_[A-Za-z0-9]+/g) ?? [])];

/** Answers with 100 MB, as fast as they are taken, and counts what was. */
function pour(response, arrival) {
  const piece = Buffer.alloc(64 * 1024, ' ');
  arrival.pouredBytes = 0;
  const more = () => {
    while (arrival.pouredBytes < 100e6 && !response.destroyed) {
      arrival.pouredBytes += piece.length;
      if (!response.write(piece)) return void response.once('drain', more);
    }
    response.end();
  };
  response.on('close', () => (arrival.isClosed = true));
  more();
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('The body is too long.');
    chunks.push(chunk);
  }
  return decoded(Buffer.concat(chunks));
}

function retryAfterOf({ retryAfter, retryAtMs }) {
  if (retryAfter !== undefined) return retryAfter;
  if (retryAtMs === undefined) return undefined;
  return new Date(Math.ceil((Date.now() + retryAtMs) / 1000) * 1000).toUTCString();
}

/** @param {{ host?: string }} [options] an address of the loopback interface; each is a site of its own to a browser */
export async function startServer({ host = '127.0.0.1' } = {}) {
  /** @type {Arrival[]} */
  const arrivals = [];
  /** All other requests: the path and when it came. */
  const others = [];
  const watchers = new Set();
  /** @type {Behaviour[]} */
  let script = [];
  /** @type {Behaviour | ((arrival: Arrival) => Behaviour)} */
  let otherwise = {};
  let preflightDelayMs = 0;
  /** @type {Promise<unknown>} */
  let preflightGate = Promise.resolve();
  /** Path → `Behaviour` for files. */
  const files = new Map();
  const sockets = new Set();
  const timers = new Set();

  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const after = (delayMs) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, delayMs);
      timers.add(timer);
    });

  function serveFile(path, response) {
    const [, folder, ...rest] = normalize(path).split('/');
    const place = folders[folder];
    if (place === undefined || rest.includes('..')) return void response.writeHead(404).end();
    let content;
    try {
      content = readFileSync(resolve(root, place, ...rest));
    } catch {
      return void response.writeHead(404).end();
    }
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Cache-Control': 'no-cache',
      'Access-Control-Allow-Origin': '*',
    });
    response.end(content);
  }

  function servePage(url, response) {
    const policy = policies[url.searchParams.get('policy') ?? 'real'];
    const script = url.searchParams.has('script') ? '<script src="/dist/linktrail.global.js"></script>' : '';
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy(urls.other, urls.page),
    });
    response.end(
      `<!doctype html><html lang="en"><title>page</title>${script}<script type="module" src="/lab/page.mjs"></script></html>`,
    );
  }

  async function takeReport(request, response, path) {
    const body = await bodyOf(request);
    const ids = idsIn(body + decodeURIComponent(request.url.replace(/%(?![0-9a-f]{2})/gi, '')));
    const arrival = {
      at: performance.now(),
      answeredAt: null,
      ids,
      path,
      key: request.headers['idempotency-key'] ?? null,
      headers: request.headers,
      body,
      behaviour: {},
      isProcessed: false,
    };
    const usual = typeof otherwise === 'function' ? otherwise(arrival) : otherwise;
    // The script is for reports; whatever else a client may post gets what is usual at the time.
    const behaviour = ids.length > 0 ? (script.shift() ?? usual) : usual;
    arrival.behaviour = behaviour;
    if (ids.length > 0) {
      arrivals.push(arrival);
      changed();
    } else {
      others.push({ path, at: arrival.at, body });
    }
    if (behaviour.delayMs) await after(behaviour.delayMs);
    if (behaviour.hang) return;
    const done = (isProcessed) => {
      arrival.answeredAt = performance.now();
      arrival.isProcessed = isProcessed;
      changed();
    };
    if (behaviour.reset !== undefined) {
      request.socket.resetAndDestroy();
      return done(behaviour.reset === 'after');
    }
    if (behaviour.redirect !== undefined) {
      response.writeHead(302, { Location: behaviour.redirect }).end();
      return done(false);
    }
    const status = behaviour.status ?? 200;
    const retryAfter = retryAfterOf(behaviour);
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    });
    if (behaviour.body === 'hangs') response.write('{"identity_verification_status":');
    else if (behaviour.body === 'huge') pour(response, arrival);
    else response.end(behaviour.body ?? (status < 300 ? '{"success":true,"code":200}' : '{"error":"scripted"}'));
    done(status >= 200 && status < 300);
  }

  async function serve(request, response) {
    const url = new URL(request.url, 'http://loopback');
    const origin = request.headers.origin;
    if (origin !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After, Date');
    }
    if (request.method === 'OPTIONS') {
      others.push({ path: `OPTIONS ${url.pathname}`, at: performance.now() });
      await preflightGate;
      if (preflightDelayMs > 0) await after(preflightDelayMs);
      response.writeHead(204, {
        'Access-Control-Allow-Methods': 'POST, GET',
        'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
      });
      return void response.end();
    }
    // Only the connection of `/warm` is kept, so that a test knows whether a report goes over a used connection: a browser
    // repeats a request by itself when a used one dies.
    if (url.pathname !== '/warm' && request.method === 'GET') response.setHeader('Connection', 'close');
    const carriesId = request.method === 'POST' || /idv_/.test(request.url);
    if (carriesId && !url.pathname.startsWith('/page')) return takeReport(request, response, url.pathname);
    others.push({ path: url.pathname, at: performance.now() });
    changed();
    const fault = files.get(url.pathname) ?? {};
    if (fault.delayMs) await after(fault.delayMs);
    if (fault.hang) return;
    if (fault.status !== undefined) return void response.writeHead(fault.status).end();
    if (url.pathname === '/page') return servePage(url, response);
    if (url.pathname === '/elsewhere' || url.pathname === '/login') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      return void response.end(`<!doctype html><html lang="en"><title>${url.pathname.slice(1)}</title></html>`);
    }
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
    if (/^\/(dist|lab|clients)\//.test(url.pathname)) return serveFile(url.pathname, response);
    // What an analytics client asks its vendor for besides: nothing is configured.
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  }

  function listener() {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      serve(request, response).catch(() => response.destroy());
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    });
    return server;
  }
  const listen = (server, port) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve(server.address().port));
    });

  let servers = [listener(), listener()];
  const ports = [];
  for (const server of servers) ports.push(await listen(server, 0));
  const urls = { page: `http://${host}:${ports[0]}`, other: `http://${host}:${ports[1]}` };
  let isDown = false;

  function shut() {
    for (const server of servers) server.close();
    for (const socket of [...sockets]) socket.destroy();
  }

  const processed = (id) => arrivals.filter((arrival) => arrival.isProcessed && (id === undefined || arrival.ids.includes(id)));

  return {
    urls,
    arrivals,
    others,
    /** Of this id, or of all. */
    of: (id) => arrivals.filter((arrival) => arrival.ids.includes(id)),
    processed,
    deliveredAt: (id) => processed(id)[0]?.answeredAt ?? null,
    /** The next reports, one after the other. */
    follow(...behaviours) {
      script = behaviours;
    },
    /** All reports that the script says nothing of. */
    answer(behaviour) {
      otherwise = behaviour;
    },
    /** Preflights are answered this time after `gate` has opened. */
    delayPreflights(ms, gate) {
      preflightDelayMs = ms;
      preflightGate = gate;
    },
    /** A file or page that fails. Without a behaviour it is served as usual again. */
    breakFile(path, behaviour) {
      if (behaviour === undefined) files.delete(path);
      else files.set(path, behaviour);
    },
    /** Nobody listens any more: connections are refused. */
    down() {
      if (isDown) return;
      isDown = true;
      shut();
    },
    async up() {
      if (!isDown) return;
      servers = [listener(), listener()];
      for (const [index, server] of servers.entries()) await listen(server, ports[index]);
      isDown = false;
    },
    /**
     * Resolves with the first truthy value of `condition`, looked at whenever something arrives or is answered; with
     * undefined when patience ends.
     */
    async when(condition, patienceMs) {
      const giveUp = performance.now() + patienceMs;
      for (;;) {
        const found = condition();
        if (found) return found;
        const leftMs = giveUp - performance.now();
        if (leftMs <= 0) return undefined;
        await new Promise((resolve) => {
          const look = () => {
            clearTimeout(timer);
            watchers.delete(look);
            resolve();
          };
          const timer = setTimeout(look, leftMs);
          watchers.add(look);
        });
      }
    },
    /** Resolves when nothing has arrived for this long: a page that ends may still send something. */
    async quiet(ms) {
      for (;;) {
        const before = arrivals.length;
        await after(ms);
        if (arrivals.length === before) return;
      }
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      if (!isDown) shut();
    },
  };
}
