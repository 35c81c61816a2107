// Snowplow with POST, keepalive, and the page view at load that its own guide begins with.
import { newTracker, trackPageView, trackSelfDescribingEvent } from '@snowplow/browser-tracker';

export function start({ endpoint }) {
  const { origin, pathname } = new URL(endpoint);
  newTracker('scoreboard', origin, {
    appId: 'scoreboard',
    postPath: pathname,
    eventMethod: 'post',
    encodeBase64: false,
    keepalive: true,
    contexts: { webPage: false, session: false },
  });
  trackPageView();
  return {
    complete: (id) =>
      void trackSelfDescribingEvent({
        event: { schema: 'iglu:invalid.scoreboard/completed/jsonschema/1-0-0', data: { link_session_id: id } },
      }),
  };
}
