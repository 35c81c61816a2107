// Measures what linktrail costs the page: each event, each onSuccess beside a bare fetch of the same body in the same run,
// the time until the core is ready, and the memory that it starts with. In Node and in Chromium. Prints ratios and medians;
// fails when a limit is exceeded.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from './build.mjs';
import { at } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';

const events = 3_000;
const pairs = 300;
const starts = 20;
const chromiumTimeoutMs = 5 * 60_000;
const chromiumArguments = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
/** Of issue and README: an event in ms, onSuccess as a multiple of a bare fetch, the memory in bytes. */
const limits = { eventMs: 0.1, successRatio: 1.5, memoryBytes: 1024 * 1024 };

/** Runs in Node and in a page alike; everything it uses is handed in. */
async function measure({ createLinkTrail, endpoint, events, pairs, starts }) {
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * q)];
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  const memories = new Set();
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...args) => {
    const result = await Reflect.apply(instantiate, WebAssembly, args);
    for (const value of Object.values((result.instance ?? result).exports)) {
      if (value instanceof WebAssembly.Memory) memories.add(value.buffer.byteLength);
    }
    return result;
  };

  const ready = [];
  for (let index = 0; index < starts; index++) {
    const started = performance.now();
    const trail = createLinkTrail({ endpoint });
    await trail.ready;
    ready.push(performance.now() - started);
    trail.dispose();
  }

  const trail = createLinkTrail({ endpoint });
  await trail.ready;
  const names = ['START_STEP', 'PASS_STEP', 'START_STEP', 'FAIL_STEP'];
  const eventMs = [];
  for (let index = 0; index < events; index++) {
    // One session of ordinary length after the other: seven steps, two events each, and their duplicates now and then.
    const metadata = {
      link_session_id: `idv_Bench${Math.floor(index / 20)}`, request_id: `r${index}`, view_name: `STEP_${index % 7}`,
      timestamp: new Date(1768471200000 + index * 500).toISOString(),
      error_type: null, error_code: null, error_message: null, exit_status: null, institution_id: null,
    };
    const started = performance.now();
    trail.handlers.onEvent(`IDENTITY_VERIFICATION_${names[index % 4]}`, metadata);
    eventMs.push(performance.now() - started);
    if (index % 20 === 19) await turn();
  }

  const bodyOf = (id) => JSON.stringify({
    schema: 'linktrail.report.v1', idempotency_key: `${id}:completed:unknown`, link_session_id: id,
    id_source: 'onSuccess', flow: 'completed', outcome: 'unknown', occurred_at: '2026-01-15T10:00:00.000Z', steps: [],
    exit: null, client: { name: 'linktrail', version: '0.1.0' },
  });
  const bareMs = [];
  const successMs = [];
  /** Both follow a session's first callback and its delivery, so that they find the page and its caches in one state. */
  const begin = async (id) => {
    trail.handlers.onEvent('IDENTITY_VERIFICATION_CREATE_SESSION', { link_session_id: id, timestamp: new Date().toISOString() });
    await trail.delivered(id);
    await turn();
  };
  const bare = async (index) => {
    const id = `idv_Bare${String(index).padStart(6, '0')}`;
    await begin(id);
    const body = bodyOf(id);
    const started = performance.now();
    const request = fetch(endpoint, {
      method: 'POST', body, keepalive: true, credentials: 'same-origin', redirect: 'manual',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `${id}:completed:unknown` },
    });
    bareMs.push(performance.now() - started);
    return request.then((response) => response.text());
  };
  /** Of a session that is under way: the callback that first tells of its completion. */
  const success = async (index) => {
    const id = `idv_Success${String(index).padStart(3, '0')}`;
    await begin(id);
    const started = performance.now();
    trail.handlers.onSuccess('', { link_session_id: id });
    successMs.push(performance.now() - started);
    return trail.delivered(id);
  };
  for (let index = 0; index < pairs; index++) {
    for (const run of index % 2 === 0 ? [bare, success] : [success, bare]) {
      await run(index);
      await turn();
    }
  }
  trail.dispose();
  WebAssembly.instantiate = instantiate;
  return {
    readyMs: median(ready), eventMs: median(eventMs), eventMsP99: quantile(eventMs, 0.99),
    bareMs: median(bareMs), successMs: median(successMs), ratio: median(successMs) / median(bareMs),
    memoryBytes: Math.max(...memories),
  };
}

/** Serves the page that measures itself and posts what it found; `found` resolves with that. */
function startServer() {
  const page = '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench.mjs"></script>';
  const script = `import { createLinkTrail } from '/dist/index.mjs';
const measure = ${measure};
const found = await measure({ createLinkTrail, endpoint: '/idv', ...${JSON.stringify({ events, pairs, starts })} })
  .catch((error) => ({ error: String(error.stack) }));
await fetch('/found', { method: 'POST', body: JSON.stringify(found) });`;
  const headers = {
    // A page of its own gets a clock of 5 µs instead of 100.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  };
  let resolveFound;
  const found = new Promise((resolve) => (resolveFound = resolve));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    const send = (type, text) => response.writeHead(200, { ...headers, 'Content-Type': type }).end(text);
    if (pathname === '/idv') request.resume().on('end', () => send('application/json', '{}'));
    else if (pathname === '/found') json(request).then(resolveFound).then(() => send('application/json', '{}'));
    else if (pathname === '/') send('text/html', page);
    else if (pathname === '/bench.mjs') send('text/javascript', script);
    else if (/^\/dist\/[\w.-]+\.mjs$/.test(pathname)) send('text/javascript', readFileSync(at(pathname.slice(1))));
    else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, found })));
}

async function inNode(origin) {
  const { createLinkTrail } = await import(at('dist', 'index.mjs'));
  return measure({ createLinkTrail, endpoint: `${origin}/idv`, events, pairs, starts });
}

/**
 * No debugger is attached: with one, every `fetch` takes the stack of its callers along, which costs a quarter of a bare one
 * and more the deeper the stack.
 */
async function inChromium(origin, found) {
  const profile = mkdtempSync(join(tmpdir(), 'linktrail-bench-'));
  const browser = spawn('/usr/bin/chromium', [...chromiumArguments, `--user-data-dir=${profile}`, `${origin}/`], { stdio: 'ignore' });
  const ended = new Promise((resolve, reject) => browser.once('error', reject).once('exit', resolve));
  const failed = (why) => Promise.reject(new CommandFailed(`Chromium ${why} before it had measured.`));
  try {
    const result = await Promise.race([
      found,
      ended.then(() => failed('ended')),
      sleep(chromiumTimeoutMs, undefined, { ref: false }).then(() => failed(`took ${chromiumTimeoutMs / 60_000} minutes`)),
    ]);
    if (result.error !== undefined) throw new CommandFailed(result.error);
    return result;
  } finally {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function row(name, node, chromium, limit = '') {
  console.log(`  ${name.padEnd(44)}${node.padStart(12)}${chromium.padStart(12)}   ${limit}`);
}

await main(async () => {
  await setup('test');
  await build();
  const { server, found } = await startServer();
  try {
    const origin = `http://127.0.0.1:${server.address().port}`;
    const node = await inNode(origin);
    const chromium = await inChromium(origin, found);
    const us = (ms) => `${(ms * 1000).toFixed(0)} µs`;
    console.log(`\nMedians of ${events} events, ${pairs} pairs and ${starts} starts in one run.`);
    row('', 'Node', 'Chromium', 'limit');
    row('createLinkTrail until ready', us(node.readyMs), us(chromium.readyMs));
    row('one event', us(node.eventMs), us(chromium.eventMs), `< ${us(limits.eventMs)}`);
    row('one event, 99th percentile', us(node.eventMsP99), us(chromium.eventMsP99));
    row('a bare fetch', us(node.bareMs), us(chromium.bareMs));
    row('onSuccess, stored and posted', us(node.successMs), us(chromium.successMs));
    row('onSuccess as a multiple of the bare fetch', node.ratio.toFixed(2), chromium.ratio.toFixed(2), `<= ${limits.successRatio}`);
    row('linear memory at the start', `${node.memoryBytes / 1024} KiB`, `${chromium.memoryBytes / 1024} KiB`, `<= ${limits.memoryBytes / 1024} KiB`);
    const exceeded = [];
    for (const [name, found] of Object.entries({ Node: node, Chromium: chromium })) {
      if (!(found.eventMs < limits.eventMs)) exceeded.push(`an event in ${name}`);
      if (!(found.memoryBytes <= limits.memoryBytes)) exceeded.push(`the memory in ${name}`);
    }
    // Node has no storage and no keepalive: there the ratio is of another thing, and only shown.
    if (!(chromium.ratio <= limits.successRatio)) exceeded.push('onSuccess in Chromium');
    if (exceeded.length > 0) throw new CommandFailed(`Beyond its limit: ${exceeded.join(', ')}.`);
    return 0;
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
