/**
 * The screen of the stand-in for Link in a browser: one dialog over the whole page, in a shadow tree with a
 * constructed stylesheet, so that a policy of `style-src 'self'` holds. It decides nothing.
 */

import { drawing, element } from '../dom.ts';
import { overlayStyle } from './overlay_style.ts';
import type { Result } from './protocol.ts';
import type { Person, Screen } from './screen.ts';

interface View {
  readonly title: string;
  readonly text: string;
  readonly action: string | null;
  readonly fields: readonly (readonly [label: string, value: string])[];
  readonly picture: 'terms' | 'phone' | 'person' | 'card' | 'face' | 'wait' | 'done' | 'stop' | 'clock';
}

// The values are the person of Plaid's Sandbox; nothing is typed here and nothing is kept.
const stepViews: Readonly<Record<string, View>> = {
  ACCEPT_TOS: {
    title: 'Let’s verify your identity',
    text: 'You agree to the terms of the verification. It takes about a minute.',
    action: 'Agree and continue',
    fields: [],
    picture: 'terms',
  },
  VERIFY_SMS: {
    title: 'Enter the code we sent',
    text: 'A text message went to +1 234-567-8909.',
    action: 'Confirm code',
    fields: [['Code', '1 1 1 1 1']],
    picture: 'phone',
  },
  KYC_CHECK: {
    title: 'Your details',
    text: 'We compare them with trusted data sources.',
    action: 'Submit details',
    fields: [
      ['Full name', 'Leslie Knope'],
      ['Date of birth', '18 January 1975'],
      ['Address', '123 Main St., Pawnee, IN 46001'],
    ],
    picture: 'person',
  },
  DOCUMENTARY_VERIFICATION: {
    title: 'A photo of your document',
    text: 'Hold it flat, in good light, all four corners visible.',
    action: 'Use this photo',
    fields: [],
    picture: 'card',
  },
  SELFIE_CHECK: {
    title: 'A quick selfie',
    text: 'Look straight at the camera.',
    action: 'Take the photo',
    fields: [],
    picture: 'face',
  },
  RISK_CHECK: {
    title: 'One moment',
    text: 'A last check runs in the background.',
    action: null,
    fields: [],
    picture: 'wait',
  },
  SCREENING: {
    title: 'One moment',
    text: 'Your name is compared with watchlists.',
    action: null,
    fields: [],
    picture: 'wait',
  },
};

const loading: View = { title: 'Opening Link', text: 'One moment, please.', action: null, fields: [], picture: 'wait' };

const endings: Readonly<Record<Result, View>> = {
  passed: { title: 'You’re all set', text: 'Your identity was checked. You can close this window.', action: 'Finish', fields: [], picture: 'done' },
  failed: { title: 'We could not verify you', text: 'The details did not match. You can close this window.', action: 'Finish', fields: [], picture: 'stop' },
  pending_review: { title: 'Thank you, we’re on it', text: 'Somebody looks at your details. You can close this window.', action: 'Finish', fields: [], picture: 'clock' },
};

const pictures: Readonly<Record<View['picture'], readonly string[]>> = {
  terms: ['M20 12h18l8 8v32H20z', 'M37 12v9h9', 'M26 30h14M26 37h14M26 44h8'],
  phone: ['M23 10h18a3 3 0 0 1 3 3v38a3 3 0 0 1-3 3H23a3 3 0 0 1-3-3V13a3 3 0 0 1 3-3z', 'M29 47h6', 'M26 22h12M26 28h8'],
  person: ['M32 32a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M15 52c2-10 9-14 17-14s15 4 17 14'],
  card: ['M12 18h40v28H12z', 'M23 33a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M17 40c1-4 3-5 6-5s5 1 6 5', 'M35 27h11M35 33h11M35 39h7'],
  face: ['M14 22v-8h8M42 14h8v8M50 42v8h-8M22 50h-8v-8', 'M32 44a12 12 0 1 0 0-24 12 12 0 0 0 0 24z', 'M28 30v1M36 30v1M28 36c2 3 6 3 8 0'],
  wait: ['M32 12a20 20 0 1 1-20 20'],
  done: ['M32 54a22 22 0 1 0 0-44 22 22 0 0 0 0 44z', 'M22 33l7 7 13-15'],
  stop: ['M32 54a22 22 0 1 0 0-44 22 22 0 0 0 0 44z', 'M32 21v14M32 42v1'],
  clock: ['M32 54a22 22 0 1 0 0-44 22 22 0 0 0 0 44z', 'M32 20v13l8 5'],
};

/** The screen of one opening. */
export function createOverlay(): Screen {
  let host: HTMLElement | null = null;
  let dialog: HTMLDialogElement | null = null;
  let body: HTMLElement | null = null;
  let bar: HTMLElement | null = null;
  let holdButton: HTMLButtonElement | null = null;
  let person: Person | null = null;
  let hint: HTMLElement | null = null;
  let held = false;
  let focusBefore: Element | null = null;

  const draw = (view: View, note: string | null, name: string, testId: string): void => {
    if (body === null || dialog === null) return;
    const parts: Node[] = [
      drawing(64, `picture ${view.picture}`, pictures[view.picture]),
      element('h2', { id: 'title' }, view.title),
      element('p', { class: 'text' }, view.text),
    ];
    if (view.fields.length > 0) {
      const list = element('dl');
      for (const [label, value] of view.fields) list.append(element('div', {}, element('dt', {}, label), element('dd', {}, value)));
      parts.push(list);
    }
    if (note !== null) parts.push(element('p', { class: 'note' }, note));
    const button = element('button', { class: 'main', type: 'button', 'data-testid': testId }, view.action ?? '');
    button.hidden = view.action === null;
    button.addEventListener('click', () => {
      button.disabled = true;
      person?.next();
    });
    body.dataset['view'] = name;
    body.replaceChildren(element('p', { class: 'name' }, name === 'LINK' || name === 'END' ? '\u00a0' : name), ...parts, button);
    // A dialog's focus must not fall back to the page when its button is replaced.
    if (view.action !== null) button.focus({ preventScroll: true });
    else dialog.focus({ preventScroll: true });
  };

  const hold = (): void => {
    if (holdButton !== null) holdButton.textContent = held ? 'Play' : 'Pause';
    if (hint !== null) hint.textContent = held ? 'Press the button to go on.' : 'Plays by itself, or press the button.';
    dialog?.classList.toggle('held', held);
    person?.hold(held);
  };

  return {
    show(thePerson) {
      person = thePerson;
      // Whoever asked for less motion goes on by hand.
      held = matchMedia('(prefers-reduced-motion: reduce)').matches;
      focusBefore = document.activeElement;
      const close = element('button', { class: 'close', type: 'button', 'aria-label': 'Close Link', 'data-testid': 'link-close' }, '✕');
      close.addEventListener('click', () => person?.close());
      holdButton = element('button', { class: 'hold', type: 'button', 'data-testid': 'link-hold' });
      holdButton.addEventListener('click', () => {
        held = !held;
        hold();
      });
      hint = element('span');
      body = element('div', { class: 'body', 'aria-live': 'polite' });
      bar = element('div', { class: 'bar', 'aria-hidden': 'true' }, element('span'));
      dialog = element(
        'dialog',
        { 'aria-labelledby': 'title', 'data-testid': 'link-dialog', tabindex: '-1' },
        element('header', {}, element('span', { class: 'label', 'data-testid': 'link-label' }, 'Stand-in for Plaid Link'), close),
        bar,
        body,
        element('footer', {}, hint, holdButton),
      );
      // Escape closes Link as its own button does; the dialog itself goes away when the player says so.
      dialog.addEventListener('cancel', (event) => {
        event.preventDefault();
        person?.close();
      });
      // Browsers let a second Escape through without asking; then the person has closed Link all the same.
      const shown = dialog;
      shown.addEventListener('close', () => {
        if (dialog === shown) person?.close();
      });
      host = element('div', { id: 'plaid-link-stand-in', 'data-testid': 'link-overlay' });
      const root = host.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(overlayStyle);
      root.adoptedStyleSheets = [sheet];
      root.append(dialog);
      document.body.append(host);
      document.documentElement.classList.add('plaid-link-open');
      dialog.showModal();
      draw(loading, null, 'LINK', 'link-continue');
      hold();
    },
    step(view, leaving) {
      const known = stepViews[view] ?? { ...loading, title: view };
      const note = leaving ? 'In this scenario the person gives up here and closes the window.' : null;
      draw(leaving ? { ...known, action: 'Leave now' } : known, note, view, leaving ? 'link-leave' : 'link-continue');
    },
    ending(result) {
      draw(endings[result], null, 'END', 'link-finish');
    },
    waiting(turn, ms) {
      const span = bar?.firstElementChild;
      if (dialog === null || !(span instanceof HTMLElement)) return;
      for (const animation of span.getAnimations()) animation.cancel();
      dialog.dataset['turn'] = turn;
      if (holdButton !== null) holdButton.hidden = turn === 'finish';
      // Script may animate under any policy; a style attribute in markup could not.
      if (ms !== null && turn !== 'link' && !held) {
        span.animate([{ transform: 'scaleX(0)' }, { transform: 'scaleX(1)' }], { duration: ms, fill: 'forwards' });
      }
    },
    hide() {
      dialog?.close();
      host?.remove();
      host = dialog = body = bar = holdButton = hint = person = null;
      document.documentElement.classList.remove('plaid-link-open');
      if (focusBefore instanceof HTMLElement) focusBefore.focus({ preventScroll: true });
      focusBefore = null;
    },
  };
}
