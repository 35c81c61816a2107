/**
 * Callbacks that come before the core runs are kept in storage, and replayed by this page or, if it ends first, by the
 * next one. Knows nothing of what they say.
 */

import { keyPrefix, type RecordStorage, type StoredText } from './storage.js';

/** What the keys of all journals begin with. */
export const journalPrefix = `${keyPrefix}journal/`;

export interface JournalEntry {
  key: string;
  text: string;
  wallMs: number;
}

export interface Journal {
  keep(text: string, wallMs: number): void;
  /** Of another page, in the order in which they were kept; only of this endpoint and owner. */
  entriesOf(page: string, stored: readonly StoredText[]): JournalEntry[];
  /** All that this page kept has been handled. */
  clear(): void;
  forget(): void;
}

/**
 * Endpoint and owner as a tag of 64 bits (FNV-1a, twice), so that one person's callbacks are never replayed as another's.
 * The core has a digest for its records; before it runs there is only this.
 */
function tagOf(endpoint: string, owner: string | undefined): string {
  const text = `${endpoint}\n${owner === undefined ? '' : `owner ${owner}`}`;
  const half = (seed: number) => {
    let hash = seed;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x3c6ef372);
}

export function createJournal(
  storage: RecordStorage,
  page: string,
  endpoint: string,
  owner: string | undefined,
): Journal {
  const prefix = `${journalPrefix}${tagOf(endpoint, owner)}/`;
  const kept: string[] = [];

  function clear(): void {
    for (const key of kept) storage.remove(key);
    kept.length = 0;
  }

  return {
    keep(text, wallMs) {
      const key = `${prefix}${page}/${String(kept.length).padStart(6, '0')}`;
      kept.push(key);
      storage.put(key, JSON.stringify({ text, wallMs }));
    },
    entriesOf(other, stored) {
      const byKey = new Map(stored.map((entry) => [entry.key, entry])); // The same entry lies in several places.
      return [...byKey.values()]
        .filter(({ key }) => key.startsWith(`${prefix}${other}/`))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .flatMap(({ key, text }) => {
          try {
            const entry = JSON.parse(text) as { text?: unknown; wallMs?: unknown };
            return [{ key, text: String(entry.text), wallMs: Number(entry.wallMs) }];
          } catch {
            // Damaged by another script: handed on as it is, so that the core counts it.
            return [{ key, text, wallMs: 0 }];
          }
        });
    },
    clear,
    forget() {
      kept.length = 0;
      storage.removePrefix(prefix);
    },
  };
}
