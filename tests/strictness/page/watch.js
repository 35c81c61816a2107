// Runs before everything else in a page or a worker: keeps each violation that the browser tells of, and can take
// WebAssembly away as Lockdown Mode does.
(() => {
  const query = new URL(location.href).searchParams;
  const violations = [];
  addEventListener('securitypolicyviolation', (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
  addEventListener('error', (event) => violations.push(`uncaught: ${event.message}`));
  addEventListener('unhandledrejection', (event) => violations.push(`unhandled: ${event.reason}`));
  if (query.get('lockdown') !== null) delete globalThis.WebAssembly;

  /** Breaks the policy on purpose, so that a test sees that what breaks it is told, and knows that nothing comes after. */
  const breakPolicy = () => fetch('http://127.0.0.2:9/marker').catch(() => undefined);

  globalThis.strict = {
    query,
    async show(found) {
      await breakPolicy();
      const body = JSON.stringify({ ...found, violations });
      await fetch(`/shown?visit=${query.get('visit')}`, { method: 'POST', body });
    },
    fail: (error) => globalThis.strict.show({ error: String(error?.stack ?? error) }),
  };
})();
