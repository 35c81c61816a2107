/**
 * Where records survive: `localStorage` within the callback's own task, IndexedDB behind it for the disk, and below them
 * what is left. Knows keys and texts, never what they mean.
 */

import type { Mirror } from './mirror.js';
import type { Platform, TextStorage } from './platform.js';
import type { Durability } from './types.js';

/** What all keys begin with: shared with every script of the origin, so it names us. */
export const keyPrefix = 'linktrail/';

/** Written and at once removed by a page that forgets: when it did, and the prefix of the records that are to go. */
export const forgetKey = `${keyPrefix}forget`;

export interface StoredText {
  key: string;
  text: string;
}

export interface RecordStorage {
  /** Writes before it returns; tells the place that took it. */
  put(key: string, text: string): Durability;
  remove(key: string): void;
  /** The same only where one of these texts lies: what was written since is another page's, and stays. */
  removeCopies(key: string, texts: ReadonlySet<string>): void;
  removePrefix(prefix: string): void;
  /** Tells the other pages of the origin what the core says of its forgetting. */
  tellForgotten(told: string): void;
  /** What can be read at once, of all pages. */
  entries(): StoredText[];
}

interface Place {
  durability: Durability;
  open(): TextStorage | undefined;
  /** What `open` gave, kept: asking the window anew costs a tenth of writing a record. */
  opened?: TextStorage | undefined;
  /** It is reported once that a place is blocked or full: it fails again for every record. */
  hasFailed?: true;
}

function memoryStorage(): TextStorage {
  const texts = new Map<string, string>();
  return {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    key: (index) => [...texts.keys()][index] ?? null,
    get length() {
      return texts.size;
    },
  };
}

function textsOf(storage: TextStorage): StoredText[] {
  const texts: StoredText[] = [];
  for (let index = 0; index < storage.length; index++) {
    const key = storage.key(index);
    const text = key?.startsWith(keyPrefix) ? storage.getItem(key) : null;
    if (key !== null && text !== null) texts.push({ key, text });
  }
  return texts;
}

/**
 * @param mirror the slower, safer copy; `onDisk` is called for each key that reached it
 * @param onError told of every place that failed; the next place takes over
 */
export function createStorage(
  platform: Platform,
  mirror: Mirror,
  onDisk: (key: string) => void,
  onError: (error: unknown) => void,
): RecordStorage {
  const memory = memoryStorage();
  const shared: Place = { durability: 'browser', open: () => platform.localStorage() };
  const places: Place[] = [
    shared,
    { durability: 'tab', open: () => platform.sessionStorage() },
    { durability: 'memory', open: () => memory },
  ];

  /** Runs on one place. */
  function attempt<Result>(place: Place, use: (storage: TextStorage) => Result): Result | undefined {
    try {
      const storage = (place.opened ??= place.open());
      return storage && use(storage);
    } catch (error) {
      if (!place.hasFailed) onError(error);
      place.hasFailed = true;
      return undefined;
    }
  }

  function remove(key: string): void {
    for (const place of places) attempt(place, (storage) => storage.removeItem(key));
    mirror.remove(key);
  }

  return {
    put(key, text) {
      mirror.put(key, text, () => onDisk(key));
      for (const place of places) {
        const done = attempt(place, (storage) => {
          storage.setItem(key, text);
          return true;
        });
        if (done) return place.durability;
      }
      return 'memory';
    },
    remove,
    removeCopies(key, texts) {
      for (const place of places) {
        attempt(place, (storage) => {
          if (texts.has(storage.getItem(key) ?? '')) storage.removeItem(key);
        });
      }
      mirror.removeCopies(key, texts);
    },
    removePrefix(prefix) {
      for (const place of places) {
        attempt(place, (storage) => {
          for (const { key } of textsOf(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
        });
      }
      mirror.removePrefix(prefix);
    },
    tellForgotten(told) {
      attempt(shared, (storage) => {
        storage.setItem(forgetKey, told);
        storage.removeItem(forgetKey);
      });
    },
    entries: () => places.flatMap((place) => attempt(place, textsOf) ?? []),
  };
}
