// The clients on the scoreboard: what to call them, where their version stands, and which field tells two copies apart.
import { linktrail } from '../tests/laboratory/laboratory.mjs';

const field = (name) => {
  const pattern = new RegExp(`\\\\?"${name}\\\\?"\\s*:\\s*\\\\?"([^"\\\\]+)`);
  return ({ body }) => pattern.exec(body)?.[1] ?? null;
};

/** Snowplow sends several events at once: the one with the session in it counts. */
function snowplowEventId({ body }) {
  try {
    return JSON.parse(body).data.find((event) => JSON.stringify(event).includes('idv_'))?.eid ?? null;
  } catch {
    return null;
  }
}

/** @typedef {{ name: string, title: string, package: string | null, keyOf: (arrival: { body: string }) => string | null }} Client */

export const ours = linktrail;

/** @type {Client[]} */
export const peers = [
  { name: 'plain', title: 'plain fetch, as in idv-quickstart', package: null, keyOf: () => null },
  { name: 'sentry', title: 'Sentry, offline transport', package: '@sentry/browser', keyOf: field('event_id') },
  { name: 'segment', title: 'Segment', package: '@segment/analytics-next', keyOf: field('messageId') },
  { name: 'snowplow', title: 'Snowplow', package: '@snowplow/browser-tracker', keyOf: snowplowEventId },
  { name: 'otel', title: 'OpenTelemetry', package: '@opentelemetry/exporter-trace-otlp-http', keyOf: field('spanId') },
  { name: 'posthog', title: 'PostHog', package: 'posthog-js', keyOf: field('uuid') },
  { name: 'amplitude', title: 'Amplitude', package: '@amplitude/analytics-browser', keyOf: field('insert_id') },
  { name: 'rudderstack', title: 'RudderStack', package: '@rudderstack/analytics-js', keyOf: field('messageId') },
];
