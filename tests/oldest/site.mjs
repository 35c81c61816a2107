// A site on loopback with the built package, one page that uses all of it, and a backend. Its pages have no policy: the oldest browser knows
// no word that lets WebAssembly run and forbids `eval`.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { at } from '../../scripts/repository.mjs';

const served = /^\/dist\/(?:\w+\/)?[\w.-]+\.mjs$/;
const pages = {
  '/page/visit.mjs': new URL('page/visit.mjs', import.meta.url),
  '/page/compare.mjs': new URL('../strictness/page/compare.mjs', import.meta.url),
};

/** @param {Record<string, string>} data further texts that a page can ask for */
export async function openSite(data) {
  const reports = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const send = (type, body) => response.writeHead(200, { 'Content-Type': type }).end(body);
    if (pathname === '/idv') {
      return void json(request).then((report) => {
        reports.push(report);
        send('application/json', JSON.stringify({ identity_verification_status: report.flow === 'completed' ? 'success' : 'active' }));
      });
    }
    if (pathname in data) return send('text/plain; charset=utf-8', data[pathname]);
    const file = served.test(pathname) ? at(pathname.slice(1)) : pages[pathname];
    if (file !== undefined && existsSync(file)) return send('text/javascript; charset=utf-8', readFileSync(file));
    return pathname === '/' ? send('text/html; charset=utf-8', '<!doctype html><title>oldest</title><body>') : response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    reports,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
