// All that is measured in one process, in order. Runs in Node and in a page alike; what differs is handed in.
import { measureBurst, measureEvents } from './events.mjs';
import { measureMillion } from './memory.mjs';
import { measureSuccess } from './on_success.mjs';
import { measureRestore } from './restore.mjs';
import { measureStarts } from './starts.mjs';

/** How often; a million is named for what it is. */
const counts = { starts: 15, sessions: 200, pairs: 300, rounds: 15, million: 1_000_000 };

/**
 * @param given `entry` and `yoga` are the addresses of the modules, `endpoint` that of a backend which says 200, `openWorker` opens
 *   scripts/bench/start_worker.mjs, `heapBytes` tells the heap, `openPage` makes up a page where there is none
 */
export async function measure(given) {
  // First, while nothing of the module has been compiled in this process.
  const started = await measureStarts({ ...counts, ...given });
  const all = { ...counts, ...given, ...(await import(given.entry)) };
  const found = { ...started, ...(await measureEvents(all)), ...(await measureBurst(all)), ...(await measureSuccess(all)), ...(await measureMillion(all)) };
  await given.openPage?.();
  return { ...found, ...(await measureRestore(all)) };
}
