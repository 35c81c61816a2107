/** Draws the page's state. It changes only what is different, so that focus and live regions stay calm. */

import { idleProgress } from 'linktrail';
import type { Progress, Receipt } from 'linktrail';
import { drawing, element } from '../dom.ts';
import type { Verification } from './backend.ts';
import * as words from './words.ts';
import type { Choice, Tone } from './words.ts';

export interface PageState {
  mode: string;
  /** Null while no session of this page has begun. */
  progress: Progress | null;
  opening: boolean;
  /** The choice that the session began with; null before the first one. */
  chosen: string | null;
  receipt: Receipt | null;
  /** The session of an earlier page whose report is, or was, still to be delivered. */
  leftBehind: string | null;
  stored: readonly Verification[];
  calls: readonly { readonly name: string; readonly detail: string }[];
  callsTotal: number;
  banner: string | null;
  /** Whether the person asked for a manual review. */
  noted: boolean;
  backendSilent: boolean;
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
  /** Draws what changes with time alone. */
  tick(state: PageState): void;
  engine(name: 'wasm' | 'js'): void;
}

const marks: Readonly<Record<string, readonly string[]>> = {
  active: ['M10 4.5v5.5l3.5 2'],
  passed: ['M5.5 10.5l3 3 6-7'],
  failed: ['M6.5 6.5l7 7M13.5 6.5l-7 7'],
  pending_review: ['M7.5 6v8M12.5 6v8'],
};

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found;
}

/** Replaces an element's children when `about` is not what they were drawn for. */
function update(node: HTMLElement, about: unknown, children: () => readonly (Node | string)[]): void {
  const key = JSON.stringify(about);
  if (drawn.get(node) === key) return;
  drawn.set(node, key);
  node.replaceChildren(...children());
}
const drawn = new WeakMap<HTMLElement, string>();

function button(text: string, testId: string, kind: 'button' | 'button quiet', act: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: kind, 'data-testid': testId }, text);
  made.addEventListener('click', act);
  return made;
}

function fact(node: HTMLElement, title: string, note: string, value: string, tone: Tone, text: string): void {
  node.dataset['value'] = value;
  node.dataset['tone'] = tone;
  update(node, [text, tone], () => [
    element('dt', {}, title),
    element('dd', {}, element('strong', {}, text), element('small', {}, note)),
  ]);
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

function seconds(step: Progress['steps'][number]): string {
  if (step.startedAt === null || step.endedAt === null) return '';
  const ms = Date.parse(step.endedAt) - Date.parse(step.startedAt);
  return Number.isFinite(ms) && ms >= 0 ? `${(ms / 1_000).toFixed(1)} s` : '';
}

export function createView(actions: Actions): PageView {
  const nodes = {
    mode: byId('mode'),
    choices: byId('choices'),
    sessionId: byId('session-id'),
    banner: byId('banner'),
    headline: byId('headline'),
    flow: byId('flow'),
    outcome: byId('outcome'),
    verdict: byId('verdict'),
    steps: byId('steps'),
    delivery: byId('delivery'),
    advice: byId('advice'),
    adviceBody: byId('advice-body'),
    calls: byId('calls'),
    callsCount: byId('calls-count'),
    recent: byId('recent'),
    recentHint: byId('recent-hint'),
  };
  let engineName = '';
  const cards = new Map<string, HTMLElement>();

  const group = (title: string, choices: readonly Choice[]): HTMLElement => {
    const list = element('ul', { class: 'choices' });
    for (const choice of choices) {
      const card = element(
        'button',
        { type: 'button', class: 'choice', 'data-testid': `scenario-${choice.name}` },
        element('strong', {}, choice.title),
        element('span', {}, choice.text),
      );
      card.addEventListener('click', () => actions.choose(choice));
      cards.set(choice.name, card);
      list.append(element('li', {}, card));
    }
    return element('section', {}, element('h2', { class: 'small' }, title), list);
  };

  /** The choice that was made stands out; before there is one, the first invites. The cards stay, so that focus does. */
  const drawChoices = (mode: string, chosen: string | null): void => {
    update(nodes.choices, mode, () =>
      mode === 'sandbox'
        ? [group('Verify with Plaid’s Sandbox', words.real)]
        : [group('How the session goes', words.endings), group('What goes wrong around it', words.troubles)],
    );
    for (const [name, card] of cards) {
      card.classList.toggle('main', name === (chosen ?? 'pass'));
      if (name === chosen) card.setAttribute('aria-current', 'true');
      else card.removeAttribute('aria-current');
    }
  };

  const drawSteps = (progress: Progress): void =>
    update(nodes.steps, [progress.steps, progress.flow], () => {
      if (progress.steps.length === 0) {
        const ghost = (): HTMLElement => element('li', { class: 'ghost', 'aria-hidden': 'true' }, element('i'), element('div', {}, element('b'), element('b')));
        return [element('li', { class: 'unseen' }, 'No step has begun.'), ghost(), ghost(), ghost(), ghost()];
      }
      return progress.steps.map((step) => {
        const time = seconds(step);
        const left = step.status === 'active' && progress.flow === 'exited';
        const notes = [left ? 'Left here' : words.statusWords[step.status], step.attempts > 1 ? `${step.attempts} tries` : '', time].filter((note) => note !== '');
        return element(
          'li',
          { 'data-testid': 'step', 'data-view': step.viewName, 'data-status': step.status },
          drawing(20, 'mark', marks[step.status] ?? []),
          element('div', {}, element('strong', {}, words.viewWord(step.viewName)), element('small', {}, notes.join(' · '))),
        );
      });
    });

  const countdown = (receipt: Receipt): string => {
    if (receipt.nextAttemptAt === null) return '–';
    const left = Math.ceil((Date.parse(receipt.nextAttemptAt) - Date.now()) / 1_000);
    return left > 0 ? `in ${left} s` : 'now';
  };

  const drawDelivery = ({ receipt, leftBehind }: PageState): void => {
    nodes.delivery.dataset['state'] = receipt?.state ?? (leftBehind === null ? 'none' : 'left-behind');
    nodes.delivery.dataset['attempts'] = String(receipt?.attempts ?? 0);
    const next = receipt === null ? '' : countdown(receipt);
    update(nodes.delivery, [receipt, next, leftBehind], () => {
      if (receipt === null) return [element('p', { class: 'state' }, leftBehind === null ? 'No report is due.' : 'Being taken over')];
      const row = (name: string, value: string, testId: string): HTMLElement =>
        element('div', {}, element('dt', {}, name), element('dd', { 'data-testid': testId }, value));
      const rows = [row('Attempts', String(receipt.attempts), 'delivery-attempts')];
      if (receipt.nextAttemptAt !== null) rows.push(row('Next attempt', next, 'delivery-next'));
      if (receipt.lastStatus !== null) rows.push(row('Last answer', `HTTP ${receipt.lastStatus}`, 'delivery-status'));
      if (receipt.state !== 'delivered') rows.push(row('Kept', words.durabilityWords[receipt.durability], 'delivery-durability'));
      const parts: Node[] = [
        element('p', { class: 'state', 'data-testid': 'delivery-state' }, words.deliveryWords[receipt.state]),
        element('dl', {}, ...rows),
      ];
      // A backend that answered may have named the time to come back at; only silence can be cut short.
      if (receipt.state === 'waiting' && receipt.lastStatus === null) parts.push(button('Send now', 'send-now', 'button quiet', actions.sendNow));
      return parts;
    });
  };

  const drawAdvice = (progress: Progress, state: PageState, verdict: string): void => {
    nodes.advice.dataset['advice'] = progress.advice;
    const delivery = state.receipt?.state ?? null;
    update(nodes.adviceBody, [progress.advice, progress.flow, state.noted, verdict, delivery, state.leftBehind], () => {
      const paragraph = (text: string): HTMLElement => element('p', {}, text);
      if (progress.flow === 'idle') return [paragraph(state.leftBehind === null ? 'Nothing yet.' : words.afterwards(delivery, verdict))];
      const manual = state.noted
        ? element('p', { class: 'noted', 'data-testid': 'manual-review-noted' }, 'Noted. In your product a colleague would now get in touch.')
        : button('Ask for a manual review', 'manual-review', progress.advice === 'manual_review' ? 'button' : 'button quiet', actions.manualReview);
      const row = (...buttons: Node[]): HTMLElement => element('div', { class: 'row' }, ...buttons);
      const told = paragraph(words.adviceWords[progress.advice]);
      switch (progress.advice) {
        case 'continue':
          return [told, row(button('Continue', 'resume', 'button', actions.resume), manual)];
        case 'new_token':
          return [told, row(button('Get a new link token', 'new-token', 'button', actions.resume))];
        case 'manual_review':
          return [told, row(manual)];
        case 'ask_backend':
          return [
            told,
            element('p', { class: 'answer' }, `Your backend says: ${verdict}.`),
            row(button('Ask again', 'ask-backend', 'button quiet', actions.askBackend)),
          ];
        case 'retry_later':
        case 'wait':
          return [told];
        case 'none':
          return [paragraph(progress.flow === 'completed' ? words.afterwards(delivery, verdict) : words.adviceWords.none)];
      }
    });
  };

  const drawRecent = (state: PageState): void => {
    nodes.recentHint.textContent = state.backendSilent
      ? 'Your backend cannot be reached at the moment.'
      : 'One entry per session, however many copies of a report arrived. It lies in a database on disk.';
    update(nodes.recent, state.stored, () => {
      if (state.stored.length === 0) return [element('p', { class: 'empty' }, 'Nothing is stored for you yet.')];
      const head = element('tr', {}, ...['Session', 'The person', 'Link said', 'Plaid’s verdict', 'Reports', 'Last report'].map((name) => element('th', { scope: 'col' }, name)));
      const rows = state.stored.map((one) => {
        const [verdict, tone] = words.verdictWords(one.verdict, one.flow === 'completed');
        const known = (table: Readonly<Record<string, string>>, name: string): string => table[name] ?? name;
        const cell = (label: string, ...content: (Node | string)[]): HTMLElement => element('td', { 'data-label': label }, ...content);
        const copies = one.copies > one.reports ? `${one.reports} (${one.copies} copies)` : String(one.reports);
        return element(
          'tr',
          { 'data-testid': 'verification', 'data-id': one.id, 'data-flow': one.flow, 'data-outcome': one.outcome, 'data-verdict': one.verdict.status ?? one.verdict.kind },
          cell('Session', element('code', {}, one.id)),
          cell('The person', known(words.flowWords, one.flow)),
          cell('Link said', one.outcome === 'unknown' ? (one.errorCode ?? '–') : known(words.outcomeWords, one.outcome)),
          cell('Plaid’s verdict', element('span', { class: 'pill', 'data-tone': tone }, verdict)),
          cell('Reports', copies),
          cell('Last report', clock(one.lastReceivedAt)),
        );
      });
      return [element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows))];
    });
  };

  return {
    draw(state) {
      const progress = state.progress ?? idleProgress;
      const id = progress.linkSessionId ?? state.receipt?.linkSessionId ?? state.leftBehind;
      const stored = state.stored.find((one) => one.id === id);
      const [verdict, verdictTone] = words.verdictWords(stored?.verdict ?? null, stored?.flow === 'completed');
      nodes.mode.textContent = `${state.mode === 'sandbox' ? 'Plaid’s Sandbox' : 'Stand-in for Plaid'}${engineName}`;
      drawChoices(state.mode, state.chosen);
      nodes.sessionId.textContent = id ?? '';
      nodes.banner.hidden = state.banner === null;
      if (nodes.banner.textContent !== (state.banner ?? '')) nodes.banner.textContent = state.banner ?? '';
      const headline = words.headline(progress, stored?.verdict ?? null, state.opening && progress.linkSessionId === null, state.leftBehind !== null);
      if (nodes.headline.textContent !== headline) nodes.headline.textContent = headline;
      const unseen = state.leftBehind !== null && progress.flow === 'idle';
      fact(nodes.flow, 'What the person did', 'as this browser saw it', progress.flow, words.flowTone[progress.flow], unseen ? 'Not seen here' : words.flowWords[progress.flow]);
      fact(nodes.outcome, 'What Link said', 'advisory, can be forged', progress.outcome, words.outcomeTone[progress.outcome], unseen ? 'Not seen here' : words.outcomeWords[progress.outcome]);
      fact(nodes.verdict, 'Your backend knows', 'from Plaid itself', stored?.verdict.status ?? stored?.verdict.kind ?? 'none', verdictTone, verdict);
      drawSteps(progress);
      drawDelivery(state);
      drawAdvice(progress, state, verdict);
      nodes.callsCount.textContent = state.callsTotal === 0 ? '' : `(${state.callsTotal})`;
      update(nodes.calls, [state.calls, state.callsTotal], () =>
        state.calls.map(({ name, detail }) => element('li', {}, element('code', {}, name), ` ${detail}`)),
      );
      drawRecent(state);
    },
    showLive() {
      if (!matchMedia('(min-width: 1080px)').matches) byId('live').scrollIntoView({ block: 'start' });
    },
    tick(state) {
      if (state.receipt?.nextAttemptAt != null) drawDelivery(state);
    },
    engine(name) {
      engineName = name === 'wasm' ? ' · WebAssembly' : ' · JavaScript';
      if (!nodes.mode.textContent?.includes(engineName)) nodes.mode.textContent += engineName;
    },
  };
}
