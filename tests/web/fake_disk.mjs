// An IndexedDB of one database and one store, in Node, each of whose operations the test can make fail or keep waiting.

/** @returns what stands in for `indexedDB`: `texts` are what lies on it, `connections` what was opened */
export function createDisk() {
  const disk = {
    texts: new Map(),
    connections: [],
    /** Every transaction's options, in order. */
    durabilities: [],
    /** Called before each transaction; throws to refuse it. */
    onTransaction: () => {},
    /** What an opened database waits for. */
    ready: Promise.resolve(),
    open() {
      const request = {};
      void disk.ready.then(() => {
        request.result = connect(disk);
        request.onupgradeneeded?.();
        request.onsuccess();
      });
      return request;
    },
  };
  return disk;
}

function connect(disk) {
  const connection = {
    isClosed: false,
    createObjectStore() {},
    close: () => (connection.isClosed = true),
    transaction(name, mode, options) {
      disk.onTransaction(mode);
      if (connection.isClosed) throw new DOMException('closed', 'InvalidStateError');
      disk.durabilities.push(options?.durability);
      return begin(disk);
    },
  };
  disk.connections.push(connection);
  return connection;
}

function begin(disk) {
  let open = 0;
  const transaction = { objectStore: () => store };
  const requested = (operation) => {
    const request = {};
    open += 1;
    setImmediate(() => {
      request.result = operation();
      request.onsuccess?.();
      // What an answer asks for belongs to the same transaction, until a task brings nothing more.
      setImmediate(() => --open === 0 && transaction.oncomplete?.());
    });
    return request;
  };
  const sorted = () => [...disk.texts].sort(([a], [b]) => (a < b ? -1 : 1));
  const store = {
    put: (text, key) => requested(() => void disk.texts.set(key, text)),
    get: (key) => requested(() => disk.texts.get(key)),
    getAll: () => requested(() => sorted().map(([, text]) => text)),
    getAllKeys: () => requested(() => sorted().map(([key]) => key)),
    delete: (what) =>
      requested(() => {
        for (const key of disk.texts.keys()) if (typeof what === 'string' ? key === what : what.from <= key && key <= what.to) disk.texts.delete(key);
      }),
  };
  return transaction;
}

/** As far as the mirror uses it. */
export const keyRange = { bound: (from, to) => ({ from, to }) };
