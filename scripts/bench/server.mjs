// Serves the page that measures itself, and the backend that both pages and Node report to.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { at } from '../repository.mjs';

const page = '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/scripts/bench/page.mjs"></script>';
const served = /^\/(?:dist|build\/bench|scripts\/bench)\/[\w.-]+\.mjs$/;
const headers = {
  // A page of its own gets a clock of 5 µs instead of 100.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // yoga-layout fetches its bytes from an address that holds them.
  'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' data:",
  // Each worker starts with what it would have on a first visit.
  'Cache-Control': 'no-store',
};

/** `found` resolves with what the page measured. */
export function startServer() {
  let resolveFound;
  const found = new Promise((resolve) => (resolveFound = resolve));
  const files = new Map();
  const read = (path) => files.get(path) ?? files.set(path, readFileSync(path)).get(path);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    const send = (type, content) => response.writeHead(200, { ...headers, 'Content-Type': type }).end(content);
    if (pathname === '/idv') request.resume().on('end', () => send('application/json', '{}'));
    else if (pathname === '/found') json(request).then(resolveFound).then(() => send('application/json', '{}'));
    else if (pathname === '/') send('text/html', page);
    else if (served.test(pathname) && existsSync(at(pathname.slice(1)))) send('text/javascript', read(at(pathname.slice(1))));
    else response.writeHead(404).end();
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ origin: `http://127.0.0.1:${server.address().port}`, found, close })),
  );
}
