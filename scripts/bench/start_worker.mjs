// Starts one core in a fresh thread: no module of it has been seen there before, and its compiled code was thrown away with the thread
// before it. Runs as a worker of Node and of a page.
const port = typeof postMessage === 'function' ? globalThis : (await import('node:worker_threads')).parentPort;
const say = (message) => port.postMessage(message);

const starts = {
  linktrail: async ({ createLinkTrail }, endpoint) => {
    const trail = createLinkTrail({ endpoint });
    await trail.ready;
    return () => trail.dispose();
  },
  yoga: async ({ loadYoga }) => {
    await loadYoga();
    return () => {};
  },
};

async function start({ name, address, endpoint }) {
  const began = performance.now();
  const module = await import(address);
  const imported = performance.now();
  const end = await starts[name](module, endpoint);
  const ready = performance.now();
  end();
  say({ importMs: imported - began, startMs: ready - imported });
}

const hear = (request) => start(request).catch((error) => say({ error: String(error.stack) }));
if (port === globalThis) port.onmessage = ({ data }) => hear(data);
else port.on('message', hear);
