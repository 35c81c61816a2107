/** Draws what stands around `<linktrail-progress>`, and changes only what is different, so that focus and live regions stay calm. */

import { idleProgress } from 'linktrail';
import type { Advice, LinkTrail, Progress, Receipt } from 'linktrail';
import type { LinkState } from 'linktrail/link';
import type { LinkTrailProgressElement } from 'linktrail/progress';
import { byId, element } from '../dom.ts';
import type { Verification } from './backend.ts';
import { sandbox, standIn } from './choices.ts';
import type { Choice } from './choices.ts';
import * as words from './words.ts';
import type { Said } from './words.ts';

export interface PageState {
  readonly mode: string;
  /** Null until the core runs. */
  engine: 'wasm' | 'js' | null;
  /** The choice that the session began with; null before the first one. */
  chosen: string | null;
  /** The names of the steps to come, for `<linktrail-progress>`; empty where nobody knows them. */
  steps: string;
  linkState: LinkState;
  /** The trail's; idle until the session that was chosen has a name. */
  progress: Progress;
  receipt: Receipt | null;
  /** A session that an earlier page did not see to its end: its report was still unsent, or Link still open. */
  left: { readonly id: string | null; readonly was: 'unsent' | 'interrupted' } | null;
  stored: readonly Verification[];
  backendSilent: boolean;
  banner: string | null;
  /** Whether the person asked for a manual review. */
  noted: boolean;
}

export interface Actions {
  choose(choice: Choice): void;
  resume(): void;
  askBackend(): void;
  manualReview(): void;
  sendNow(): void;
}

export interface PageView {
  draw(state: PageState): void;
  /** Brings the account of the session into view where it stands below the choices. */
  showLive(): void;
}

const drawn = new WeakMap<Node, string>();

/** Whether an element was drawn for something else than `about`; from then on it counts as drawn for it. */
function isNews(node: Node, about: unknown): boolean {
  const key = JSON.stringify(about);
  if (drawn.get(node) === key) return false;
  drawn.set(node, key);
  return true;
}

function say(node: HTMLElement, text: string): void {
  if (isNews(node, text)) node.textContent = text;
}

/** With what Plaid closes a session. */
const lastWords = ['success', 'failed', 'pending_review', 'expired', 'canceled'] as const;

/** What the person is told, where the trail of this page cannot know it: its own idle words, or a progress that the backend keeps. */
function toldBeside({ left, progress, receipt, stored, linkState }: PageState) {
  const one = stored.find(({ id }) => id === left?.id);
  if (left?.was === 'unsent' && receipt?.state === 'delivered' && one?.flow === 'completed') {
    const verdict = lastWords.find((word) => word === one.verdict.status) ?? null;
    return { progress: { ...idleProgress, flow: 'completed', verdict } as const, idle: null };
  }
  const before = left?.was ?? (linkState === 'idle' ? null : 'opening');
  const idle = before === null ? null : words.idle[before];
  return { progress: progress === idleProgress ? idleProgress : null, idle };
}

/** What may be done next, by what linktrail advises. */
const offers: Readonly<Record<Advice, readonly Offer[]>> = {
  none: [],
  continue: ['resume', 'manual-review'],
  new_token: ['new-token'],
  retry_later: [],
  manual_review: ['manual-review'],
  wait: [],
  ask_backend: ['ask-backend'],
};
type Offer = 'resume' | 'new-token' | 'manual-review' | 'ask-backend' | 'send-now';

const engines = { wasm: ' · WebAssembly', js: ' · JavaScript' };

/** "in 3 s" */
function until(time: string): string {
  const left = Math.ceil((Date.parse(time) - Date.now()) / 1_000);
  return left > 0 ? `in ${left} s` : 'now';
}

const note = (testId: string, text: string): HTMLElement => element('span', { 'data-testid': testId }, text);

function deliveryNotes(receipt: Receipt | null): HTMLElement[] {
  if (receipt === null) return [note('delivery-source', 'sent until your backend has it')];
  const { attempts, lastStatus, nextAttemptAt, state, durability } = receipt;
  const notes = [note('delivery-attempts', attempts === 1 ? '1 attempt' : `${attempts} attempts`)];
  if (lastStatus !== null) notes.push(note('delivery-status', `HTTP ${lastStatus}`));
  if (nextAttemptAt !== null) notes.push(note('delivery-next', until(nextAttemptAt)));
  if (state !== 'delivered') notes.push(note('delivery-durability', words.durabilities[durability]));
  return notes;
}

/** One of the four things known; `value` is linktrail's own word for it. */
function drawFact(id: string, title: string, [text, tone]: Said, value: string, ...notes: readonly HTMLElement[]): void {
  const node = byId(id);
  node.dataset['value'] = value;
  node.dataset['tone'] = tone;
  if (!isNews(node, [text, tone, notes.map(({ textContent }) => textContent)])) return;
  node.replaceChildren(element('dt', {}, title), element('dd', {}, element('strong', {}, text), element('small', {}, ...notes)));
}

function drawFacts({ progress, receipt, left, stored }: PageState): void {
  const unseen = left !== null && progress.flow === 'idle' ? words.unseen : null;
  const one = stored.find(({ id }) => id === (progress.linkSessionId ?? left?.id));
  const flowNotes = [note('flow-source', 'as this browser saw it')];
  if (progress.advice !== 'none') flowNotes.push(note('advice', `advice: ${progress.advice}`));
  drawFact('flow', 'What the person did', unseen ?? words.flows[progress.flow], progress.flow, ...flowNotes);
  drawFact('outcome', 'What Link said', unseen ?? words.outcomes[progress.outcome], progress.outcome, note('outcome-source', 'advisory, can be forged'));
  drawFact('delivery', 'The report', words.reportSaid(receipt), receipt?.state ?? 'none', ...deliveryNotes(receipt));
  const verdict = words.verdictSaid(one?.verdict, one?.flow === 'completed');
  drawFact('verdict', 'Your backend knows', verdict, words.verdictName(one?.verdict), note('verdict-source', 'from Plaid itself'));
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const known = (table: Readonly<Record<string, Said>>, name: string): string => table[name]?.[0] ?? name;

function storedRow({ id, flow, outcome, verdict, errorCode, reports, copies, lastReceivedAt }: Verification): HTMLElement {
  const [text, tone] = words.verdictSaid(verdict, flow === 'completed');
  const cells: readonly (readonly [label: string, content: Node | string])[] = [
    ['Session', element('code', {}, id)],
    ['The person', known(words.flows, flow)],
    ['Link said', outcome === 'unknown' ? (errorCode ?? '–') : known(words.outcomes, outcome)],
    ['Plaid’s verdict', element('span', { class: 'pill', 'data-tone': tone }, text)],
    ['Reports', copies > reports ? `${reports} (${copies} copies)` : String(reports)],
    ['Last report', clock(lastReceivedAt)],
  ];
  return element(
    'tr',
    { 'data-testid': 'verification', 'data-id': id, 'data-flow': flow, 'data-outcome': outcome, 'data-verdict': words.verdictName(verdict) },
    ...cells.map(([label, content]) => element('td', { 'data-label': label }, content)),
  );
}

function drawStored({ stored, backendSilent }: PageState): void {
  say(byId('stored-hint'), backendSilent ? words.backendSilent : words.backendStores);
  byId('stored-empty').hidden = stored.length > 0;
  byId('stored-table').hidden = stored.length === 0;
  if (isNews(byId('stored'), stored)) byId('stored').replaceChildren(...stored.map(storedRow));
}

export function createView(trail: LinkTrail, actions: Actions): PageView {
  const person = byId<LinkTrailProgressElement>('progress');
  const next = byId('next');
  const cards = new Map<string, HTMLElement>();
  person.trail = trail;

  function button(testId: string, className: string, act: () => void, ...content: (Node | string)[]): HTMLElement {
    const made = element('button', { type: 'button', class: className, 'data-testid': testId }, ...content);
    made.addEventListener('click', act);
    return made;
  }

  function group([title, choices]: readonly [string, readonly Choice[]]): HTMLElement {
    const items = choices.map((choice) => {
      const content = [element('strong', {}, choice.title), element('span', {}, choice.text)];
      const card = button(`scenario-${choice.name}`, 'choice', () => actions.choose(choice), ...content);
      cards.set(choice.name, card);
      return element('li', {}, card);
    });
    return element('section', {}, element('h2', { class: 'small' }, title), element('ul', { class: 'choices' }, ...items));
  }

  /** The choice that was made stands out; before there is one, the first invites. The cards stay, so that focus does. */
  function drawChoices({ mode, engine, chosen }: PageState): void {
    say(byId('mode'), `${mode === 'sandbox' ? 'Plaid’s Sandbox' : 'Stand-in for Plaid'}${engine === null ? '' : engines[engine]}`);
    if (isNews(byId('choices'), mode)) byId('choices').replaceChildren(...Object.entries(mode === 'sandbox' ? sandbox : standIn).map(group));
    for (const [name, card] of cards) {
      card.classList.toggle('main', name === (chosen ?? 'pass'));
      card.setAttribute('aria-current', String(name === chosen));
    }
  }

  const buttons: Readonly<Record<Offer, (className: string) => HTMLElement>> = {
    resume: (look) => button('resume', look, actions.resume, 'Continue'),
    'new-token': (look) => button('new-token', look, actions.resume, 'Start again'),
    'manual-review': (look) => button('manual-review', look, actions.manualReview, 'Ask for a manual review'),
    'ask-backend': (look) => button('ask-backend', look, actions.askBackend, 'Check again'),
    'send-now': (look) => button('send-now', look, actions.sendNow, 'Send now'),
  };

  function drawNext({ progress, receipt, left, linkState, noted }: PageState): void {
    const advice = left?.was === 'interrupted' ? 'continue' : progress.advice;
    next.dataset['advice'] = advice;
    // A backend that answered may have named the time to come back at; only silence can be cut short.
    const isSilent = receipt?.state === 'waiting' && receipt.lastStatus === null;
    if (!isNews(next, [advice, linkState === 'idle', isSilent, noted])) return;
    // While Link is open, or about to be, the driver sees to it.
    const offered = linkState === 'idle' ? offers[advice].filter((offer) => !(noted && offer === 'manual-review')) : [];
    if (isSilent) offered.push('send-now');
    next.replaceChildren(...offered.map((offer, index) => buttons[offer](index === 0 ? 'button' : 'button quiet')));
    if (noted) next.append(element('p', { class: 'noted', 'data-testid': 'manual-review-noted' }, words.noted));
  }

  function drawPerson(state: PageState): void {
    const { progress, idle } = toldBeside(state);
    if (!isNews(person, [state.steps, progress, idle])) return;
    person.setAttribute('steps', state.steps);
    person.progress = progress;
    person.labels = idle && { situations: { idle } };
  }

  return {
    draw(state) {
      say(byId('session-id'), state.progress.linkSessionId ?? state.left?.id ?? '');
      say(byId('banner'), state.banner ?? '');
      byId('banner').hidden = state.banner === null;
      drawChoices(state);
      drawPerson(state);
      drawNext(state);
      drawFacts(state);
      drawStored(state);
    },
    showLive() {
      if (!matchMedia('(min-width: 1080px)').matches) byId('live').scrollIntoView({ block: 'start' });
    },
  };
}
