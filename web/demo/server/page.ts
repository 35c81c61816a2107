/** The files of the demo page and the headers they are served with. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ServerResponse } from 'node:http';

export type Mode = 'stand-in' | 'sandbox';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Pages that are not asked for by the name of their file. */
const addresses: Readonly<Record<string, string>> = { '/index.html': '/', '/react.html': '/react', '/vue.html': '/vue' };

const plaidScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
const standInTag = '<script src="/link/link-initialize.js"></script>';

/** What the page may load. With Plaid's own Link it is what Plaid documents, on top of what the page needs itself. */
export function contentSecurityPolicy(mode: Mode): string {
  if (mode === 'stand-in') {
    return (
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
      "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
  }
  return (
    `default-src https://cdn.plaid.com/; script-src 'self' 'wasm-unsafe-eval' ${plaidScript}; ` +
    // Plaid's script sets styles on elements, for which no nonce can be given.
    "style-src 'self' 'unsafe-inline'; frame-src https://cdn.plaid.com/; " +
    "connect-src 'self' https://sandbox.plaid.com https://production.plaid.com/; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  );
}

export function securityHeaders(mode: Mode): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(mode),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': mode === 'stand-in' ? 'same-origin' : 'same-origin-allow-popups',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Plaid's document and selfie steps need the camera inside Plaid's frame; nothing else needs anything.
    'Permissions-Policy':
      mode === 'stand-in'
        ? 'camera=(), microphone=(), geolocation=()'
        : 'camera=(self "https://cdn.plaid.com" "https://secure.plaid.com" "https://verify.plaid.com"), geolocation=()',
  };
}

export interface PageFiles {
  has(path: string): boolean;
  send(response: ServerResponse, path: string, headOnly: boolean): void;
}

/** With Plaid's own Link the stand-in goes, and linktrail's driver loads Plaid's script when it is first wanted. */
function markup(bytes: Buffer, mode: Mode): Buffer {
  return mode === 'stand-in' ? bytes : Buffer.from(bytes.toString('utf8').replace(standInTag, ''));
}

/** Reads the folder once: only what is in it now can ever be asked for. */
export function loadPage(folder: string, mode: Mode): PageFiles {
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const address = addresses[path] ?? path;
    const type = types[entry.name.slice(entry.name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    const bytes = readFileSync(file);
    files.set(address, { bytes: path.endsWith('.html') ? markup(bytes, mode) : bytes, type });
  }
  return {
    has: (path) => files.has(path),
    send(response, path, headOnly) {
      const file = files.get(path);
      if (file === undefined) return;
      response.writeHead(200, {
        'Content-Type': file.type,
        'Content-Length': file.bytes.length,
        'Cache-Control': 'no-cache',
      });
      response.end(headOnly ? undefined : file.bytes);
    },
  };
}
