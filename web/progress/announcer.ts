/**
 * Tells assistive technology what has changed, in a polite live region: each fact once, and never the whole list. A burst of
 * changes is told as what it came to.
 */

/** What is known, each fact under a name of its own, in the order in which it would be told. */
export type Facts = ReadonlyMap<string, string>;

/** Link can say everything at once, at the end; what changes within this time is one announcement. In milliseconds. */
const settleMs = 300;

export interface Announcer {
  /** From here on these facts are known: they are not told. */
  know(facts: Facts): void;
  /** Tells those that are new or another, as soon as nothing has changed for a moment. */
  tell(facts: Facts): void;
  /** Tells nothing that is still due. */
  stop(): void;
}

/** @param region a live region; what it holds is replaced by each announcement */
export function createAnnouncer(region: Element): Announcer {
  let known: Facts = new Map();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function announce(facts: Facts): void {
    const news = [...facts].filter(([name, text]) => text !== '' && known.get(name) !== text);
    known = facts;
    if (news.length === 0) return;
    // A paragraph each, added and not changed in place: what is added is read, once.
    region.textContent = '';
    region.append(
      ...news.map(([, text]) => {
        const paragraph = document.createElement('p');
        paragraph.textContent = text;
        return paragraph;
      }),
    );
  }

  return {
    know(facts) {
      stop();
      known = facts;
      region.textContent = '';
    },
    tell(facts) {
      stop();
      timer = setTimeout(() => announce(facts), settleMs);
    },
    stop,
  };
}
