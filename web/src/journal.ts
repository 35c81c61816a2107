/**
 * Callbacks that come before the core runs are kept in storage, and replayed by this page or, if it ends first, by the
 * next one. Knows nothing of what they say.
 */

import { keyPrefix, type RecordStorage, type StoredText } from './storage.js';

/** What the keys of all journals begin with. */
export const journalPrefix = `${keyPrefix}journal/`;

export interface JournalEntry {
  text: string;
  wallMs: number;
}

export interface Journal {
  keep(text: string, wallMs: number): void;
  /** Of another page, in the order in which they were kept; only of this endpoint and owner. */
  entriesOf(page: string, stored: readonly StoredText[]): JournalEntry[];
  /** What another page kept has been handled. */
  clearOf(page: string): void;
  /** All that this page kept has been handled. */
  clear(): void;
  forget(): void;
}

/** Entries under one key: few keys for the usual handful, and no text that grows without end. */
const entriesPerKey = 64;

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
  let keys = 0;
  let entries: JournalEntry[] = [];

  // All of a page's keys go in one transaction: a journal that is erased in part tells another story.
  const clearOf = (of: string) => storage.removePrefix(`${prefix}${of}/`);

  return {
    keep(text, wallMs) {
      if (keys === 0 || entries.length >= entriesPerKey) {
        keys += 1;
        entries = [];
      }
      entries.push({ text, wallMs });
      storage.put(`${prefix}${page}/${String(keys).padStart(6, '0')}`, JSON.stringify(entries));
    },
    entriesOf(other, stored) {
      const longest = new Map<string, string>(); // The same key lies in several places, the newest copy being the longest.
      for (const { key, text } of stored) {
        if (key.startsWith(`${prefix}${other}/`) && text.length > (longest.get(key)?.length ?? 0)) longest.set(key, text);
      }
      return [...longest.keys()].sort().flatMap((key) => readEntries(longest.get(key) ?? ''));
    },
    clearOf,
    clear() {
      if (keys > 0) clearOf(page);
      keys = 0;
    },
    forget() {
      keys = 0;
      storage.removePrefix(prefix);
    },
  };
}

function readEntries(text: string): JournalEntry[] {
  try {
    const entries = JSON.parse(text) as (Partial<Record<keyof JournalEntry, unknown>> | null)[];
    return entries.map((entry) => ({ text: String(entry?.text), wallMs: Number(entry?.wallMs) }));
  } catch {
    return [{ text, wallMs: 0 }]; // Damaged by another script: handed on as it is, so that the core counts it.
  }
}
