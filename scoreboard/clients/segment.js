// Segment's analytics-next with its settings given, so that it asks nobody for them.
import { AnalyticsBrowser } from '@segment/analytics-next';

export async function start({ endpoint, onError }) {
  const { protocol, host, pathname } = new URL(endpoint);
  const analytics = AnalyticsBrowser.load({
    writeKey: 'scoreboard',
    cdnSettings: {
      integrations: { 'Segment.io': { apiKey: 'scoreboard', apiHost: `${host}${pathname}`, protocol: protocol.slice(0, -1) } },
    },
  });
  // With a storage that refuses it is never ready; a page would go on without.
  await Promise.race([analytics.ready().catch(onError), new Promise((go) => setTimeout(go, 3_000))]);
  return { complete: (id) => void analytics.track('completed', { link_session_id: id }).catch(onError) };
}
