/**
 * What an earlier page left behind: the id of a session whose report is not out yet, kept for whichever page comes next. A tab
 * may be closed before the report is delivered; linktrail keeps the report itself.
 */

import type { Receipt } from 'linktrail';

const key = 'linktrail-demo-unsent';

/** The session that an earlier page left; null when there is none. */
export const leftSession = (): string | null => localStorage.getItem(key);

export function remember({ linkSessionId, state }: Receipt): void {
  if (linkSessionId === null) return;
  if (['sending', 'waiting', 'unauthorized'].includes(state)) localStorage.setItem(key, linkSessionId);
  else localStorage.removeItem(key);
}

export const forget = (): void => localStorage.removeItem(key);
