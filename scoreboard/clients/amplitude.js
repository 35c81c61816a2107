// Amplitude as its published script, with a flush when the page is left. The beacon transport of its own recipe is left out:
// a beacon counts as delivered as soon as it is queued, which loses the report in every outage.
import '@amplitude/analytics-browser/lib/scripts/amplitude-min.js';

export async function start({ endpoint, onError }) {
  const { amplitude } = globalThis;
  const started = amplitude.init('scoreboard', 'person', {
    serverUrl: endpoint,
    autocapture: false,
    fetchRemoteConfig: false,
    remoteConfig: { fetchRemoteConfig: false },
    logLevel: 0,
  });
  await Promise.race([started.promise, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  addEventListener('pagehide', () => void amplitude.flush());
  return { complete: (id) => void amplitude.track('completed', { link_session_id: id }).promise.catch(onError) };
}
