/**
 * The copy of the records in IndexedDB, committed with `durability: 'strict'`: measured in Chromium, it survives a kill of
 * the whole browser 50 ms later, where `localStorage` loses writes that are a minute old. Operations run one after the
 * other, in the order in which they were asked for.
 */

import type { StoredText } from './storage.js';

export interface Mirror {
  put(key: string, text: string, onCommitted: () => void): void;
  remove(key: string): void;
  /** The same only if one of these texts lies there. */
  removeCopies(key: string, texts: ReadonlySet<string>): void;
  removePrefix(prefix: string): void;
  /** Everything there is; empty when IndexedDB is missing or fails. */
  entries(): Promise<StoredText[]>;
  close(): void;
}

const databaseName = 'linktrail';
const storeName = 'records';

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error); // Follows every error, and only then it is known which.
  });
}

/**
 * @param factory looked up at every opening: reading it can throw
 * @param onError told once when the mirror cannot be used; records then live in the other places alone
 */
export function createMirror(factory: () => IDBFactory | undefined, onError: (error: unknown) => void): Mirror {
  let database: Promise<IDBDatabase> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let wasTold = false;

  async function open(databases: IDBFactory): Promise<IDBDatabase> {
    const opening = databases.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    const opened = await settled(opening);
    opened.onclose = () => (database = undefined);
    // Another version of the package wants to change the database: let it.
    opened.onversionchange = () => {
      opened.close();
      database = undefined;
    };
    return opened;
  }

  async function once<Result>(
    databases: IDBFactory,
    mode: IDBTransactionMode,
    use: (store: IDBObjectStore) => Promise<Result> | Result,
  ): Promise<Result> {
    database ??= open(databases);
    const transaction = (await database).transaction(storeName, mode, { durability: 'strict' });
    // Both at once: of two that fail, one that nobody waits for would be the page's unhandled rejection.
    const [result] = await Promise.all([use(transaction.objectStore(storeName)), committed(transaction)]);
    return result;
  }

  /**
   * Safari loses its connection to IndexedDB in a tab that was in the background, and every use of the old handle fails
   * from then on: drop it, open again, try once more. https://github.com/Expensify/App/issues/87864
   */
  function enqueue<Result>(
    mode: IDBTransactionMode,
    use: (store: IDBObjectStore) => Promise<Result> | Result,
  ): Promise<Result | undefined> {
    const result = queue.then(async () => {
      const databases = factory();
      if (!databases) return undefined;
      try {
        return await once(databases, mode, use);
      } catch {
        database = undefined;
        return await once(databases, mode, use);
      }
    });
    const reported = result.catch((error: unknown) => {
      database = undefined;
      if (!wasTold) onError(error);
      wasTold = true;
      return undefined;
    });
    queue = reported;
    return reported;
  }

  return {
    put(key, text, onCommitted) {
      void enqueue('readwrite', (store) => {
        store.put(text, key);
        return true;
      }).then((done) => done && onCommitted());
    },
    remove(key) {
      void enqueue('readwrite', (store) => void store.delete(key));
    },
    removeCopies(key, texts) {
      void enqueue('readwrite', async (store) => {
        if (texts.has(String(await settled<unknown>(store.get(key))))) store.delete(key);
      });
    },
    removePrefix(prefix) {
      void enqueue('readwrite', (store) => void store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
    },
    async entries() {
      const found = await enqueue('readonly', async (store) => {
        const [keys, texts] = await Promise.all([settled(store.getAllKeys()), settled<unknown[]>(store.getAll())]);
        return keys.map((key, index) => ({ key: String(key), text: String(texts[index]) }));
      });
      return found ?? [];
    },
    close() {
      void queue.then(async () => (await database)?.close()).catch(() => undefined);
    },
  };
}
