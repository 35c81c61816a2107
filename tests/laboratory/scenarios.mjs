// The situations in which a report could be lost, each as a small play between a page, a browser and a server. A scenario
// gives the sessions it began and the time it measured; what must hold on the way it checks itself.

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title
 * @property {string} [short] a few words for a picture
 * @property {string} measured what its time means
 * @property {number} [targetMs] the median must not be above it
 * @property {boolean} [forAll] other clients can play it, too
 * @property {boolean} [ownBrowser] it kills the browser
 * @property {boolean} [long] only in the laboratory, not in `npm test`
 * @property {boolean} [veryLong] only when it is asked for
 * @property {false} [promised] nobody can promise that it is delivered; the table only tells
 * @property {number} [runsMax]
 * @property {Record<string, string>} [cannot] engines that cannot express it, and why
 * @property {(world: any) => Promise<{ ids: string[], forgotten?: string[], ms?: number | null }>} run the sessions that are to be
 *   delivered, and those that were begun and need not be
 */

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const dead = { reset: 'before' };

const fromFirst = 'from the first request';
const fromReturn = 'from the request for the page that is opened again';
const fromCall = 'from the callback';

/** Every repetition came no earlier than it was allowed to; `floorOf` gives that in this process's time. */
function checkFloors(world, id, floorOf, sentence) {
  const arrivals = world.server.of(id);
  for (const [index, arrival] of arrivals.entries()) {
    const before = arrivals[index - 1];
    if (before === undefined) continue;
    const floor = floorOf(before);
    if (floor === null) continue;
    world.check(arrival.at >= floor, sentence);
    if (arrival.at < floor) world.note(`asked again ${((floor - arrival.at) / 1000).toFixed(1)} s too early`);
  }
}

function checkOneKey(world, id) {
  const keys = world.keys(id);
  world.check(keys.size === 1 && !keys.has(null), 'Every copy of the report carries the same key.');
}

/** In the page, a callback of Link; then the server's first sight of it. */
async function completeInOutage(world, tab, id) {
  world.server.answer(dead);
  await world.complete(tab, id);
  await world.attempted(id);
}

async function retried(world, id, behaviours, options = {}) {
  const tab = await world.open(options);
  if (options.policy !== 'no-storage') await world.warm(tab);
  world.server.follow(...behaviours);
  await world.complete(tab, id);
  await world.delivered(id);
  return tab;
}

const core = [
  {
    name: 'S1',
    short: '503 twice',
    title: '503 twice, then 200',
    measured: fromFirst,
    targetMs: 2_000,
    forAll: true,
    async run(world) {
      const id = world.id();
      await retried(world, id, [{ status: 503 }, { status: 503 }]);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'S2',
    short: '429, Retry-After',
    title: '429 with `Retry-After: 3` twice, then 200',
    measured: fromFirst,
    forAll: true,
    async run(world) {
      const id = world.id();
      const limited = { status: 429, retryAfter: '3' };
      await retried(world, id, [limited, limited]);
      checkFloors(world, id, ({ answeredAt }) => answeredAt + 3_000, 'Nothing is sent before Retry-After has passed.');
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'S3',
    short: 'connection reset',
    title: 'connection reset twice, then 200',
    measured: fromFirst,
    targetMs: 500,
    forAll: true,
    async run(world) {
      const id = world.id();
      await retried(world, id, [dead, dead]);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'S4',
    short: 'tab closed at once',
    title: 'tab closed 50 ms after the callback; other origin, preflight answered 400 ms after the tab is gone',
    measured: fromCall,
    forAll: true,
    async run(world) {
      const id = world.id();
      // However long a busy machine takes to close a tab, the preflight is answered when the tab has been gone for a while.
      let open;
      world.server.delayPreflights(400, new Promise((resolve) => (open = resolve)));
      const options = { endpoint: `${world.server.urls.other}/api/idv` };
      const tab = await world.open(options);
      await world.settled(tab);
      const calledAt = performance.now();
      await world.complete(tab, id);
      await pause(50);
      await world.closeTab(tab);
      open();
      const inFlight = await world.delivered(id, 5_000);
      world.check(inFlight !== undefined, 'The request outlives the tab.');
      world.note(inFlight === undefined ? 'not in flight' : 'in flight');
      if (inFlight !== undefined) return { ids: [id], ms: inFlight - calledAt };
      await world.open(options);
      if ((await world.delivered(id)) !== undefined) world.note('on return');
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'S5',
    short: 'outage, page left',
    title: 'outage, page left, page opened again',
    measured: fromReturn,
    targetMs: 500,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await completeInOutage(world, tab, id);
      await world.leave(tab);
      await world.endOutage();
      await world.visit(tab);
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'S6',
    short: 'outage, tab crash',
    title: 'outage, tab crash, page opened again',
    measured: fromReturn,
    targetMs: 500,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await completeInOutage(world, tab, id);
      await world.crashTab(tab);
      await world.endOutage();
      await world.open();
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'S7',
    short: 'two tabs, both closed',
    title: 'two tabs in an outage, both closed, one opened',
    measured: fromReturn,
    targetMs: 1_000,
    forAll: true,
    async run(world) {
      const ids = [world.id(), world.id()];
      const tabs = [await world.open(), await world.open()];
      for (const [index, id] of ids.entries()) await completeInOutage(world, tabs[index], id);
      for (const tab of tabs) await world.closeTab(tab);
      await world.endOutage();
      await world.open();
      await world.server.when(() => ids.every((id) => world.server.deliveredAt(id) !== null), world.patienceMs);
      for (const id of ids) checkOneKey(world, id);
      return { ids, ms: Math.max(...ids.map((id) => world.fromOpening(id) ?? Infinity)) };
    },
  },
  {
    name: 'S8',
    short: 'answer lost',
    title: 'the server processed it, the answer was lost',
    measured: fromFirst,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await world.warm(tab);
      world.server.follow({ reset: 'after' });
      await world.complete(tab, id);
      await world.server.when(() => world.server.processed(id).length > 1, Math.min(world.patienceMs, 30_000));
      const copies = world.server.processed(id).length;
      const keys = world.keys(id);
      world.check(keys.size === 1 && !keys.has(null), 'All copies are one logical delivery, by their key.');
      world.note(`${copies} ${copies === 1 ? 'copy' : 'copies'}, ${keys.has(null) ? 'no key' : `${keys.size} ${keys.size === 1 ? 'key' : 'keys'}`}`);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'S9',
    short: 'storage refuses',
    title: 'storage refuses every write; connection reset twice',
    measured: fromFirst,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await retried(world, id, [dead, dead], { storage: 'refuses' });
      if (world.isLinktrail) {
        const { state, durability } = await tab.evaluate(`lab.trail.delivered("${id}")`);
        world.check(state === 'delivered', 'The receipt says that it was delivered.');
        world.check(durability === 'memory', 'The receipt says that it was in memory only.');
        world.note(`durability reported: ${durability}`);
      }
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'S10',
    short: 'crash in redelivery',
    title: 'outage, page left, opened again, tab crash in the middle of the redelivery, opened again',
    measured: fromReturn,
    targetMs: 500,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await completeInOutage(world, tab, id);
      await world.leave(tab);
      await world.endOutage({ hang: true });
      const seen = world.server.of(id).length;
      await world.visit(tab);
      await world.server.when(() => world.server.of(id).length > seen, 15_000);
      await world.crashTab(tab);
      await world.endOutage();
      await world.open();
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
];

/**
 * The whole browser is killed some time after the callback, with the request under way, and started again. What comes to the
 * disk within the first milliseconds nobody can promise, so there the table only tells.
 */
const killed = (delayMs, more) => ({
  name: `killed-${delayMs}`,
  title: `whole browser killed ${delayMs} ms after the callback, request under way; started again on the same profile`,
  measured: fromReturn,
  ownBrowser: true,
  ...more,
  async run(world) {
    const id = world.id();
    world.server.answer({ hang: true });
    const tab = await world.open();
    await world.settled(tab);
    await world.databaseIsOpen(tab);
    await world.complete(tab, id);
    await pause(delayMs);
    await world.engine.kill();
    world.server.answer({});
    await world.engine.restart();
    await world.open();
    await world.delivered(id, 15_000);
    return { ids: [id], ms: world.fromOpening(id) };
  },
});

const outage = (seconds, more) => ({
  name: `outage-${seconds}`,
  title: `nobody listens for ${seconds < 60 ? `${seconds} s` : `${seconds / 60} minutes`}; the page stays open`,
  measured: 'from the return of the server',
  ...more,
  async run(world) {
    const id = world.id();
    const tab = await world.open();
    // The outage is the endpoint's: a core that cannot be loaded is another scenario.
    if (world.isLinktrail) await tab.evaluate('lab.trail.ready');
    world.server.down();
    await world.complete(tab, id);
    await pause(seconds * 1_000);
    await world.server.up();
    const upAt = performance.now();
    const at = await world.delivered(id, Math.max(world.patienceMs, seconds * 6_000));
    if (world.isLinktrail && at !== undefined) {
      const { attempts } = await tab.evaluate(`lab.trail.delivered("${id}")`);
      world.note(`${attempts} attempts`);
      checkOneKey(world, id);
    }
    return { ids: [id], ms: at === undefined ? null : at - upAt };
  },
});

const beyond = [
  {
    name: 'reset-visible',
    title: 'connection reset twice, each time on a fresh connection, so that the browser repeats nothing by itself',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      world.server.follow(dead, dead);
      await world.complete(tab, id);
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'login-redirect',
    short: 'login expired',
    title: 'the login has expired: 302 to a page that answers 200',
    measured: fromFirst,
    forAll: true,
    async run(world) {
      const id = world.id();
      await retried(world, id, [{ redirect: '/login' }], { headers: 'fresh' });
      const visits = world.server.others.filter(({ path }) => path === '/login').length;
      world.check(visits === 0, 'A redirect is not followed.');
      checkOneKey(world, id);
      const tokens = world.server.of(id).map(({ headers }) => headers.authorization);
      if (world.isLinktrail) world.check(tokens[0] !== tokens.at(-1), 'The headers are asked for again after a redirect.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 're-authorised',
    title: '401 until the page gives a new token',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      let stale;
      world.server.answer(({ headers }) => {
        stale ??= headers.authorization;
        return headers.authorization === stale ? { status: 401 } : {};
      });
      await retried(world, id, [], { headers: 'fresh' });
      world.check(world.server.of(id).length === 2, 'The second request carries a new token.');
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'refused',
    title: '422: kept, told, and sent again on `flush()`',
    measured: 'from `flush()`',
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      world.server.follow({ status: 422 });
      await world.complete(tab, id);
      await world.inPage(tab, 'the page was told', 'lab.undelivered.length > 0');
      const { state, lastStatus } = await tab.evaluate('lab.undelivered[0]');
      world.check(state === 'refused' && lastStatus === 422, 'A refusal is told to the page with its status.');
      const at = performance.now();
      await tab.evaluate('lab.trail.flush()');
      const deliveredAt = await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: deliveredAt === undefined ? null : deliveredAt - at };
    },
  },
  {
    name: 'retry-after-date',
    short: 'Retry-After as a date',
    title: '503 with `Retry-After` as a date 3 s ahead, then 200',
    measured: fromFirst,
    forAll: true,
    async run(world) {
      const id = world.id();
      const dates = [];
      const tab = await world.open();
      // A date has whole seconds: the server's own reading of it is the floor.
      const wall = performance.now() - Date.now();
      world.server.answer((arrival) => {
        if (!arrival.ids.includes(id) || dates.length > 0) return {};
        const date = new Date(Math.ceil((Date.now() + 3_000) / 1_000) * 1_000);
        dates.push(date.getTime() + wall);
        return { status: 503, retryAfter: date.toUTCString() };
      });
      await world.complete(tab, id);
      await world.delivered(id);
      checkFloors(world, id, ({ behaviour }) => (behaviour.status === 503 ? dates[0] : null), 'Nothing is sent before the date in Retry-After.');
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'retry-after-reload',
    title: '503 with `Retry-After: 2`, told before the core had come; page left and opened again at once',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      world.server.follow({ status: 503, retryAfter: '2' });
      await world.complete(tab, id);
      await world.inPage(tab, 'the answer is there', 'lab.trail.progress.delivery?.lastStatus === 503');
      await world.leave(tab);
      await world.visit(tab);
      await world.delivered(id);
      checkFloors(world, id, ({ answeredAt }) => answeredAt + 2_000, 'Nothing is sent before Retry-After has passed.');
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'journal-left-over',
    title: 'told before the core had come, delivered, page left at once and opened again twice',
    measured: fromCall,
    async run(world) {
      const id = world.id();
      const later = world.id();
      const tab = await world.open();
      const calledAt = performance.now();
      await world.complete(tab, id);
      const at = await world.delivered(id);
      await world.leave(tab);
      for (const _ of [1, 2]) {
        await world.visit(tab);
        await world.settled(tab);
      }
      await world.complete(tab, later);
      await world.delivered(later);
      checkOneKey(world, id);
      return { ids: [id, later], ms: at === undefined ? null : at - calledAt };
    },
  },
  killed(0, { long: true, promised: false }),
  killed(10, { long: true, promised: false }),
  killed(50, { long: true }),
  killed(200),
  killed(2_000, { forAll: true, short: 'browser killed' }),
  {
    name: 'back-forward',
    title: 'outage, page left, the server returns, back through the history',
    measured: 'from `history.back()`',
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await completeInOutage(world, tab, id);
      await world.leave(tab);
      await world.endOutage();
      const backAt = performance.now();
      await tab.back();
      const at = await world.delivered(id);
      await world.ready(tab);
      const isRestored = (await tab.evaluate('lab.restored')) > 0;
      world.note(isRestored ? 'restored from the cache' : 'loaded anew');
      checkOneKey(world, id);
      return { ids: [id], ms: at === undefined ? null : at - backAt };
    },
  },
  {
    name: 'back-forward-idle',
    title: 'nothing waits, page left, back through the history, then the callback',
    measured: fromCall,
    async run(world) {
      const first = world.id();
      const id = world.id();
      const tab = await world.open();
      await world.complete(tab, first);
      await world.delivered(first);
      await world.inPage(tab, 'the page knows', 'lab.trail.progress.delivery?.state === "delivered"');
      // A held lock keeps a page out of the cache; it goes when the record's last copy is gone from the disk.
      await world.inPage(tab, 'nothing is held', 'navigator.locks.query().then(({ held }) => held.length === 0)');
      await world.leave(tab);
      await tab.back();
      await world.ready(tab);
      const isRestored = (await tab.evaluate('lab.restored')) > 0;
      world.note(isRestored ? 'restored from the cache' : 'loaded anew');
      world.check(isRestored, 'With nothing to deliver, the page stays eligible for the back/forward cache.');
      const calledAt = performance.now();
      await world.complete(tab, id);
      const at = await world.delivered(id);
      return { ids: [first, id], ms: at === undefined ? null : at - calledAt };
    },
  },
  {
    name: 'offline',
    short: 'offline for 3 s',
    title: 'the browser goes offline, the callback comes, the browser comes back',
    measured: 'from coming back',
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await tab.offline(true);
      await world.complete(tab, id);
      await world.inPage(tab, 'the page is offline', 'navigator.onLine === false');
      await pause(3_000);
      world.check(world.server.of(id).length === 0, 'Nothing gets out while the browser is offline.');
      const onlineAt = performance.now();
      await tab.offline(false);
      const at = await world.delivered(id);
      return { ids: [id], ms: at === undefined ? null : at - onlineAt };
    },
  },
  {
    name: 'frozen',
    title: 'the page is frozen while a repetition is due, and resumed',
    measured: 'from the resumption',
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await completeInOutage(world, tab, id);
      await tab.frozen(true);
      await world.endOutage();
      await pause(2_000);
      const resumedAt = performance.now();
      await tab.frozen(false);
      const at = await world.delivered(id);
      return { ids: [id], ms: at === undefined ? null : at - resumedAt };
    },
  },
  outage(20, { long: true, runsMax: 3, forAll: true, short: '20 s outage' }),
  outage(300, { long: true, runsMax: 1, veryLong: true }),
  {
    name: 'quota',
    short: 'storage full, tab closed',
    title: 'localStorage is filled to the last character; outage, tab closed, page opened again',
    measured: fromReturn,
    targetMs: 500,
    forAll: true,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      const taken = await tab.evaluate('lab.fillStorage()');
      world.check(taken > 1_000_000, 'The quota was really reached.');
      await completeInOutage(world, tab, id);
      if (world.isLinktrail) {
        await world.inPage(tab, 'it is on the disk', 'lab.trail.progress.delivery?.durability === "disk"').catch(() =>
          world.check(false, 'A full localStorage leaves the copy on the disk, and the receipt says so.'),
        );
      }
      await world.closeTab(tab);
      await world.endOutage();
      await world.open();
      await world.delivered(id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'between-two-writes',
    title: 'the first write succeeds, every later one fails; connection reset three times; opened again',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const later = world.id();
      const tab = await world.open();
      await tab.evaluate('lab.breakStorage(1)');
      world.server.follow(dead, dead, dead);
      await world.complete(tab, id);
      await world.delivered(id);
      await world.inPage(tab, 'the page knows', 'lab.trail.progress.delivery?.state === "delivered"');
      const sent = world.server.of(id).length;
      await world.visit(tab);
      await world.complete(tab, later);
      await world.delivered(later);
      await world.inPage(tab, 'nothing is left', '(async () => (await lab.leftovers()).length === 0)()');
      world.check(world.server.of(id).length === sent, 'What was delivered is not sent again by the next page.');
      checkOneKey(world, id);
      return { ids: [id, later], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'blocked',
    title: 'the engine blocks all storage and all locks (a document without an origin); connection reset twice',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const options = { policy: 'no-storage', endpoint: `${world.server.urls.page}/api/idv` };
      const tab = await world.open(options);
      const isBlocked = await tab.evaluate('(() => { try { return !localStorage; } catch { return true; } })()');
      world.check(isBlocked, 'Storage is really blocked.');
      world.server.follow(dead, dead);
      await world.complete(tab, id);
      await world.delivered(id);
      const { durability } = await tab.evaluate(`lab.trail.delivered("${id}")`);
      world.check(durability === 'memory', 'The receipt says that it was in memory only.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'owner',
    title: "A's record while B is signed in, then A again",
    measured: fromReturn,
    async run(world) {
      const [ofA, ofB, ofBLater] = [world.id(), world.id(), world.id()];
      const tab = await world.open({ owner: 'user-a' });
      await completeInOutage(world, tab, ofA);
      await world.leave(tab);
      await world.endOutage();
      const before = world.server.of(ofA).length;
      await world.visit(tab, { owner: 'user-b' });
      await world.complete(tab, ofB);
      await world.delivered(ofB);
      // B's page has read both places by now; a second look at them must not send it either.
      await tab.evaluate('lab.trail.flush()');
      await world.inPage(tab, "B's records are gone and A's is there", '(async () => (await lab.leftovers()).every((key) => key.includes("/")))()');
      await world.complete(tab, ofBLater);
      await world.delivered(ofBLater);
      world.check(world.server.of(ofA).length === before, "A's record is never sent while B is signed in.");
      await world.leave(tab);
      await world.visit(tab, { owner: 'user-a' });
      await world.delivered(ofA);
      checkOneKey(world, ofA);
      return { ids: [ofA, ofB, ofBLater], ms: world.fromOpening(ofA) };
    },
  },
  {
    name: 'engine-late',
    title: 'the chunk with the core comes 2 s late; the callback comes before',
    measured: fromCall,
    async run(world) {
      const id = world.id();
      world.server.breakFile('/dist/core.mjs', { delayMs: 2_000 });
      const tab = await world.open();
      const calledAt = performance.now();
      await world.complete(tab, id);
      const at = await world.delivered(id);
      return { ids: [id], ms: at === undefined ? null : at - calledAt };
    },
  },
  {
    name: 'engine-hangs',
    title: 'the request for the chunk with the core is never answered; the page stays open',
    measured: fromCall,
    async run(world) {
      const id = world.id();
      world.server.breakFile('/dist/core.mjs', { hang: true });
      const tab = await world.open();
      const calledAt = performance.now();
      await world.complete(tab, id);
      const at = await world.delivered(id);
      return { ids: [id], ms: at === undefined ? null : at - calledAt };
    },
  },
  {
    name: 'engine-too-late',
    title: 'the tab crashes before the core has come; page opened again',
    measured: fromReturn,
    async run(world) {
      const id = world.id();
      world.server.breakFile('/dist/core.mjs', { hang: true });
      const tab = await world.open();
      await world.complete(tab, id);
      await world.crashTab(tab);
      world.server.breakFile('/dist/core.mjs');
      await world.open();
      await world.delivered(id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'engine-never',
    title: 'neither engine can be loaded; page left; opened again when both can',
    measured: fromReturn,
    async run(world) {
      const id = world.id();
      for (const file of ['core', 'core-js']) world.server.breakFile(`/dist/${file}.mjs`, { status: 404 });
      const tab = await world.open();
      await world.complete(tab, id);
      await world.inPage(tab, 'the failure is told', 'lab.errors.length > 0');
      await world.leave(tab);
      for (const file of ['core', 'core-js']) world.server.breakFile(`/dist/${file}.mjs`);
      await world.visit(tab);
      await world.delivered(id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'no-wasm-chunk',
    title: 'the chunk with the WebAssembly is missing: JavaScript takes its place',
    measured: fromCall,
    async run(world) {
      const id = world.id();
      world.server.breakFile('/dist/core.mjs', { status: 404 });
      const tab = await world.open();
      const calledAt = performance.now();
      await world.complete(tab, id);
      const at = await world.delivered(id);
      world.check((await tab.evaluate('lab.trail.ready')) === 'js', 'The other engine runs.');
      return { ids: [id], ms: at === undefined ? null : at - calledAt };
    },
  },
  {
    name: 'verdict',
    title: 'a 503, then answers that say `active`, and at last `success`',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const says = (word) => ({ body: JSON.stringify({ identity_verification_status: word }) });
      const tab = await world.open();
      world.server.follow({ status: 503 }, says('active'), says('active'), says('success'));
      await world.complete(tab, id);
      await world.inPage(tab, 'the verdict is there', 'lab.trail.progress.verdict === "success"');
      checkOneKey(world, id);
      const times = world.server.of(id).map(({ at }) => at);
      world.check(times.length === 4, 'Nobody asks once it is decided.');
      world.check(times[2] - times[1] >= 1_000 && times[3] - times[2] >= 2_000, 'Nobody asks before a second, then two, have passed.');
      const { state, attempts } = JSON.parse(await tab.evaluate('JSON.stringify(lab.trail.progress.delivery)'));
      world.check(state === 'delivered' && attempts === 2, 'To ask changes no receipt.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'answer-hangs',
    title: 'the body of the answer begins and never ends',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      world.server.answer({ body: 'hangs' });
      await world.complete(tab, id);
      await world.inPage(tab, 'the receipt is there', 'lab.trail.progress.delivery?.state === "delivered"');
      world.check((await tab.evaluate('localStorage.length')) === 0, 'The record goes with the status line.');
      world.check((await tab.evaluate('lab.trail.progress.verdict')) === null, 'What was not said is no verdict.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'answer-huge',
    title: 'the body of the answer has 100 MB',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      world.server.follow({ body: 'huge' });
      await world.complete(tab, id);
      await world.inPage(tab, 'the receipt is there', 'lab.trail.progress.delivery?.state === "delivered"');
      const given = await world.server.when(() => world.server.of(id)[0]?.isClosed, world.patienceMs);
      const taken = world.server.of(id)[0].pouredBytes;
      // WebKit 2.50 fetches the answer to a `keepalive` request to its end, whether its body is cancelled or it is aborted itself.
      const canStop = world.engine.name !== 'WebKit';
      world.check(given === true && (taken < 50e6 || !canStop), 'An answer that is too long is given up.');
      world.note(taken < 50e6 ? 'given up' : 'fetched to its end');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'wasm-refused',
    title: "the page's policy refuses WebAssembly; 503 twice",
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await retried(world, id, [{ status: 503 }, { status: 503 }], { policy: 'no-wasm' });
      world.check((await tab.evaluate('lab.trail.ready')) === 'js', 'The other engine runs.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'script-tag',
    title: 'the script build, 503 twice',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await retried(world, id, [{ status: 503 }, { status: 503 }], { script: '' });
      world.check((await tab.evaluate('lab.trail.ready')) === 'wasm', 'The core runs as WebAssembly.');
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  ...[
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ].map(([direction, offset]) => ({
    name: `clock-${direction}`,
    title: `the clock jumps a day ${direction} while \`Retry-After: 2\` holds`,
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open({ clock: '0' });
      world.server.follow({ status: 503, retryAfter: '2' });
      await world.complete(tab, id);
      await world.inPage(tab, 'the answer is there', 'lab.trail.progress.delivery?.lastStatus === 503');
      await tab.evaluate(`void (lab.clockOffsetMs = ${offset})`);
      await world.delivered(id);
      checkFloors(world, id, ({ answeredAt }) => answeredAt + 2_000, 'Nothing is sent before Retry-After has passed.');
      checkOneKey(world, id);
      const ms = world.fromFirst(id);
      world.check(ms !== null && ms < 5_000, 'A clock that jumps delays nothing.');
      return { ids: [id], ms };
    },
  })),
  {
    name: 'clock-set-back',
    title: 'the next page opens with a clock a day behind, while `Retry-After: 2` holds',
    measured: fromReturn,
    async run(world) {
      const id = world.id();
      const tab = await world.open({ clock: '0' });
      world.server.follow({ status: 503, retryAfter: '2' });
      await world.complete(tab, id);
      await world.inPage(tab, 'the answer is there', 'lab.trail.progress.delivery?.lastStatus === 503');
      await world.leave(tab);
      await world.visit(tab, { clock: '-86400000' });
      await world.delivered(id);
      checkFloors(world, id, ({ answeredAt }) => answeredAt + 2_000, 'Nothing is sent before Retry-After has passed.');
      const ms = world.fromOpening(id);
      world.check(ms !== null && ms < 5_000, 'A clock set back delays nothing but by Retry-After itself.');
      return { ids: [id], ms };
    },
  },
  {
    name: 'two-copies',
    title: 'two copies of the package in one page, both told; connection reset twice',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open({ script: '' });
      await tab.evaluate(`(async () => {
        const { createLinkTrail } = await import('/dist/index.mjs');
        lab.other = lab.callsOf(createLinkTrail({ endpoint: '/api/idv' }));
      })()`);
      world.server.follow(dead, dead);
      await tab.evaluate(`(lab.complete("${id}"), lab.other.complete("${id}"))`);
      await world.delivered(id);
      checkOneKey(world, id);
      world.note(`${world.server.of(id).length} requests`);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'two-trails',
    title: 'two trails in one page, both told, 503 once',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await tab.evaluate('void (lab.other = lab.callsOf(lab.create()))');
      world.server.follow({ status: 503 });
      await tab.evaluate(`(lab.complete("${id}"), lab.other.complete("${id}"))`);
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'two-tabs',
    title: 'one session told in two tabs during an outage, both closed, one opened',
    measured: fromReturn,
    async run(world) {
      const id = world.id();
      const tabs = [await world.open(), await world.open()];
      world.server.answer(dead);
      for (const tab of tabs) await world.complete(tab, id);
      await world.attempted(id);
      for (const tab of tabs) await world.closeTab(tab);
      await world.endOutage();
      const tab = await world.open();
      await world.delivered(id);
      await world.inPage(tab, 'nothing is left', '(async () => (await lab.leftovers()).length === 0)()');
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'quiet-tab',
    title: 'ten sessions told in one of two tabs, nothing wrong: each report is sent once',
    measured: fromFirst,
    async run(world) {
      const ids = Array.from({ length: 10 }, () => world.id());
      const [quiet, tab] = [await world.open(), await world.open()];
      for (const each of [quiet, tab]) await world.settled(each);
      for (const id of ids) {
        await tab.evaluate(`lab.begin(${JSON.stringify(id)})`);
        await pause(120);
        await world.complete(tab, id);
        await world.delivered(id);
      }
      // The other tab looks a second after what it heard.
      await pause(1_500);
      const counts = ids.map((id) => world.server.of(id).length);
      world.check(counts.every((count) => count === 2), `Each report is sent once, not ${counts.map((count) => count / 2).join()} times.`);
      return { ids, ms: world.fromFirst(ids[0]) };
    },
  },
  {
    name: 'forget-two-tabs',
    title: 'signed out in one of two tabs during an outage: the other forgets as well, then works on',
    measured: fromFirst,
    async run(world) {
      const [forgotten, next] = [world.id(), world.id()];
      const tabs = [await world.open(), await world.open()];
      await completeInOutage(world, tabs[1], forgotten);
      await tabs[0].evaluate('lab.trail.ready.then(() => lab.trail.forget())');
      await world.inPage(tabs[1], 'the other tab has forgotten', "lab.trail.progress.flow === 'idle'");
      await world.inPage(tabs[1], 'nothing is left', '(async () => (await lab.leftovers()).length === 0)()');
      const before = world.server.of(forgotten).length;
      await world.endOutage();
      await tabs[1].evaluate('lab.trail.flush()');
      await world.complete(tabs[1], next);
      await world.delivered(next);
      world.check(world.server.of(forgotten).length === before, 'What was forgotten in one tab is sent by none.');
      return { ids: [next], forgotten: [forgotten], ms: world.fromFirst(next) };
    },
  },
  {
    name: 'strict-mode',
    title: 'create, dispose, create, as React does; connection reset twice',
    measured: fromFirst,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await tab.evaluate('void (lab.trail.dispose(), lab.trail = lab.create(), Object.assign(lab, lab.callsOf(lab.trail)))');
      world.server.follow(dead, dead);
      await world.complete(tab, id);
      await world.delivered(id);
      checkOneKey(world, id);
      world.check((await tab.evaluate('lab.calls')) === 1, "The page's own callback runs once.");
      return { ids: [id], ms: world.fromFirst(id) };
    },
  },
  {
    name: 'disposed-handlers',
    title: 'Link still calls the handlers of a disposed trail during an outage; page opened again',
    measured: fromReturn,
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      await tab.evaluate('void (lab.trail.dispose(), lab.trail = lab.create())');
      await completeInOutage(world, tab, id);
      await world.leave(tab);
      await world.endOutage();
      await world.visit(tab);
      await world.delivered(id);
      checkOneKey(world, id);
      return { ids: [id], ms: world.fromOpening(id) };
    },
  },
  {
    name: 'whole-session',
    title: 'begin, exit, resume, complete, each report met by a 503 first',
    measured: 'from the first request to the completed report',
    async run(world) {
      const id = world.id();
      const tab = await world.open();
      const refusedOnce = new Set();
      world.server.answer(({ key }) => {
        if (refusedOnce.has(key)) return {};
        refusedOnce.add(key);
        return { status: 503 };
      });
      for (const step of ['begin', 'exit', 'complete']) {
        await tab.evaluate(`void lab.${step}("${id}")`);
      }
      const completed = () => world.server.processed(id).find(({ body }) => JSON.parse(body).flow === 'completed');
      const found = await world.server.when(completed, world.patienceMs);
      const order = world.server.processed(id).map(({ body }) => JSON.parse(body).flow);
      world.check(order.at(-1) === 'completed', 'Nothing weaker follows the completed report.');
      return { ids: [id], ms: found === undefined ? null : found.answeredAt - world.server.of(id)[0].at };
    },
  },
];

/** @type {readonly Scenario[]} */
export const scenarios = [...core, ...beyond.map((scenario) => ({ runsMax: 5, ...scenario }))];
