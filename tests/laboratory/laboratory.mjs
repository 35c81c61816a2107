// Runs a scenario once, in one browser with one client, and says what came of it.
import { mkdirSync, rmSync } from 'node:fs';
import { launchChromium } from './engines/chromium.mjs';
import { launchFirefox } from './engines/firefox.mjs';
import { CannotExpress, until } from './engines/protocol.mjs';
import { launchWebkit } from './engines/webkit.mjs';
import { startServer } from './server.mjs';

/** How to start each engine. */
export const engines = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit };

/** linktrail as a client of the laboratory, beside which others may stand. */
export const linktrail = {
  name: 'linktrail',
  title: 'linktrail',
  package: null,
  keyOf: (arrival) => arrival.key,
};

let sites = 0;
/** A loopback address that no run has had before: no storage, no lock, no process and no connection is shared. */
function freshSite() {
  sites += 1;
  return `127.1.${Math.floor(sites / 250)}.${1 + (sites % 250)}`;
}

let ids = 0;
const freshId = () => `idv_Lab${process.pid.toString(36)}x${(++ids).toString(36)}x${Date.now().toString(36)}`;

/**
 * @typedef {object} Outcome
 * @property {number} delivered how many sessions the backend has
 * @property {number} of how many there were
 * @property {number | null} ms the time that the scenario measures
 * @property {string[]} notes
 * @property {string[]} broken promises that were broken, as sentences
 * @property {string | null} cannot why the engine cannot express the scenario
 */

/**
 * A browser that stays open for many runs.
 *
 * @param {(options: { profile: string }) => Promise<object>} launch one of `engines`
 * @param {string} folder for its profile; emptied at the start
 */
export async function openLaboratory(launch, folder) {
  const profiles = [];
  const freshProfile = () => {
    const profile = `${folder}/profile-${profiles.length}`;
    rmSync(profile, { recursive: true, force: true });
    mkdirSync(profile, { recursive: true });
    profiles.push(profile);
    return profile;
  };
  let engine = await launch({ profile: freshProfile() });

  async function runOnce(scenario, client, patienceMs) {
    // What kills a browser must not kill one that others use.
    const own = scenario.ownBrowser === true ? await launch({ profile: freshProfile() }) : engine;
    const server = await startServer({ host: freshSite() });
    const world = createWorld(own, server, client, patienceMs);
    try {
      const { ms = null, ids: sessions, forgotten = [] } = await scenario.run(world);
      if (client === linktrail) checkAlways(world, [...sessions, ...forgotten]);
      const delivered = sessions.filter((id) => server.deliveredAt(id) !== null).length;
      const isWhole = delivered === sessions.length;
      return { delivered, of: sessions.length, ms: isWhole ? ms : null, notes: world.notes, broken: world.broken, cannot: null };
    } catch (error) {
      if (!(error instanceof CannotExpress)) throw error;
      return { delivered: 0, of: 0, ms: null, notes: [], broken: [], cannot: error.message };
    } finally {
      await world.closeTabs();
      server.close();
      if (own !== engine) await own.close();
    }
  }

  return {
    name: engine.name,
    version: engine.version,
    /** @returns {Promise<Outcome>} */
    async run(scenario, { client = linktrail, patienceMs = 30_000 } = {}) {
      const reason = scenario.cannot?.[engine.name.toLowerCase()];
      if (reason !== undefined) return { delivered: 0, of: 0, ms: null, notes: [], broken: [], cannot: reason };
      return runOnce(scenario, client, patienceMs);
    },
    /** Another browser, where one has come to an end. */
    async reopen() {
      await engine.close().catch(() => undefined);
      engine = await launch({ profile: freshProfile() });
    },
    async close() {
      await engine.close();
      for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** What every run of linktrail must keep to. */
function checkAlways(world, sessions) {
  for (const { key, body, ids: named } of world.server.arrivals) {
    const posted = JSON.parse(body);
    world.check(posted.idempotency_key === key, 'The header and the body carry the same key.');
    world.check(named.length === 1 && sessions.includes(named[0]), 'A report names one session that this run began.');
  }
}

function createWorld(engine, server, client, patienceMs) {
  const tabs = new Set();
  let visits = 0;
  const notes = [];
  const broken = [];

  const world = {
    engine,
    server,
    client,
    patienceMs,
    notes,
    broken,
    id: freshId,
    isLinktrail: client === linktrail,
    /** A promise that must hold, as a sentence; a broken one is kept. */
    check(holds, sentence) {
      if (!holds && !broken.includes(sentence)) broken.push(sentence);
    },
    note(text) {
      if (!notes.includes(text)) notes.push(text);
    },
    url(options = {}) {
      const query = new URLSearchParams({ client: client.name, ...options });
      return `${server.urls.page}/page?${query}`;
    },
    elsewhere: () => `${server.urls.other}/elsewhere`,
    /** Opens the page under test and waits until its script has run. */
    async open(options = {}) {
      const visit = String(++visits);
      const tab = await engine.open(world.url({ ...options, visit }));
      tabs.add(tab);
      await world.ready(tab, visit);
      return tab;
    },
    async visit(tab, options = {}) {
      const visit = String(++visits);
      await tab.navigate(world.url({ ...options, visit }));
      await world.ready(tab, visit);
    },
    /** Waits until the page runs: the one of that visit, or any. */
    async ready(tab, visit = '') {
      const isThere = `location.pathname === "/page" && location.search.endsWith("&visit=${visit}")`;
      const isAny = 'location.pathname === "/page"';
      await until('the page runs', async () => {
        try {
          return await tab.evaluate(`${visit === '' ? isAny : isThere} && window.lab?.isReady === true`);
        } catch {
          return false; // It is between two documents.
        }
      });
    },
    /** Leaves the page for one of another origin, in the same tab, and waits until that is there. */
    async leave(tab) {
      await tab.navigate(world.elsewhere());
      await until('the other page is there', async () => {
        try {
          return await tab.evaluate('document.title === "elsewhere"');
        } catch {
          return false;
        }
      });
    },
    async closeTab(tab) {
      tabs.delete(tab);
      await tab.close();
    },
    async crashTab(tab) {
      await tab.crash();
    },
    complete: (tab, id) => tab.evaluate(`void lab.complete(${JSON.stringify(id)})`),
    /** When the page was last asked for: what a return is measured from. */
    openedAt: () => server.others.findLast(({ path }) => path === '/page').at,
    /** Waits until the backend has the session. */
    delivered: (id, within = patienceMs) => server.when(() => server.deliveredAt(id), within),
    /** Waits for the first request with the session, which some clients send only after a while. */
    attempted: (id, within = 8_000) => server.when(() => server.of(id).length > 0, within),
    /** Waits until a condition holds in the page. */
    inPage: (tab, what, expression) => until(what, () => tab.evaluate(expression), patienceMs),
    /** From the first request to the delivery. */
    fromFirst(id) {
      const at = server.deliveredAt(id);
      return at === null ? null : at - server.of(id)[0].at;
    },
    fromOpening(id) {
      const at = server.deliveredAt(id);
      return at === null ? null : at - world.openedAt();
    },
    keys: (id) => new Set(server.of(id).map((arrival) => client.keyOf(arrival))),
    /** Waits until linktrail's core runs, as it does long before a verification ends. */
    async settled(tab) {
      if (client === linktrail) await tab.evaluate('lab.trail.ready');
    },
    /** Waits until linktrail has its database, too. */
    async databaseIsOpen(tab) {
      if (client !== linktrail) return;
      const isOpen = "indexedDB.databases().then((all) => all.some(({ name }) => name === 'linktrail'))";
      await until('the database is there', () => tab.evaluate(isOpen));
    },
    /** Makes sure that the next request goes over a connection that was used before. */
    async warm(tab) {
      await tab.evaluate("fetch('/warm').then((answer) => answer.text())");
    },
    /** The server is well again; what an ended page still sent has arrived before. */
    async endOutage(behaviour = {}) {
      await server.quiet(150);
      server.answer(behaviour);
    },
    async closeTabs() {
      for (const tab of tabs) await tab.close().catch(() => undefined);
    },
  };
  return world;
}
