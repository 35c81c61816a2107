// A page for the driver's hands, in Node: script tags that a test lets load or fail, time that a test moves, and a Link that does
// nothing by itself.
import { openBrowser } from '../web/fake_page.mjs';

const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

/** `setTimeout` and both clocks, moved by `advance`. */
export function createClock() {
  const clock = { ms: 0 };
  let timers = [];
  let last = 0;
  define('setTimeout', (callback, delayMs = 0) => {
    timers.push({ id: ++last, at: clock.ms + delayMs, callback });
    return last;
  });
  define('clearTimeout', (id) => (timers = timers.filter((timer) => timer.id !== id)));
  Date.now = () => Date.UTC(2026, 0, 15, 10) + clock.ms;
  performance.now = () => clock.ms;
  /** What promises have left to do. */
  clock.settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  clock.advance = async (ms) => {
    const end = clock.ms + ms;
    await clock.settle();
    for (;;) {
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (due === undefined) break;
      timers = timers.filter((timer) => timer !== due);
      clock.ms = Math.max(clock.ms, due.at);
      due.callback();
      await clock.settle();
    }
    clock.ms = end;
  };
  return clock;
}

/** A document that can hold script tags; nothing is fetched. */
export function openPage({ readyState = 'complete', fetched = [] } = {}) {
  const browser = openBrowser();
  const scripts = [];
  const page = {
    browser,
    scripts,
    handlers: [],
    /** What Plaid's script does when it runs. */
    runScript() {
      browser.window.Plaid = { create: (config) => page.create(config) };
    },
    create(config) {
      const handler = { config, calls: [], open: () => handler.calls.push('open'), exit: (options) => handler.calls.push('exit', options) };
      handler.destroy = () => handler.calls.push('destroy');
      page.handlers.push(handler);
      return handler;
    },
    addTag(src, type = '') {
      const tag = Object.assign(new EventTarget(), { src, type, remove: () => scripts.splice(scripts.indexOf(tag), 1) });
      scripts.push(tag);
      return tag;
    },
    load(tag = scripts.at(-1)) {
      page.runScript();
      tag.dispatchEvent(new Event('load'));
    },
    fail(tag = scripts.at(-1)) {
      tag.dispatchEvent(new Event('error'));
    },
  };
  Object.assign(browser.document, {
    readyState,
    scripts,
    createElement: () => Object.assign(new EventTarget(), { src: '', type: '', remove() { scripts.splice(scripts.indexOf(this), 1); } }),
    head: { append: (tag) => scripts.push(tag) },
  });
  performance.getEntriesByName = (name) => fetched.filter((src) => src === name);
  return page;
}
