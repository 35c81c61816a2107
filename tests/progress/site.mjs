// A customer's site with the installed tarball, under a policy that allows neither an inline style nor a string as markup.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';

const types = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript' };

const policyOf = (styles) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src ${styles}; connect-src 'self'; img-src 'self'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";

/** Of no text at all. */
export const hashOfNothing = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

const pageOf = (lang, script) =>
  `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Verification</title>` +
  `<script type="module" src="${script}"></script><body><main></main>`;

/**
 * `/<lang>` is a page in that language, with `?hash` under a policy that allows styles without text. Reports are taken at `/idv`.
 *
 * @param {{ installed: string }} packed
 * @param {Record<string, string>} files further pages and scripts by path
 */
export async function openSite({ installed }, files = {}) {
  const read = (path) => {
    if (path in files) return files[path];
    if (path === '/page.mjs') return readFileSync(new URL('page/page.mjs', import.meta.url), 'utf8');
    if (/^\/[a-z-]*$/.test(path)) return pageOf(path.slice(1), '/page.mjs');
    if (path.startsWith('/dist/')) return readFileSync(join(installed, normalize(path)), 'utf8');
    return undefined;
  };
  const server = createServer(async (request, response) => {
    await request.resume().toArray();
    const { pathname, searchParams } = new URL(request.url, 'http://site');
    const policy = policyOf(searchParams.has('hash') ? `'self' ${hashOfNothing}` : "'self'");
    const content = request.method === 'GET' ? read(pathname) : undefined;
    const type = types[/\.(\w+)$/.exec(pathname)?.[1] ?? 'html'];
    if (content === undefined) return void response.writeHead(pathname === '/idv' || pathname === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
