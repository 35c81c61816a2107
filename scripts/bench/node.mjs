// Measures in Node: `measureInNode` starts this very file as a process of its own, with `--expose-gc`, which answers by message.
import { fork } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { at } from '../repository.mjs';
import { CommandFailed } from '../run_command.mjs';
import { measure } from './measure.mjs';

const script = fileURLToPath(import.meta.url);
const addressOf = (path) => pathToFileURL(path).href;

function openWorker() {
  const worker = new Worker(at('scripts', 'bench', 'start_worker.mjs'));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
        worker.postMessage(request);
      }),
    end: () => worker.terminate(),
  };
}

/** Node has no storage of a page, so records are restored from the one that the tests make up: the shim and the core, without a disk. */
async function openPage() {
  const { openBrowser } = await import(addressOf(at('tests', 'web', 'fake_page.mjs')));
  openBrowser();
}

export async function measureInNode({ origin, yoga }) {
  const child = fork(script, { execArgv: ['--expose-gc'] });
  const found = new Promise((resolve) => child.once('message', resolve));
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve({ error: `Node ended with code ${code} before it had measured.` })));
  child.send({ endpoint: `${origin}/idv`, yoga: addressOf(yoga) });
  const result = await Promise.race([found, ended]);
  child.disconnect();
  await ended;
  if (result.error !== undefined) throw new CommandFailed(result.error);
  return result;
}

if (process.argv[1] === script && process.send !== undefined) {
  process.once('message', async (given) => {
    const heapBytes = () => process.memoryUsage().heapUsed;
    const entry = addressOf(at('dist', 'index.mjs'));
    process.send(await measure({ ...given, entry, openWorker, heapBytes, openPage }).catch((error) => ({ error: String(error.stack) })));
  });
}
