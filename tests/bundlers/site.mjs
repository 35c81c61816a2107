// A site on loopback with a policy, and a visit to it in Chromium: what was served, reported and complained of. It knows
// nothing of the tool that built the site.
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const patienceMs = 20_000;
const types = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript' };

/** The policy of the README; `trustedTypes` has the browser refuse every address of a script that is a bare string. */
export function policyOf({ wasm = true, trustedTypes = true, inline = false }) {
  const script = ["'self'", ...(inline ? ["'unsafe-inline'"] : []), ...(wasm ? ["'wasm-unsafe-eval'"] : [])];
  const directives = [`default-src 'self'`, `script-src ${script.join(' ')}`];
  if (trustedTypes) directives.push("require-trusted-types-for 'script'");
  return directives.join('; ');
}

/**
 * @param {(pathname: string) => Promise<Buffer | null>} read what a path holds; null is a 404
 * @param {{ page: string, worker: string }} policies each document and each worker is bound by the policy it came with
 * @param {(request: import('node:http').IncomingMessage) => number | { status: number, retryAfter: number }} answer the status with
 *   which a report is answered, and for how many seconds it asks not to be sent another
 */
export async function openSite(read, policies, answer = () => 204) {
  const reports = [];
  const violations = [];
  const scripts = new Map();
  const server = createServer(async (request, response) => {
    const { pathname, href } = new URL(request.url, 'http://site');
    const body = Buffer.concat(await request.toArray()).toString();
    if (pathname === '/idv') {
      const answered = answer(request);
      const { status, retryAfter } = typeof answered === 'number' ? { status: answered } : answered;
      reports.push({ method: request.method, key: request.headers['idempotency-key'], body: JSON.parse(body), status });
      response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }).end();
    } else if (pathname === '/violations') {
      const { 'effective-directive': directive, 'blocked-uri': blocked } = JSON.parse(body)['csp-report'];
      violations.push(`violation in the worker: ${directive} ${blocked}`);
      response.writeHead(204).end();
    } else if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
    } else {
      const content = await read(href.slice('http://site'.length));
      const type = types[/\.(\w+)$/.exec(pathname)?.[1] ?? 'html'] ?? 'application/octet-stream';
      // Nobody listens in the worker, so its policy reports to the site.
      const policy = request.headers['sec-fetch-dest'] === 'worker' ? `${policies.worker}; report-uri /violations` : policies.page;
      if (content !== null && type === types.js) scripts.set(pathname, content.toString());
      response.writeHead(content === null ? 404 : 200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(content ?? '');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    reports,
    violations,
    /** The text of each script that was served, by its path, in the order in which they were asked for. */
    scripts,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export const launch = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Opens the page, waits for what it shows, and leaves it: a report that is sent on leaving counts as well. */
export async function visit(browser, site, path) {
  const context = await browser.newContext();
  const complaints = [];
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error()}`));
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} at ${message.location().url.replace(site.url, '')}`);
  });
  await context.exposeBinding('noteViolation', (_source, violation) => complaints.push(`violation: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteViolation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  try {
    const tab = await context.newPage();
    await tab.goto(`${site.url}${path}`);
    const shown = await tab
      .locator('output:not(:empty)')
      .textContent({ timeout: patienceMs })
      .catch((error) => {
        throw new Error(`The page shows no result; ${JSON.stringify([...complaints, ...site.violations])}`, { cause: error });
      });
    await tab.close();
    return { ...JSON.parse(shown), complaints: [...complaints, ...site.violations] };
  } finally {
    await context.close();
  }
}
