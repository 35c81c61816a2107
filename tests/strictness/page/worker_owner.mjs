// The page's own part: an address of a worker is a sink for Trusted Types, so it comes from the page's own policy.
const policy = globalThis.trustedTypes?.createPolicy('page', { createScriptURL: (url) => url });
const address = `/page/worker.mjs${location.search}`;
const worker = new Worker(policy?.createScriptURL(address) ?? address, { type: 'module' });
worker.onerror = (event) => globalThis.strict.fail(event.message ?? 'The worker did not start.');
