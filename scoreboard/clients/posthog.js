// PostHog without the features that would ask its maker for configuration.
import posthog from 'posthog-js';

export function start({ endpoint }) {
  posthog.init('phc_scoreboard', {
    api_host: endpoint,
    autocapture: false,
    capture_pageview: false,
    capture_pageleave: false,
    disable_session_recording: true,
    disable_surveys: true,
    disable_external_dependency_loading: true,
    disable_compression: true,
    advanced_disable_flags: true,
    opt_out_useragent_filter: true,
  });
  return { complete: (id) => void posthog.capture('completed', { link_session_id: id }) };
}
