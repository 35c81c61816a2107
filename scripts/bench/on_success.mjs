// onSuccess beside a bare `fetch` of a body of the same size, in turns. Runs in Node and in a page.
import { median, turn } from './statistics.mjs';

const bodyOf = (id) => JSON.stringify({
  schema: 'linktrail.report.v1', idempotency_key: `${id}:completed:unknown`, link_session_id: id,
  id_source: 'onSuccess', flow: 'completed', outcome: 'unknown', occurred_at: '2026-01-15T10:00:00.000Z', steps: [],
  exit: null, client: { name: 'linktrail', version: '0.1.0' },
});

export async function measureSuccess({ createLinkTrail, endpoint, pairs }) {
  const trail = createLinkTrail({ endpoint });
  await trail.ready;
  const bareMs = [];
  const successMs = [];
  /** Both follow a session's first callback and its delivery, so that they find the page and its caches in one state. */
  const begin = async (id) => {
    trail.handlers.onEvent('IDENTITY_VERIFICATION_CREATE_SESSION', { link_session_id: id, timestamp: new Date().toISOString() });
    await trail.delivered(id);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const bare = async (index) => {
    const id = `idv_Bare${String(index).padStart(6, '0')}`;
    await begin(id);
    const body = bodyOf(id);
    const started = performance.now();
    const request = fetch(endpoint, {
      method: 'POST', body, keepalive: true, credentials: 'same-origin', redirect: 'manual',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `${id}:completed:unknown` },
    });
    bareMs.push(performance.now() - started);
    return request.then((response) => response.text());
  };
  /** Of a session that is under way: the callback that first tells of its completion. */
  const success = async (index) => {
    const id = `idv_Success${String(index).padStart(3, '0')}`;
    await begin(id);
    const started = performance.now();
    trail.handlers.onSuccess('', { link_session_id: id });
    successMs.push(performance.now() - started);
    return trail.delivered(id);
  };
  for (let index = 0; index < pairs; index++) {
    for (const run of index % 2 === 0 ? [bare, success] : [success, bare]) {
      await run(index);
      await turn();
    }
  }
  trail.dispose();
  return { bareMs: median(bareMs), successMs: median(successMs), successRatio: median(successMs) / median(bareMs) };
}
