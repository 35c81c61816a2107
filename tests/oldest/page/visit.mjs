// A visit to Link, as a page would have it that uses every entry but the frameworks'.
import { followFunnel } from '/dist/analytics/index.mjs';
import { createLinkTrail } from '/dist/index.mjs';
import { createLinkDriver } from '/dist/link/index.mjs';
import { defineLinkTrailProgress } from '/dist/progress/index.mjs';
import { createRecorder } from '/dist/recorder/index.mjs';
import { createPlaid } from '/dist/testing/index.mjs';
import { defineLinkTrailTimeline } from '/dist/timeline/index.mjs';

const patienceMs = 10_000;

async function until(isSo) {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > patienceMs) throw new Error(`It never came to ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function show(tag, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  document.body.append(element);
  return element;
}

/** @returns what a person and a program saw of it */
export async function visit() {
  defineLinkTrailProgress();
  defineLinkTrailTimeline();
  const errors = [];
  addEventListener('error', ({ message }) => errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  const trail = createLinkTrail({ endpoint: '/idv', owner: 'ada', onError: (error) => errors.push(String(error)) });
  const facts = [];
  followFunnel(trail, ({ name }) => facts.push(name));
  const recorder = createRecorder(trail);
  const plaid = createPlaid({ scenario: 'happy-path', clock: 'manual' });
  window.Plaid = plaid;
  const driver = createLinkDriver({ trail, fetchLinkToken: async () => 'link-sandbox-1' });
  const progress = show('linktrail-progress', { trail });
  const opened = driver.open();
  await until(() => driver.state === 'open');
  await plaid.finish();
  const { kind } = await opened;
  const receipt = await trail.delivered();
  await until(() => trail.progress.verdict === 'success');
  const said = progress.shadowRoot.querySelector('[aria-live]');
  await until(() => said.textContent !== '');
  const engine = await trail.ready;
  const timeline = show('linktrail-timeline', { recording: recorder.recording() });
  const seen = {
    engine,
    kind,
    state: receipt.state,
    attempts: receipt.attempts,
    headline: progress.shadowRoot.querySelector('[part=headline]').textContent,
    steps: trail.progress.steps.map(({ viewName, status }) => `${viewName} ${status}`),
    rows: progress.shadowRoot.querySelectorAll('li').length,
    said: said.textContent,
    drawn: timeline.shadowRoot.querySelectorAll('button').length > 5,
    facts,
    errors,
  };
  trail.dispose();
  return seen;
}

/** Whether a trail that has ended still hears of the page's life: it would be kept in memory for as long as the page. */
export async function listenersLeft() {
  const listening = new Map();
  for (const target of [window, document]) {
    const { addEventListener: add, removeEventListener: remove } = target;
    target.addEventListener = (type, listener, ...more) => {
      listening.set(listener, type);
      return add.call(target, type, listener, ...more);
    };
    target.removeEventListener = (type, listener, ...more) => {
      listening.delete(listener);
      return remove.call(target, type, listener, ...more);
    };
  }
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const during = listening.size;
  trail.dispose();
  return { during, after: [...listening.values()] };
}
