// What a million events leave behind: in the heap after a garbage collection, and in the linear memory of the core. Runs in Node and in
// a page, both started with `--expose-gc`.
import { opening, stepsOf } from './link_events.mjs';
import { turn } from './statistics.mjs';

const eventsPerSession = 1_000;

/** The linear memories of all cores that are started from now on, and how large each was then. */
export function watchMemories() {
  const memories = new Map();
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const result = await Reflect.apply(instantiate, WebAssembly, args);
    for (const value of Object.values((result.instance ?? result).exports)) {
      if (value instanceof WebAssembly.Memory) memories.set(value, value.buffer.byteLength);
    }
    return result;
  };
  return {
    memoryBytes: () => Math.max(...memories.values()),
    grownBytes: () => Math.max(...[...memories].map(([memory, atStart]) => memory.buffer.byteLength - atStart)),
    end: () => (WebAssembly.instantiate = instantiate),
  };
}

async function quietHeap(heapBytes) {
  for (let round = 0; round < 4; round++) {
    await turn();
    globalThis.gc();
  }
  return heapBytes();
}

/** The first tenth, before the count begins, fills what has a limit and warms up. */
export async function measureMillion({ createLinkTrail, endpoint, heapBytes, million }) {
  const { fetch } = globalThis;
  // A real backend would measure its own answers.
  globalThis.fetch = () => Promise.resolve(new Response(null, { status: 204 }));
  const watched = watchMemories();
  const trail = createLinkTrail({ endpoint });
  await trail.ready;
  const live = async (sessions) => {
    for (let left = sessions; left > 0; left--) {
      const id = `idv_Million${left}of${sessions}`;
      for (const [name, metadata] of [opening(id), ...stepsOf(id, eventsPerSession - 1)]) trail.handlers.onEvent(name, metadata);
      await trail.delivered(id);
    }
  };
  const sessions = million / eventsPerSession;
  await live(sessions / 10);
  const before = await quietHeap(heapBytes);
  const started = performance.now();
  await live(sessions);
  const elapsedMs = performance.now() - started;
  const heapGrowthBytes = (await quietHeap(heapBytes)) - before;
  trail.dispose();
  watched.end();
  globalThis.fetch = fetch;
  return { heapGrowthBytes, memoryGrowthBytes: watched.grownBytes(), memoryBytes: watched.memoryBytes(), millionSeconds: elapsedMs / 1_000 };
}
