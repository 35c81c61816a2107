/**
 * The demo page: a customer's page that opens Link with linktrail's handlers and shows what linktrail knows and
 * what the backend knows, apart.
 */

import { createLinkTrail } from 'linktrail';
import type { LinkTrail, Progress, Receipt } from 'linktrail';
import type { LinkHandler } from '../link/link.ts';
import * as backend from './backend.ts';
import { createView } from './view.ts';
import type { Actions, PageState } from './view.ts';
import type { Choice } from './words.ts';

const outageSeconds = 6;
/** Where the page keeps the id of a session while its report is not out, for whichever page comes next: a tab may be closed. */
const unsentKey = 'linktrail-demo-unsent';
const meetAgainPollMs = 700;
const meetAgainPolls = 60;
const callsShown = 60;

function start(userId: string, mode: string): void {
  const state: PageState = {
    mode,
    progress: null,
    opening: false,
    chosen: null,
    receipt: null,
    leftBehind: null,
    stored: [],
    calls: [],
    callsTotal: 0,
    banner: null,
    noted: false,
    backendSilent: false,
  };
  let handler: LinkHandler | null = null;
  let tabCloses = false;
  let ignoredId: string | null = null;
  let followed = '';

  const noteCall = (name: string, detail: string): void => {
    state.callsTotal += 1;
    state.calls = [...state.calls, { name, detail }].slice(-callsShown);
    draw();
  };

  const trail: LinkTrail = createLinkTrail({
    endpoint: '/api/idv',
    headers: backend.headers,
    owner: userId,
    onEvent: (name) => noteCall('onEvent', String(name)),
    onExit: (error) => {
      // Link may close before it has named a session; the page must not wait for one then.
      state.opening = false;
      noteCall('onExit', error === null ? 'no error' : 'with an error');
    },
    onSuccess: () => noteCall('onSuccess', 'the person finished'),
  });

  /** Until the new session has an id, the one before is still the current one; it is not what the page is about. */
  const current = (progress: Progress): Progress | null =>
    ignoredId !== null && progress.linkSessionId === ignoredId ? null : progress;

  const changed = (progress: Progress): void => {
    const shown = current(progress);
    state.progress = shown;
    if (shown !== null) {
      if (shown.linkSessionId !== null) state.opening = false;
      if (shown.delivery !== null) {
        state.receipt = shown.delivery;
        remember(shown.delivery);
        // linktrail hears the verdict and asks again while it is open; what the backend stored is looked at when there is news.
        const news = `${shown.delivery.state} ${shown.delivery.idempotencyKey} ${shown.verdict}`;
        if (shown.delivery.state === 'delivered' && news !== followed) void refresh();
        followed = news;
      }
      if (tabCloses && shown.flow === 'completed') closeTab();
    }
    draw();
  };

  const remember = ({ linkSessionId, state: delivery }: Receipt): void => {
    if (linkSessionId === null) return;
    if (['sending', 'waiting', 'unauthorized'].includes(delivery)) localStorage.setItem(unsentKey, linkSessionId);
    else localStorage.removeItem(unsentKey);
  };

  /** A page cannot close a tab that a person opened, so it leaves: nothing of it runs any more, as in a closed tab. */
  const closeTab = (): void => {
    tabCloses = false;
    state.banner = 'The person closes the tab now. Your backend is down, and the report is not out.';
    draw();
    setTimeout(() => location.assign('/away.html'), 2_200);
  };

  const refresh = async (): Promise<void> => {
    try {
      state.stored = await backend.verifications();
      state.backendSilent = false;
    } catch (error) {
      // The page says so; whoever develops it reads why in the console.
      console.warn(error);
      state.backendSilent = true;
    }
    draw();
  };

  /** Of a session that an earlier page saw linktrail asks nothing here: the page asks its backend. */
  const followLeftBehind = async (id: string, left = meetAgainPolls): Promise<void> => {
    await refresh();
    const one = state.stored.find((stored) => stored.id === id);
    const open = one === undefined || one.verdict.kind === 'unreachable' || (one.flow === 'completed' && one.verdict.status === 'active');
    if (open && state.leftBehind === id && left > 0) setTimeout(() => void followLeftBehind(id, left - 1), meetAgainPollMs);
  };

  /** Waits for the report that an earlier page left behind. */
  const meetAgain = async (id: string): Promise<void> => {
    state.leftBehind = id;
    state.banner = 'An earlier page left a report in this browser. linktrail found it and sends it.';
    draw();
    const receipt = await trail.delivered(id);
    // The person may have begun a new session meanwhile; then the page is about that one.
    if (state.leftBehind !== id) return refresh();
    localStorage.removeItem(unsentKey);
    state.banner = null;
    if (receipt.state === 'unknown') {
      // The earlier page is still open in another tab and has seen to it itself.
      state.leftBehind = null;
      return refresh();
    }
    state.receipt = receipt;
    if (receipt.state === 'delivered') {
      state.banner = 'You are back. linktrail found the report that was left behind and delivered it, with the same idempotency key.';
    }
    void followLeftBehind(id);
  };

  const open = async (choice: Pick<Choice, 'name' | 'plays' | 'trouble'>, resume: boolean): Promise<void> => {
    if (state.opening) return;
    state.opening = true;
    state.banner = null;
    state.noted = false;
    state.calls = [];
    state.callsTotal = 0;
    state.leftBehind = null;
    if (!resume) {
      state.chosen = choice.name;
      ignoredId = trail.progress.linkSessionId;
      state.progress = null;
      state.receipt = null;
    }
    draw();
    try {
      if (window.Plaid === undefined) throw new Error('Link could not be loaded.');
      await backend.setFault(
        choice.trouble === 'none'
          ? { mode: 'none' }
          : { mode: choice.trouble === 'down' ? 'down' : 'drop', seconds: choice.trouble === 'down' ? outageSeconds : 240, starts: 'on_completed' },
      );
      tabCloses = choice.trouble === 'closed';
      const token = await backend.linkToken(choice.plays, resume);
      // One handler per session: the old one goes before the new one comes, and never inside onSuccess.
      handler?.destroy();
      handler = window.Plaid.create({ token, ...trail.handlers });
      view.showLive();
      handler.open();
    } catch (error) {
      state.banner = error instanceof Error ? error.message : String(error);
      state.opening = false;
    }
    draw();
    // A resumed session has an id already, so no new one will say that Link is open.
    if (resume) state.opening = false;
  };

  const actions: Actions = {
    choose: (choice) => void open(choice, false),
    resume: () => void open({ name: 'pass', plays: 'pass', trouble: 'none' }, true),
    askBackend: () => void refresh(),
    manualReview: () => {
      state.noted = true;
      draw();
    },
    sendNow: () => trail.flush(),
  };
  const view = createView(actions);
  const draw = (): void => view.draw(state);

  trail.subscribe(changed);
  changed(trail.progress);
  trail.ready.then(
    (engine) => view.engine(engine),
    (error: unknown) => {
      state.banner = `linktrail could not start: ${String(error)}`;
      draw();
    },
  );
  setInterval(() => view.tick(state), 250);

  const unsent = localStorage.getItem(unsentKey);
  if (unsent !== null) void meetAgain(unsent);
  void refresh();
  draw();
}

async function begin(): Promise<void> {
  // The outage ends when the person is back; it must be over before linktrail starts to send.
  const { userId, mode } = await backend.session();
  if (localStorage.getItem(unsentKey) !== null) await backend.setFault({ mode: 'none' });
  start(userId, mode);
}

begin().catch((error: unknown) => {
  const banner = document.getElementById('banner');
  if (banner === null) throw error;
  banner.hidden = false;
  banner.textContent = `The demo could not start: ${error instanceof Error ? error.message : String(error)}`;
});
