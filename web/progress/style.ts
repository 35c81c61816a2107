/** How it looks, without a word of markup: what a policy of `style-src 'self'` leaves to scripts. */

/** Custom property, and its default in light and in dark. */
const colours: readonly (readonly [name: string, light: string, dark: string])[] = [
  ['text', '#171a21', '#eef0f4'],
  ['muted', '#555d6b', '#a9b1bf'],
  ['background', '#fff', '#181c24'],
  ['border', '#d9dde5', '#39414f'],
  ['live', '#1f4fbf', '#9dbdff'],
  ['live-ground', '#e8effe', '#172340'],
  ['good', '#0f6b3c', '#6fdc9c'],
  ['good-ground', '#e4f5eb', '#12301f'],
  ['wait', '#7a5200', '#ffcf70'],
  ['wait-ground', '#fff3d9', '#362a10'],
  ['bad', '#a5241c', '#ff9a90'],
  ['bad-ground', '#fdeceb', '#3a1a18'],
];

/** Under names of our own, so that what the page has put into the slot keeps the page's. */
const defaults = (of: (light: string, dark: string) => string): string =>
  `:host{${colours.map(([name, light, dark]) => `--lt-${name}:var(--linktrail-${name},${of(light, dark)})`).join(';')}}`;

/** What a tone or a status is drawn in: ink on ground. */
const inks = ([['live', 'live', 'active'], ['good', 'good', 'passed'], ['wait', 'wait', 'pending_review'], ['bad', 'bad', 'failed']] as const)
  .map(([name, tone, status]) => `[data-tone=${tone}]>[part=summary],[data-status=${status}]{--lt-ink:var(--lt-${name});--lt-ground:var(--lt-${name}-ground)}`);

/** A segment of the bar that is not still ahead. */
const reachedSegment = 'i[data-status]:not([data-status=ahead],[data-status=started])';

const rules: readonly string[] = [
  defaults((light) => light),
  // Where it is known, the page's own `color-scheme` decides.
  `@supports (color:light-dark(#000,#fff)){${defaults((light, dark) => `light-dark(${light},${dark})`)}}`,
  ':host{display:block;font-size:1rem;line-height:1.45;color:var(--lt-text)}',
  ':host([hidden]),[hidden]{display:none!important}',
  '*{box-sizing:border-box;margin:0;padding:0}',
  // A text may run the other way than the page around it: English words in an Arabic page. It stays on its side.
  'p,span{unicode-bidi:plaintext;text-align:-webkit-match-parent;text-align:match-parent}',
  '[part~=base]{display:grid;grid-template-columns:minmax(0,1fr);gap:1.1em;padding:var(--linktrail-padding,1.25em);background:var(--lt-background);border:1px solid var(--lt-border);border-radius:var(--linktrail-radius,1em);overflow-wrap:break-word;hyphens:auto;--lt-ink:var(--lt-muted);--lt-ground:transparent}',
  ...inks,
  '[part=summary]{display:flex;gap:.75em}',
  '[part=words]{flex:1;min-inline-size:0;display:grid;grid-template-columns:minmax(0,1fr);align-content:center;gap:.1em}',
  '[part=headline]{font-size:1.125em;font-weight:650;line-height:1.3;text-wrap:balance}',
  '[part=detail]{color:var(--lt-muted);text-wrap:pretty}',
  'svg{inline-size:1.625em;block-size:1.625em;fill:none;stroke:var(--lt-ink);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}',
  'circle{fill:var(--lt-ground);stroke-width:1.5}',
  '[part=summary-mark]{flex:none;inline-size:2.25em;block-size:2.25em}',
  '[part=meter]{display:flex;align-items:center;gap:.75em}',
  '[part=count]{color:var(--lt-muted);font-size:.875em;font-variant-numeric:tabular-nums}',
  '[part=bar]{flex:1;display:flex;gap:.3em}',
  'i{flex:1;block-size:.375em;border-radius:1em;background:var(--lt-border)}',
  `${reachedSegment}{background:var(--lt-ink)}`,
  '[part=list]{list-style:none;display:grid;grid-template-columns:minmax(0,1fr);gap:1.15em}',
  'li{position:relative;display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 .75em;padding-inline-start:2.375em}',
  'li:not(:last-child)::before{content:"";position:absolute;inset-block:1.85em -.95em;inset-inline-start:.75em;border-inline-start:.125em solid var(--lt-border)}',
  'li svg{position:absolute;inset-block-start:0;inset-inline-start:0}',
  // The status stands beside the name, or below it where there is no room: a long name is broken before that, a word is not.
  '[part=name]{flex:1 1 9em;max-inline-size:100%;font-weight:550;padding-block:.09em}',
  '[part=status]{color:var(--lt-ink);font-size:.875em}',
  '[part=note],[part=more]{flex-basis:100%;color:var(--lt-muted);font-size:.875em;text-wrap:pretty}',
  '[data-status=ahead] [part=name],[data-status=skipped] [part=name]{color:var(--lt-muted);font-weight:400}',
  '[aria-current] [part=name],[aria-current] [part=status]{font-weight:650}',
  '[data-status=active] path,[data-tone=live]>[part=summary] path{stroke-width:9}',
  '[part=more]{padding-inline-start:2.715em}',
  '[aria-live]{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}',
  '@keyframes pulse{50%{opacity:.35}}',
  '@media (prefers-reduced-motion:no-preference){[aria-current] path{animation:pulse 1.8s ease-in-out infinite}}',
  `@media (forced-colors:active){svg,circle{fill:Canvas;stroke:CanvasText}i{border:1px solid CanvasText}${reachedSegment}{background:CanvasText;forced-color-adjust:none}}`,
];

/** One sheet for all elements of a document, in which alone it may be used: an element can be put into a window that the page has opened. */
const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Gives a shadow root in a document its style through the object model alone; to be called whenever it has come into one. */
export function adoptStyle(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const { ownerDocument } = root;
    const { defaultView } = ownerDocument;
    if (defaultView === null) return; // Nobody sees it.
    const sheet = sheets.get(ownerDocument) ?? new defaultView.CSSStyleSheet();
    if (!sheets.has(ownerDocument)) sheet.replaceSync(rules.join(''));
    sheets.set(ownerDocument, sheet);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  // Safari before 16.4. A policy must allow the `style` without text by the hash of nothing; rules may then be added to its sheet,
  // which it loses with its place in the document.
  const style = root.querySelector('style') ?? root.appendChild(document.createElement('style'));
  const { sheet } = style;
  if (sheet === null || sheet.cssRules.length > 0) return;
  for (const rule of rules) sheet.insertRule(rule, sheet.cssRules.length);
}
