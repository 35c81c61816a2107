// Amplitude as its published script, with its own recipe for a page that is left: the beacon transport, then a flush.
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
  addEventListener('pagehide', () => {
    amplitude.setTransport('beacon');
    amplitude.flush();
  });
  return { complete: (id) => void amplitude.track('completed', { link_session_id: id }).promise.catch(onError) };
}
