/** What was told: in this page, and as far as `sessionStorage` remembers it, in this tab. Ids of facts, bounded, and nothing else. */

/** The facts of a few long sessions are stored; the oldest are forgotten first. */
const storedMax = 256;
/** A page remembers more than one session can have, or it would tell that session again and again. */
const idsMax = 4_096;

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
  /** Read anew each time: other trails write it as well, and what was forgotten must not come back. */
  function stored(): unknown[] {
    let found: unknown[] = [];
    withStorage((storage) => (found = [...JSON.parse(`${storage.getItem(key)}`)]));
    return found;
  }
  return {
    take(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      for (const oldest of ids) if (ids.size > idsMax) ids.delete(oldest);
      const known = stored();
      if (known.includes(id)) return false;
      withStorage((storage) => storage.setItem(key, JSON.stringify([...known, id].slice(-storedMax))));
      return true;
    },
    forget: () => withStorage((storage) => storage.removeItem(key)),
  };
}
