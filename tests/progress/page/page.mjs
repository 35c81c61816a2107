// A customer's page with a trail, an element and a Link that is played step by step. What a test may do is on `window`; what a
// person would see, and hear, is read from the element.
const violations = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => violations.push(`${effectiveDirective} ${blockedURI}`));

// The element waits a moment before it speaks; here a test says when the moment has passed.
const settleMs = 300;
const unsettled = new Map();
const { setTimeout: startTimer, clearTimeout: stopTimer } = window;
window.setTimeout = (action, ms, ...args) => {
  if (ms !== settleMs) return startTimer(action, ms, ...args);
  const timer = { action };
  unsettled.set(timer, action);
  return timer;
};
window.clearTimeout = (timer) => (unsettled.delete(timer) ? undefined : stopTimer(timer));

// Safari before 16.4 has no sheets that can be constructed.
if (new URL(location).searchParams.has('old')) delete CSSStyleSheet.prototype.replaceSync;

const spoken = [];
const visible = (node) => node !== null && !node.hidden && node.textContent !== '' ? node.textContent : null;

/** What stands in the element, in the order in which it is read. */
function read(element) {
  const root = element.shadowRoot;
  const part = (name, within = root) => visible(within.querySelector(`[part=${name}]`));
  const row = (item) => {
    const note = part('note', item);
    const current = item.getAttribute('aria-current') === 'step' ? '> ' : '';
    return `${current}${part('name', item)}: ${part('status', item)}${note === null ? '' : ` (${note})`}`;
  };
  return {
    headline: part('headline'),
    detail: part('detail'),
    count: root.querySelector('[part=meter]').hidden ? null : part('count'),
    steps: [...root.querySelectorAll('li')].map(row),
    more: part('more'),
  };
}

/** Lets the moment pass, and gives what was said. */
function settle() {
  const due = [...unsettled.values()];
  unsettled.clear();
  for (const action of due) action();
  // A mutation is told in a microtask, and by then the whole announcement stands.
  return new Promise((resolve) => startTimer(() => resolve(spoken.splice(0)), 0));
}

/** Hears what a live region says: text that is added. */
function listen(element) {
  const region = element.shadowRoot.querySelector('[aria-live=polite]');
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) spoken.push(node.textContent);
  }).observe(region, { childList: true, subtree: true, characterData: true });
}

function place(attributes = {}) {
  const element = document.createElement('linktrail-progress');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.querySelector('main').append(element);
  return element;
}

const [{ createLinkTrail, idleProgress }, progress, { createPlaid }] = await Promise.all([
  import('/dist/index.mjs'),
  import('/dist/progress/index.mjs'),
  import('/dist/testing/index.mjs'),
]);

const define = () => progress.defineLinkTrailProgress();

/** Plays a scenario from Link's first word to its last, and gives each thing that was to be seen and heard, in order. */
async function play(scenario, attributes) {
  define();
  const trail = createLinkTrail({ endpoint: '/idv' });
  await trail.ready;
  const element = place(attributes);
  element.trail = trail;
  listen(element);
  await settle();
  const course = [{ shown: read(element), said: [] }];
  const plaid = createPlaid({ scenario, clock: 'manual' });
  plaid.create({ token: 'link-sandbox-1', ...trail.handlers }).open();
  while ((await plaid.next()) !== null) {
    const said = await settle();
    const shown = read(element);
    if (said.length > 0 || JSON.stringify(shown) !== JSON.stringify(course.at(-1).shown)) course.push({ shown, said });
  }
  window.element = element;
  window.trail = trail;
  return course;
}

/** One moment of a session, written down. */
function moment({ steps = '', ...changes } = {}) {
  const rows = steps.split(' ').filter((text) => text !== '').map((text) => text.split(':'));
  return {
    ...idleProgress,
    steps: rows.map(([viewName, status]) => ({ viewName, status, attempts: 1, startedAt: null, endedAt: null })),
    currentStep: rows.find(([, status]) => status === 'active')?.[0] ?? null,
    ...changes,
  };
}

/** Shows one moment of a session that was written down. */
async function show(changes, attributes = {}, labels = null) {
  define();
  const element = place(attributes);
  element.labels = labels;
  element.progress = moment(changes);
  listen(element);
  await settle();
  window.element = element;
  return read(element);
}

Object.assign(window, { progress, createLinkTrail, createPlaid, define, play, show, moment, place, read, settle, listen, violations });
document.title = 'ready';
