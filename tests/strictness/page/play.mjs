// A verification as Link tells of it, followed to its delivery.
export async function play(createLinkTrail, { query, show, fail }) {
  try {
    const visit = query.get('visit');
    const calls = JSON.parse((await (await fetch('/calls.json')).text()).replace(/idv_AnySession/g, `idv_${visit}`));
    const errors = [];
    const trail = createLinkTrail({ endpoint: `/idv?visit=${visit}`, onError: (error) => errors.push(String(error)) });
    for (const { cb, args } of calls) trail.handlers[cb](...args);
    const engine = await trail.ready;
    const { state } = await trail.delivered(`idv_${visit}`);
    const { flow, outcome, steps } = trail.progress;
    await show({ engine, state, flow, outcome, steps, errors });
    trail.dispose();
  } catch (error) {
    await fail(error);
  }
}
