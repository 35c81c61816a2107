// Measures in a page, and posts what it found.
import { measure } from './measure.mjs';

function openWorker() {
  const worker = new Worker('/scripts/bench/start_worker.mjs', { type: 'module' });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(request);
      }),
    end: async () => worker.terminate(),
  };
}

const found = await measure({
  entry: '/dist/index.mjs',
  yoga: '/build/bench/yoga.mjs',
  endpoint: '/idv',
  openWorker,
  starts: 40, // The first of them while the browser itself is still starting.
  heapBytes: () => performance.memory.usedJSHeapSize,
}).catch((error) => ({ error: String(error.stack) }));
await fetch('/found', { method: 'POST', body: JSON.stringify(found) });
