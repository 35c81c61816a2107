// A site on loopback with the strict pages on it: each is served under the policy that its address names, and the site keeps
// what each session's page asked for, posted, and was reported for. It knows nothing of browsers.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { json, text } from 'node:stream/consumers';

const own = fileURLToPath(new URL('page/', import.meta.url));
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript' };

const trusted = "require-trusted-types-for 'script'; trusted-types 'none'";
/** Images for the icon that some browsers ask for by themselves. */
const selfOnly = "default-src 'none'; connect-src 'self'; img-src 'self'";

/** What a strict page sends; `wasm` says whether the policy lets WebAssembly run. */
export const policies = {
  'self and wasm': { wasm: true, text: () => `${selfOnly}; script-src 'self' 'wasm-unsafe-eval'; ${trusted}` },
  'self alone': { wasm: false, text: () => `${selfOnly}; script-src 'self'; ${trusted}` },
  'nonce and wasm': { wasm: true, text: (nonce) => `${selfOnly}; script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; ${trusted}` },
  'nonce alone': { wasm: false, text: (nonce) => `${selfOnly}; script-src 'nonce-${nonce}' 'strict-dynamic'; ${trusted}` },
};

/** The scripts of a page, by how it takes linktrail in. A worker's page may name the worker's address, and nothing else. */
export const kinds = {
  module: ['<script type="module" src="/page/module.mjs"'],
  script: ['<script src="/dist/linktrail.global.js"', '<script src="/page/script.js"'],
  worker: ['<script type="module" src="/page/worker_owner.mjs"'],
  cores: ['<script type="module" src="/page/cores.mjs"'],
};

function pageOf(kind, policy) {
  const nonce = randomUUID();
  const scripts = ['<script src="/page/watch.js"', ...kinds[kind]].map((tag) => `${tag} nonce="${nonce}"></script>`);
  const policyText = policies[policy].text(nonce);
  return {
    html: `<!doctype html><meta charset="utf-8"><title>strict</title>${scripts.join('')}`,
    policy: kind === 'worker' ? policyText.replace("trusted-types 'none'", 'trusted-types page') : policyText,
  };
}

/**
 * @param {string} dist the folder of the installed package's scripts
 * @param {Record<string, string>} data further texts that a page can ask for
 */
export async function openSite(dist, data) {
  const visits = new Map();
  const visitOf = (name) => {
    if (!visits.has(name)) visits.set(name, { loads: 0, posts: [], reported: [] });
    return visits.get(name);
  };
  const watchers = new Set();
  const changed = () => [...watchers].forEach((watcher) => watcher());
  const fileOf = (path) => {
    const [, folder, ...rest] = normalize(path).split('/');
    if (folder === 'dist') return join(dist, ...rest);
    return folder === 'page' ? join(own, ...rest) : null;
  };

  async function answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://site');
    const visit = searchParams.get('visit');
    const send = (status, headers = {}, body = '') => response.writeHead(status, { 'Cache-Control': 'no-store', ...headers }).end(body);
    if (pathname === '/') {
      const { html, policy } = pageOf(searchParams.get('kind'), searchParams.get('policy'));
      visitOf(visit).loads += 1;
      return send(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': `${policy}; report-uri /report?visit=${visit}` }, html);
    }
    if (pathname === '/idv' || pathname === '/shown') {
      const body = await json(request);
      if (pathname === '/idv') visitOf(visit).posts.push({ key: request.headers['idempotency-key'], body });
      else visitOf(visit).shown = body;
      changed();
      return send(204);
    }
    if (pathname === '/report') {
      const report = JSON.parse(await text(request))['csp-report'];
      visitOf(visit).reported.push(`${report['effective-directive']} ${report['blocked-uri']}`);
      changed();
      return send(204);
    }
    if (pathname in data) return send(200, { 'Content-Type': 'text/plain; charset=utf-8' }, data[pathname]);
    const file = fileOf(pathname);
    if (file === null) return send(204); // The icon.
    const headers = { 'Content-Type': `${types[extname(file)]}; charset=utf-8` };
    // A worker is bound by the policy that its own script came with.
    const policy = policies[searchParams.get('policy')]?.text('none');
    if (policy !== undefined) headers['Content-Security-Policy'] = `${policy}; report-uri /report?visit=${visit}`;
    return send(200, headers, readFileSync(file));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    visitOf,
    /** Resolves with the visit once it fulfils the condition; rejects with what there is when patience ends. */
    when: (name, condition, patienceMs) =>
      new Promise((resolve, reject) => {
        const end = (settle, value) => {
          clearTimeout(timer);
          watchers.delete(look);
          settle(value);
        };
        const look = () => condition(visitOf(name)) && end(resolve, visitOf(name));
        const give = () => end(reject, new Error(`It never came to that: ${JSON.stringify(visitOf(name))}`));
        const timer = setTimeout(give, patienceMs);
        watchers.add(look);
        look();
      }),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
