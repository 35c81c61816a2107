/**
 * The demo page: a customer's page that opens Link through linktrail, shows the person how it goes, and shows beside it what
 * linktrail knows and what the backend knows, apart.
 */

import { createLinkTrail, idleProgress } from 'linktrail';
import { createLinkDriver } from 'linktrail/link';
import { defineLinkTrailProgress } from 'linktrail/progress';
import { byId } from '../dom.ts';
import * as backend from './backend.ts';
import { onward, template } from './choices.ts';
import type { Choice } from './choices.ts';
import { followForDevelopers } from './developers.ts';
import * as earlier from './earlier.ts';
import { createView } from './view.ts';
import type { PageState } from './view.ts';
import { banners, failures } from './words.ts';

const outageSeconds = 6;
/** For how long one can read what is about to happen to the page. */
const readingMs = 2_200;
const redrawMs = 250;
const lookAgainMs = 700;
const looksMax = 60;

function start(userId: string, mode: string): void {
  const state: PageState = {
    mode,
    engine: null,
    chosen: null,
    steps: mode === 'sandbox' ? '' : template,
    linkState: 'idle',
    progress: idleProgress,
    receipt: null,
    left: null,
    stored: [],
    backendSilent: false,
    banner: null,
    noted: false,
  };
  let choice = onward;
  let resumes = false;
  /** How many link tokens this visit has used. */
  let tokens = 0;
  /** The session before this visit: until the new one has an id, the trail still speaks of that one. */
  let before: string | null = null;
  let followed = '';

  const trail = createLinkTrail({ endpoint: '/api/idv', headers: backend.headers, owner: userId });
  followForDevelopers(trail);
  const link = createLinkDriver({ trail, fetchLinkToken });
  const view = createView(trail, {
    choose: (chosen) => void verify(chosen, false),
    resume: () => void verify(onward, true),
    askBackend: () => void refresh(),
    manualReview: () => show({ noted: true }),
    sendNow: () => trail.flush(),
  });

  function show(news: Partial<PageState>): void {
    Object.assign(state, news);
    view.draw(state);
  }

  /** Asked of the page for every handler: again in the same visit only when Link has refused the token. */
  async function fetchLinkToken(): Promise<string> {
    const isRenewal = tokens++ > 0;
    if (!isRenewal) await backend.setFault(faults[choice.trouble ?? 'none']);
    const token = await backend.linkToken(isRenewal ? (choice.thenPlays ?? 'pass') : choice.plays, resumes || isRenewal);
    if (isRenewal) show({ banner: banners.renewed });
    return token;
  }

  async function verify(chosen: Choice, isResumed: boolean): Promise<void> {
    if (link.state === 'preparing') return;
    // The visit before may have its last moments still to come.
    if (link.state !== 'idle') await link.open();
    [choice, resumes, tokens] = [chosen, isResumed, 0];
    before = isResumed ? null : trail.progress.linkSessionId;
    const fresh = isResumed ? {} : { chosen: choice.name, steps: choice.steps ?? '', progress: idleProgress, receipt: null };
    show({ banner: null, noted: false, left: null, ...fresh });
    view.showLive();
    const result = await link.open();
    if (result.kind === 'failed') show({ banner: failures[result.failure] });
    if (result.kind === 'exited' && tokens > 1) show({ banner: banners.gaveUp(tokens) });
  }

  function follow(): void {
    const { progress } = trail;
    if (before !== null && progress.linkSessionId === before) return;
    const { delivery } = progress;
    if (delivery !== null) {
      earlier.remember(delivery);
      // linktrail hears the verdict and asks again while it is open; what the backend stored is looked at when there is news.
      const news = `${delivery.state} ${delivery.idempotencyKey} ${progress.verdict}`;
      if (delivery.state === 'delivered' && news !== followed) void refresh();
      followed = news;
    }
    if (choice.trouble === 'closed' && progress.flow === 'completed') leave(banners.closing, () => location.assign('/away.html'));
    if (choice.trouble === 'reloaded' && progress.currentStep === 'VERIFY_SMS') leave(banners.reloading, () => location.reload());
    show({ progress, receipt: delivery ?? state.receipt });
  }

  /** A page cannot close a tab that a person opened, so it goes elsewhere: nothing of it runs any more, as in a closed tab. */
  function leave(banner: string, goes: () => void): void {
    choice = onward; // Once is enough.
    show({ banner });
    setTimeout(goes, readingMs);
  }

  async function refresh(): Promise<void> {
    try {
      show({ stored: await backend.verifications(), backendSilent: false });
    } catch (error) {
      // The page says so; whoever develops it reads why in the console.
      console.warn(error);
      show({ backendSilent: true });
    }
  }

  /** Sees to the report that an earlier page left. Of its session linktrail asks nothing here: the page asks its backend. */
  async function meetAgain(id: string): Promise<void> {
    show({ left: { id, was: 'unsent' }, steps: '', banner: banners.found });
    const receipt = await trail.delivered(id);
    // The person may have begun a new session meanwhile; then the page is about that one.
    if (state.left?.id !== id) return refresh();
    earlier.forget();
    // The earlier page may be open in another tab still, and have seen to it itself.
    if (receipt.state === 'unknown') show({ left: null, banner: null });
    else show({ receipt, banner: receipt.state === 'delivered' ? banners.back : null });
    for (let looks = 0; looks < looksMax; looks++) {
      await refresh();
      const stored = state.stored.find((one) => one.id === id);
      if ((stored !== undefined && !backend.isUndecided(stored)) || state.left?.id !== id) return;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }

  trail.subscribe(follow);
  link.subscribe(({ state: linkState, interrupted }) => {
    if (linkState === 'idle' && interrupted !== null && state.left === null) {
      show({ left: { id: interrupted.linkSessionId, was: 'interrupted' }, steps: '', banner: banners.interrupted });
    }
    show({ linkState });
  });
  trail.ready.then(
    (engine) => show({ engine }),
    (error: unknown) => show({ banner: `linktrail could not start: ${String(error)}` }),
  );
  // What changes with time alone is when the report is sent again.
  setInterval(() => {
    if (state.receipt?.nextAttemptAt != null) show({});
  }, redrawMs);
  const left = earlier.leftSession();
  void (left === null ? refresh() : meetAgain(left));
  show({});
}

const faults = {
  none: { mode: 'none' },
  reloaded: { mode: 'none' },
  down: { mode: 'down', seconds: outageSeconds, starts: 'on_completed' },
  closed: { mode: 'drop', seconds: 240, starts: 'on_completed' },
} as const;

async function begin(): Promise<void> {
  const { userId, mode } = await backend.session();
  // The outage ends when the person is back; it must be over before linktrail starts to send.
  if (earlier.leftSession() !== null) await backend.setFault(faults.none);
  start(userId, mode);
}

defineLinkTrailProgress();
begin().catch((error: unknown) => {
  const banner = byId('banner');
  banner.hidden = false;
  banner.textContent = `The demo could not start: ${error instanceof Error ? error.message : String(error)}`;
});
