// The page under test. It reads from its own address which client delivers and with what options, and gives the laboratory
// one small handle, `window.lab`; it does what a page would do, and calls a client's handlers as Link would.
const query = new URL(location.href).searchParams;
const lab = { errors: [], restored: 0, calls: 0, undelivered: [], isReady: false };
window.lab = lab;

addEventListener('pageshow', (event) => {
  if (event.persisted) lab.restored++;
});

// A clock that is wrong, and can be set: engines let nobody change the time of day of one page.
const realNow = Date.now;
lab.clockOffsetMs = Number(query.get('clock') ?? 0);
if (query.has('clock')) Date.now = () => realNow.call(Date) + lab.clockOffsetMs;

/** Makes writing fail as a full or broken store does: `writes` go through before. */
lab.breakStorage = (writes) => {
  let left = writes;
  const refuse = (original) =>
    function (...args) {
      if (left-- > 0) return original.apply(this, args);
      throw new DOMException('The laboratory refuses this write.', 'QuotaExceededError');
    };
  Storage.prototype.setItem = refuse(Storage.prototype.setItem);
  IDBObjectStore.prototype.put = refuse(IDBObjectStore.prototype.put);
  IDBObjectStore.prototype.add = refuse(IDBObjectStore.prototype.add);
};
if (query.get('storage') === 'refuses') lab.breakStorage(0);

/** Fills localStorage to its last character, for real. Says how many characters it took. */
lab.fillStorage = () => {
  let taken = 0;
  for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) {
    for (let index = 0; index < 64; index++) {
      const key = `f${size.toString(36)}.${index}`;
      try {
        localStorage.setItem(key, 'x'.repeat(size));
        taken += size;
      } catch {
        break;
      }
    }
  }
  for (let index = 0; index < 64; index++) {
    try {
      localStorage.setItem(String.fromCharCode(33 + index), '');
    } catch {
      break;
    }
  }
  return taken;
};

let tokens = 0;
/** Two headers functions: one that never changes, one that gives a new token at every call. */
const headersOf = {
  none: undefined,
  fresh: () => ({ Authorization: `Bearer token-${++tokens}` }),
};

function linktrailOptions(more = {}) {
  const options = {
    endpoint: query.get('endpoint') ?? '/api/idv',
    onError: (error) => lab.errors.push(String(error?.stack ?? error)),
    onUndelivered: (receipt) => lab.undelivered.push(receipt),
    onSuccess: () => lab.calls++,
    ...more,
  };
  const headers = headersOf[query.get('headers') ?? 'none'];
  if (headers !== undefined) options.headers = headers;
  if (query.has('owner')) options.owner = query.get('owner');
  return options;
}

const event = (id, more = {}) => ({
  error_type: null,
  error_code: null,
  error_message: null,
  exit_status: null,
  institution_id: null,
  institution_name: null,
  institution_search_query: null,
  mfa_type: null,
  view_name: null,
  request_id: 'req-1',
  link_session_id: id,
  timestamp: new Date().toISOString(),
  ...more,
});
const success = (id) => ({ institution: null, accounts: [], link_session_id: id, transfer_status: null });

/** Wires a trail to what Link would call. */
lab.callsOf = (trail) => ({
  /** The end of a verification, as Link tells it: the outcome, then the hand-over. */
  complete(id) {
    trail.handlers.onEvent('IDENTITY_VERIFICATION_PASS_SESSION', event(id));
    trail.handlers.onEvent('HANDOFF', event(id));
    trail.handlers.onSuccess('public-sandbox-1', success(id));
  },
  begin(id) {
    trail.handlers.onEvent('OPEN', event(id));
    trail.handlers.onEvent('IDENTITY_VERIFICATION_START_STEP', event(id, { view_name: 'KYC_CHECK' }));
  },
  exit(id) {
    trail.handlers.onExit(null, { institution: null, link_session_id: id, request_id: 'req-1', status: null });
  },
});

async function linktrail() {
  const { createLinkTrail } = query.has('script') ? window.LinkTrail : await import('/dist/index.mjs');
  lab.createLinkTrail = createLinkTrail;
  lab.create = (more) => createLinkTrail(linktrailOptions(more));
  lab.trail = lab.create();
  Object.assign(lab, lab.callsOf(lab.trail));
  lab.receipt = async (id) => {
    // A receipt that is not settled yet is in the progress.
    const { delivery } = lab.trail.progress;
    return delivery !== null && delivery.linkSessionId === id ? delivery : null;
  };
}

/** Keys that linktrail has left behind, wherever it could write. */
lab.leftovers = async () => {
  const keys = [];
  for (const storage of [localStorage, sessionStorage]) {
    for (let index = 0; index < storage.length; index++) {
      if (storage.key(index).startsWith('linktrail/')) keys.push(storage.key(index));
    }
  }
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open('linktrail');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.transaction.abort();
  }).catch(() => null);
  if (database?.objectStoreNames.contains('records')) {
    const request = database.transaction('records').objectStore('records').getAllKeys();
    await new Promise((resolve) => (request.onsuccess = resolve));
    keys.push(...request.result.map((key) => `disk:${key}`));
  }
  database?.close();
  return keys;
};

/** Not at the top: browsers of 2020 have no `await` there. */
async function start() {
  const client = query.get('client') ?? 'linktrail';
  try {
    if (client === 'linktrail') await linktrail();
    else if (client !== 'none') {
      const { start: startClient } = await import(`/clients/${client}.js`);
      const { complete } = await startClient({
        endpoint: new URL(query.get('endpoint') ?? '/api/idv', location.href).href,
        onError: (error) => lab.errors.push(String(error)),
      });
      lab.complete = complete;
    }
  } catch (error) {
    lab.errors.push(String(error?.stack ?? error));
    // A client that cannot start has no way to be told of the session.
    lab.complete = () => undefined;
    lab.failedToStart = true;
  }
  lab.isReady = true;
}
void start();
