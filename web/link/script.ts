/**
 * Plaid's script, from Plaid's host and no other. It must be there once: executed twice, Link calls everything back twice, and
 * a tag that is removed before it ran takes the script's own bearings away.
 */

const address = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';

/** What `Plaid.create` returns, as far as it is used. */
export interface LinkHandler {
  open(): void;
  exit(options: { force: boolean }): void;
  destroy(): void;
}

interface Plaid {
  create(config: object): LinkHandler;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): string };
}

declare global {
  interface Window {
    trustedTypes?: TrustedTypes;
  }
}

/** `window.Plaid`, once it is usable. */
export function plaid(): Plaid | undefined {
  const found = (window as { Plaid?: Partial<Plaid> }).Plaid;
  return typeof found?.create === 'function' ? (found as Plaid) : undefined;
}

/** Once per page: a browser refuses a second policy of the same name. */
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Where the page's policy forbids bare strings as addresses of scripts, it must allow `trusted-types linktrail`. */
function trusted(url: string): string {
  try {
    policy ??= window.trustedTypes?.createPolicy('linktrail', { createScriptURL: () => address });
  } catch {
    // The name is forbidden or taken. Where bare strings are forbidden too, the page's default policy decides, or the browser says so.
  }
  return policy === undefined ? url : policy.createScriptURL(url);
}

/** The tag of whoever added it; a consent manager's placeholder, which has another type, is none. */
function isTag({ src, type }: HTMLScriptElement): boolean {
  return src.startsWith('https://cdn.plaid.com/link/') && (type === '' || /javascript|module/i.test(type));
}

/** The tags that drivers added: they were listened to from the first, and are removed when they fail. */
const ours = new WeakSet<HTMLScriptElement>();

/** @param nonce of the page's Content-Security-Policy */
export function createScriptLoader(nonce: string | undefined): (timeoutMs: number) => Promise<void> {
  /** Tags of others that came to nothing. Ours are removed, so that Plaid's script finds the right one. */
  const dead = new WeakSet<HTMLScriptElement>();
  let added = 0;

  function addTag(): HTMLScriptElement {
    const tag = document.createElement('script');
    tag.src = trusted(address);
    if (nonce !== undefined) tag.nonce = nonce;
    added += 1;
    ours.add(tag);
    document.head.append(tag);
    return tag;
  }

  /** Whether a tag that was there before may have failed before anybody listened: what it asked for has been answered. */
  function mayHaveEnded(tag: HTMLScriptElement): boolean {
    return !ours.has(tag) && document.readyState === 'complete' && performance.getEntriesByName(tag.src).length > added;
  }

  return (timeoutMs) =>
    new Promise((resolve, reject) => {
      if (plaid() !== undefined) return resolve();
      const found = [...document.scripts].filter((tag) => isTag(tag) && !dead.has(tag)).pop();
      const isDoubtful = found !== undefined && mayHaveEnded(found);
      const tag = found ?? addTag();

      function end(failure: string, hasEnded: boolean): void {
        clearTimeout(timer);
        tag.removeEventListener('load', loaded);
        tag.removeEventListener('error', failed);
        if (plaid() !== undefined) return resolve();
        if (hasEnded && found === undefined) tag.remove();
        else if (hasEnded) dead.add(tag);
        reject(new Error(`linktrail: Plaid's script ${failure}.`));
      }
      const loaded = () => end('has run and left no `window.Plaid`', true);
      const failed = () => end('could not be loaded', true);
      // A tag that is still loading stays, and the next attempt waits for it: a second one would run it twice.
      const late = () => end(`has not come within ${timeoutMs} ms`, isDoubtful);
      const timer = setTimeout(late, isDoubtful ? Math.min(timeoutMs, 1_000) : timeoutMs);
      tag.addEventListener('load', loaded);
      tag.addEventListener('error', failed);
    });
}
