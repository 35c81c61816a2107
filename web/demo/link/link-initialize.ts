/** Sets `window.Plaid` as Plaid's own script does. It is served by the demo only, and only without Plaid's keys. */

import type { TestPlaid } from 'linktrail/testing';
import { createPlaidStandIn, randomRequestId, realClock } from './link.ts';
import { createOverlay } from './overlay.ts';
import { plaidLineOverHttp } from './protocol.ts';

declare global {
  interface Window {
    Plaid?: TestPlaid;
  }
}

window.Plaid = createPlaidStandIn({
  line: plaidLineOverHttp(''),
  clock: realClock,
  createScreen: createOverlay,
  // Slow enough to be read, short enough to be watched to the end.
  pace: { speed: 6, waitMaxMs: 2_200, finishesAlone: false },
  requestId: randomRequestId,
  warn: (message) => console.warn(message),
});
