// RudderStack with its plugins bundled and its configuration given, so that it asks nobody for them.
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';

export async function start({ endpoint }) {
  const analytics = new RudderAnalytics();
  const now = new Date().toISOString();
  const loaded = new Promise((resolve) => analytics.ready(resolve));
  analytics.load('scoreboardscoreboardscoreboa', endpoint, {
    logLevel: 'NONE',
    loadIntegration: false,
    getSourceConfig: () => ({
      source: {
        id: 'scoreboard',
        name: 'scoreboard',
        writeKey: 'scoreboardscoreboardscoreboa',
        workspaceId: 'scoreboard',
        enabled: true,
        updatedAt: now,
        connections: [],
        destinations: [],
        config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      },
      updatedAt: now,
    }),
  });
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  return { complete: (id) => analytics.track('completed', { link_session_id: id }) };
}
