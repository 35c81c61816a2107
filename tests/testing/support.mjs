// What the tests of linktrail/testing share: the built package, and a page that notes what it is told.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const testing = await import('linktrail/testing');
export const { createPlaid, scenarios, applyFaults } = testing;
export const required = createRequire(import.meta.url)('linktrail/testing');

/** Time, name without its long first part, and step of each call, as one reads a play. */
export const brief = (calls, startedAt = Date.parse('2026-01-15T10:00:00Z')) =>
  calls.map(({ at: time, callback, args }) => {
    if (callback !== 'onEvent') return [time - startedAt, callback];
    const view = args[1]?.view_name;
    return [time - startedAt, String(args[0]).replace('IDENTITY_VERIFICATION_', ''), ...(view ? [view] : [])];
  });

/** A stand-in on a clock of the test's, and a config whose callbacks keep their arguments. */
export function world(options = {}, more = {}) {
  const uncaught = [];
  const warnings = [];
  const told = [];
  const plaid = createPlaid({
    clock: 'manual',
    onUncaught: (error) => uncaught.push(error),
    onWarning: (message) => warnings.push(message),
    ...options,
  });
  const note = (name) => function (...args) {
    told.push({ name, self: this, args });
  };
  const config = { token: 'link-sandbox-1', onSuccess: note('onSuccess'), onExit: note('onExit'), onEvent: note('onEvent'), ...more };
  const handler = plaid.create(config);
  return { plaid, config, handler, told, uncaught, warnings, note };
}
