import { createLinkTrail } from 'linktrail';

/** A whole session as Link ends it: reported, and what became of the report. */
export async function play(linkSessionId) {
  const trail = createLinkTrail({ endpoint: '/idv' });
  trail.handlers.onSuccess('', { link_session_id: linkSessionId });
  const { state } = await trail.delivered(linkSessionId);
  return { engine: await trail.ready, state };
}
