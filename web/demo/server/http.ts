/** The small part of HTTP that the demo needs: problems as JSON, bodies with a limit, answers with headers. */

import type { IncomingMessage, ServerResponse } from 'node:http';

export const bodyBytesMax = 64 * 1024;

/** An answer that is a refusal. Thrown by handlers, turned into `{"error":{"code","message"}}` in one place. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text);
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  sendJson(response, problem.status, { error: { code: problem.code, message: problem.message } }, problem.headers);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = (): Problem =>
    // The rest of the body is not read, so the connection cannot be used again.
    new Problem(413, 'too_large', `The body is larger than ${bodyBytesMax} bytes.`, { Connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Problem(400, 'unreadable_body', 'The body could not be read.');
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON: 415 for another content type, 413 beyond the limit, 400 for what is not JSON in UTF-8. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem(415, 'not_json_type', 'Send the body as Content-Type: application/json.');
  }
  const bytes = await readBody(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, 'not_json', 'The body is not JSON in UTF-8.');
  }
}

/** One value of a header that must not come twice. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
