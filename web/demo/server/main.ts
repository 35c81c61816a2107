/** Starts the demo from a command line: `server.mjs [--port N] [--data DIR]`. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDemo } from './server.ts';
import type { PlaidKeys } from './plaid.ts';

function keysFromEnvironment(): PlaidKeys | null {
  const { PLAID_CLIENT_ID: clientId, PLAID_SECRET: secret, PLAID_TEMPLATE_ID: templateId } = process.env;
  if (clientId && secret && templateId) return { clientId, secret, templateId };
  if (clientId || secret || templateId) {
    throw new Error('Set all of PLAID_CLIENT_ID, PLAID_SECRET and PLAID_TEMPLATE_ID, or none of them.');
  }
  return null;
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port takes a number from 0 to 65535, not ${text}.`);
  return port;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });
  const beside = fileURLToPath(new URL('../demo-data', import.meta.url));
  const data = values.data ?? process.env['LINKTRAIL_DEMO_DATA'] ?? beside;
  const port = portOf(values.port);
  const demo = await startDemo({ data, port, keys: keysFromEnvironment() });
  console.log(`The linktrail demo is at ${demo.url}`);
  console.log(
    demo.mode === 'stand-in'
      ? 'It plays with a stand-in for Plaid. Set PLAID_CLIENT_ID, PLAID_SECRET and PLAID_TEMPLATE_ID to use Plaid’s Sandbox.'
      : 'It uses Plaid’s own Link and Plaid’s Sandbox.',
  );
  console.log('Press Ctrl+C to stop.');
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    demo.close().catch(fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function fail(error: unknown): void {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(inUse ? 'This port is taken. Choose another with --port.' : error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

main().catch(fail);
