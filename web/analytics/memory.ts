/** What was told in this tab, so that a reload does not tell it again: ids of facts, bounded, and nothing else. */

/** The facts of a few long sessions; the oldest are forgotten first. */
const idsMax = 256;

/** @internal */
export interface Memory {
  /** Whether it is new; from now on it is not. */
  take(id: string): boolean;
  /** Erases what is stored. What this page has told it still knows. */
  forget(): void;
}

/** @internal The memory under a key of `sessionStorage`; where that is blocked or full, it ends with the page. */
export function openMemory(key: string): Memory {
  const ids = new Set<string>();
  const withStorage = (use: (storage: Storage) => void) => {
    try {
      if (typeof document === 'object') use(sessionStorage);
    } catch {
      // Blocked or full, nothing there, or another's text under our key: what this page remembers is enough for this page.
    }
  };
  withStorage((storage) => {
    const stored: string[] = JSON.parse(`${storage.getItem(key)}`);
    for (const id of stored.slice(-idsMax)) ids.add(id);
  });
  return {
    take(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      for (const oldest of ids) if (ids.size > idsMax) ids.delete(oldest);
      withStorage((storage) => storage.setItem(key, JSON.stringify([...ids])));
      return true;
    },
    forget: () => withStorage((storage) => storage.removeItem(key)),
  };
}
