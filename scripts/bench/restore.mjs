// The records of a page that is gone, taken over by the next: from `createLinkTrail` until the core knows all of them and those that
// may be are on their way. Runs in a page, and in Node inside the page that the tests make up.
import { median, turn } from './statistics.mjs';

const records = 50;

/** Resolves when IndexedDB holds that many texts; at once where there is none. */
async function onDisk(count) {
  if (typeof indexedDB !== 'object') return turn();
  const request = (opened) => new Promise((resolve, reject) => {
    opened.onsuccess = () => resolve(opened.result);
    opened.onerror = () => reject(opened.error);
  });
  const database = await request(indexedDB.open('linktrail', 1));
  while ((await request(database.transaction('records').objectStore('records').count())) !== count) await turn();
  database.close();
}

/** A page that has heard of fifty completions and ends before the first answer. */
async function leave({ createLinkTrail, endpoint }, round) {
  const trail = createLinkTrail({ endpoint });
  await trail.ready;
  for (let index = 0; index < records; index++) trail.handlers.onSuccess('', { link_session_id: `idv_Left${round}x${index}` });
  await turn();
  trail.dispose();
  await onDisk(records);
}

async function takeOver({ createLinkTrail, portOf, endpoint }) {
  const started = performance.now();
  const trail = createLinkTrail({ endpoint });
  const known = new Set();
  const elapsedMs = await new Promise((resolve) => {
    portOf(trail).observers.add((event) => {
      const { type, records: found } = JSON.parse(event);
      if (type !== 'records_found') return;
      const heardMs = performance.now() - started;
      for (const { key } of found) known.add(key);
      if (known.size >= records) resolve(heardMs);
    });
  });
  trail.forget();
  await turn();
  trail.dispose();
  await onDisk(0);
  return elapsedMs;
}

export async function measureRestore({ rounds, ...given }) {
  const { fetch } = globalThis;
  globalThis.fetch = () => new Promise(() => {});
  const elapsed = [];
  for (let round = 0; round < rounds; round++) {
    await leave(given, round);
    elapsed.push(await takeOver(given));
  }
  globalThis.fetch = fetch;
  return { restoreMs: median(elapsed) };
}
