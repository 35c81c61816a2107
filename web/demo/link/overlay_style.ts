/** The look of the stand-in's dialog, as text for a constructed stylesheet. */

export const overlayStyle = `
:host { all: initial; color-scheme: light dark; }
dialog {
  --ink: light-dark(#16181d, #f2f3f5);
  --soft: light-dark(#5b6270, #a7aebb);
  --line: light-dark(#e3e5ea, #343a45);
  --paper: light-dark(#ffffff, #1b1f27);
  --button: light-dark(#16181d, #f2f3f5);
  --button-ink: light-dark(#ffffff, #14161b);
  --accent: light-dark(#0b7a6f, #4fd1c0);
  --warn: light-dark(#fff4d6, #3a3013);
  --warn-ink: light-dark(#6b4d00, #ffdf8a);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  color: var(--ink);
  background: var(--paper);
  border: 0;
  border-radius: 20px;
  padding: 0;
  width: min(380px, calc(100vw - 32px));
  min-height: 540px;
  max-height: calc(100dvh - 32px);
  box-shadow: 0 24px 70px rgb(10 15 30 / 0.35);
  overflow: hidden auto;
  flex-direction: column;
}
dialog[open] { display: flex; animation: rise 260ms cubic-bezier(0.2, 0.8, 0.2, 1); }
dialog:focus { outline: none; }
dialog::backdrop { background: rgb(15 20 32 / 0.45); animation: fade 260ms; }
header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 14px 12px 10px 20px; }
.label {
  font-size: 12px; font-weight: 650; letter-spacing: 0.02em;
  color: var(--warn-ink); background: var(--warn); border-radius: 999px; padding: 3px 11px;
}
button { font: inherit; color: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.close { border: 0; background: none; width: 40px; height: 40px; border-radius: 50%; font-size: 16px; color: var(--soft); }
.close:hover { background: var(--line); color: var(--ink); }
.bar { height: 3px; background: var(--line); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--accent); transform-origin: left; transform: scaleX(0); }
[data-turn="link"] .bar span, [data-turn="finish"] .bar span { visibility: hidden; }
.held .bar span { visibility: hidden; }
.body { flex: 1; display: flex; flex-direction: column; padding: 22px 28px 12px; text-align: center; }
.name { margin: 0 0 14px; font: 600 11px/1 ui-monospace, "SF Mono", Menlo, Consolas, monospace; letter-spacing: 0.08em; color: var(--soft); }
.picture { width: 88px; height: 88px; margin: 0 auto 14px; fill: none; stroke: var(--accent); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.picture.wait { animation: spin 1.1s linear infinite; }
.picture.stop { stroke: light-dark(#b3261e, #ff8f85); }
.picture.clock { stroke: light-dark(#8a5a00, #ffcf70); }
h2 { margin: 0 0 6px; font-size: 22px; line-height: 1.25; letter-spacing: -0.01em; }
.text { margin: 0 0 18px; color: var(--soft); text-wrap: balance; }
dl { margin: 0 0 18px; text-align: left; display: grid; gap: 8px; }
dl div { border: 1px solid var(--line); border-radius: 12px; padding: 7px 14px 8px; }
dt { font-size: 12px; color: var(--soft); }
dd { margin: 0; font-weight: 550; }
.note { margin: 0 0 16px; padding: 9px 14px; border-radius: 12px; font-size: 14px; background: var(--warn); color: var(--warn-ink); }
.main { margin-top: auto; width: 100%; border: 0; border-radius: 12px; padding: 14px 18px; font-weight: 650; background: var(--button); color: var(--button-ink); }
.main:hover { opacity: 0.9; }
.main:disabled { opacity: 0.5; }
.main[hidden], .hold[hidden] { display: none; }
footer { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 32px; padding: 6px 28px 18px; font-size: 13px; color: var(--soft); }
[data-turn="finish"] footer span { visibility: hidden; }
.hold { border: 1px solid var(--line); background: none; border-radius: 999px; padding: 3px 14px; }
@keyframes rise { from { opacity: 0; translate: 0 14px; } }
@keyframes fade { from { opacity: 0; } }
@keyframes spin { to { rotate: 360deg; } }
/* Beside the page's own account of the session, where there is room for both. */
@media (min-width: 1080px) {
  dialog { margin: auto auto auto max(32px, calc(25vw - 190px)); }
  dialog::backdrop { background: rgb(15 20 32 / 0.16); }
}
@media (max-width: 480px) {
  dialog { width: 100vw; max-width: 100vw; height: 100dvh; max-height: 100dvh; border-radius: 0; margin: 0; }
}
@media (prefers-reduced-motion: reduce) {
  dialog[open], dialog::backdrop { animation: none; }
  .picture.wait { animation-duration: 6s; }
}
`;
