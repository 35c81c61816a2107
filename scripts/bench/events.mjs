// What one event costs, alone and as one of 10,000 without a pause, beside the same work by hand. Runs in Node and in a page.
import { opening, stepsOf, timeEach } from './link_events.mjs';
import { createPlainReducer } from './plain_reducer.mjs';
import { median, medianOfTens, quantile, turn } from './statistics.mjs';

const eventsPerSession = 20;
const burst = 10_000;

/**
 * Sessions of ordinary length, one after the other: those of a page that has just begun, and `sessions` more when three times as many have
 * warmed up.
 */
export async function measureEvents({ createLinkTrail, endpoint, sessions }) {
  const trail = createLinkTrail({ endpoint });
  await trail.ready;
  const firsts = [];
  const others = [];
  const cold = [];
  const [coldSessions, warmUp] = [sessions / 4, 3 * sessions];
  for (let index = 0; index < warmUp + sessions; index++) {
    const id = `idv_Bench${index}`;
    const [first] = timeEach(trail.handlers.onEvent, [opening(id)]);
    await trail.delivered(id);
    const costs = timeEach(trail.handlers.onEvent, stepsOf(id, eventsPerSession));
    if (index < coldSessions) cold.push(...costs);
    if (index >= warmUp) {
      firsts.push(first);
      others.push(...costs);
    }
    await turn();
  }
  trail.dispose();
  return { eventMs: medianOfTens(others), coldEventMs: medianOfTens(cold), eventMsP99: quantile(others, 0.99), firstEventMs: median(firsts) };
}

/** The last thousand as a multiple of the thousand behind the first ten. */
const growthOf = (costs) => medianOfTens(costs, costs.length - 1_000) / medianOfTens(costs, 10, 1_010);

function sameSteps(ours, theirs) {
  const shape = ({ steps }) => JSON.stringify(steps.map(({ viewName, status, attempts }) => [viewName, status, attempts]));
  return shape(ours) === shape(theirs) && ours.flow === theirs.flow && ours.currentStep === theirs.currentStep;
}

/** All within one session: its marks and steps are at their limits for most of it. */
export async function measureBurst({ createLinkTrail, endpoint }) {
  const trail = createLinkTrail({ endpoint });
  const plain = createPlainReducer(() => {});
  await trail.ready;
  const warmUp = stepsOf('idv_WarmUp', 2_000);
  for (const handler of [trail.handlers.onEvent, plain.onEvent]) timeEach(handler, warmUp);
  await trail.delivered('idv_WarmUp');
  const calls = [opening('idv_Burst'), ...stepsOf('idv_Burst', burst - 1)];
  const costs = timeEach(trail.handlers.onEvent, calls);
  const plainCosts = timeEach(plain.onEvent, calls);
  if (!sameSteps(trail.progress, plain.progress())) throw new Error('The reducer by hand came to other steps than linktrail.');
  await trail.delivered('idv_Burst');
  trail.dispose();
  return {
    burstMs: costs.reduce((sum, ms) => sum + ms, 0),
    burstGrowth: growthOf(costs),
    plainEventMs: plainCosts.reduce((sum, ms) => sum + ms, 0) / burst,
  };
}
