// How long a core takes to be ready, beside yoga-layout: a WebAssembly module with embind glue, much used, of about our size. Each start
// has a worker of its own, in turns. Runs in Node and in a page.
import { median } from './statistics.mjs';

/** @param openWorker of Node or of the page: `{ ask(request): Promise<answer>, end(): Promise<void> }` */
async function startOnce(openWorker, request) {
  const worker = openWorker();
  const answer = await worker.ask(request);
  await worker.end();
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

export async function measureStarts({ openWorker, entry, yoga, endpoint, starts }) {
  const ours = [];
  const theirs = [];
  for (let index = 0; index < starts; index++) {
    const runs = [
      async () => ours.push(await startOnce(openWorker, { name: 'linktrail', address: entry, endpoint })),
      async () => theirs.push(await startOnce(openWorker, { name: 'yoga', address: yoga, endpoint })),
    ];
    for (const run of index % 2 === 0 ? runs : runs.reverse()) await run();
  }
  const whole = ({ importMs, startMs }) => importMs + startMs;
  const found = {
    readyMs: median(ours.map(({ startMs }) => startMs)),
    importedReadyMs: median(ours.map(whole)),
    yogaMs: median(theirs.map(whole)),
  };
  return { ...found, readyRatio: found.readyMs / found.yogaMs, importedReadyRatio: found.importedReadyMs / found.yogaMs };
}
