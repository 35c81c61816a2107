// Sentry with its offline transport, which also sends what an earlier page has left.
import { captureMessage, init, makeBrowserOfflineTransport, makeFetchTransport } from '@sentry/browser';

export function start({ endpoint }) {
  init({
    dsn: 'https://public@sentry.invalid/1',
    tunnel: endpoint,
    transport: makeBrowserOfflineTransport(makeFetchTransport),
    transportOptions: { flushAtStartup: true },
    sendClientReports: false,
  });
  return { complete: (id) => void captureMessage('completed', { level: 'info', extra: { link_session_id: id } }) };
}
