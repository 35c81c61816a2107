/** What stands in the element: nothing yet, or a recording with its head, its chart, its details and its list. */

import type { Recording } from '../recording/format.js';
import { durationOf, own, timesOf, type Fact } from '../recording/tell.js';
import { lastOf } from '../src/es2020.js';
import { drawChart, type Chart } from './chart.js';
import { fill, make } from './dom.js';
import { scaleOf } from './scale.js';
import { storyOf, type Item } from './story.js';

export interface View {
  readonly nodes: readonly Node[];
  show(recording: Recording | null): void;
  /** Says what is wrong; an empty text takes that back. */
  complain(text: string): void;
  /** @param widthPx of the whole element */
  resize(widthPx: number): void;
}

const zoomMax = 256;
/** Beside the tracks: the labels and the margins, as in the style sheet. */
const besidePx = (widthPx: number): number => (widthPx > 620 ? 270 : 168);
const hint = 'Point at a mark, or move between marks with the arrow keys.';
const actorNames: Readonly<Record<Fact['actor'], string>> = { page: 'page', link: 'Link', storage: 'storage', delivery: 'delivery' };
const tones: Readonly<Record<string, string>> = { passed: ' good', success: ' good', failed: ' bad', pending_review: ' wait' };

const dateOf = (ms: number): string => (Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().replace('T', ' ').slice(0, 19) : '?');

function aboutOf(recording: Recording): string {
  const { entries, version, gap, withheld, dropped } = recording;
  const parts = [
    `Recorded by linktrail ${version}`,
    ...entries.slice(0, 1).map(({ wall_ms }) => `${dateOf(wall_ms)} UTC`),
    durationOf(lastOf(timesOf(recording)) ?? 0),
    `${entries.length} steps of the core`,
    gap && `${gap.missing} steps missing behind the first ${gap.after}`,
    withheld && `${withheld} values withheld`,
    dropped && `${dropped} unknown fields left out`,
  ];
  return parts.filter((part) => Boolean(part)).join(' · ');
}

function listOf(facts: readonly Fact[]): HTMLElement {
  const head = make('tr', {}, ...['Time', 'Who', 'What'].map((text) => make('th', { scope: 'col' }, text)));
  const rows = facts.map(({ ms, actor, text }) => {
    return make('tr', {}, ...[`+${durationOf(ms)}`, actorNames[actor], text].map((cell) => make('td', {}, cell)));
  });
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
}

/** @param open is given the file that a person chose */
export function createView(open: (file: File) => void): View {
  let shown: Recording | null = null;
  let chart: Chart | undefined;
  let zoom = 1;
  let widthPx = 800;

  function opener(): HTMLElement {
    const input = make('input', { type: 'file', accept: '.json,application/json', 'aria-label': 'Open a recording' });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file !== undefined) open(file);
    });
    return make('label', { class: 'open', part: 'button' }, 'Open…', input);
  }

  function zoomer(label: string, sign: string, factor: number): HTMLElement {
    const button = make('button', { type: 'button', 'aria-label': label, part: 'button' }, sign);
    button.addEventListener('click', () => {
      const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / zoom;
      zoom = Math.min(zoomMax, Math.max(1, zoom * factor));
      draw();
      scroll.scrollLeft = middle * zoom - scroll.clientWidth / 2;
    });
    return button;
  }

  const error = make('div', { class: 'error', role: 'alert', part: 'error' });
  const empty = make(
    'div',
    { class: 'empty', tabindex: '0', role: 'group', 'aria-label': 'No recording yet' },
    make('p', {}, 'Drop a recording of linktrail here, paste it, or open its file.'),
    opener(),
  );
  const name = make('span', { class: 'name', part: 'title' });
  const chips = make('span', { class: 'chips' });
  const about = make('span', { class: 'about' });
  const tools = make('span', { class: 'tools' }, zoomer('Zoom out', '−', 1 / 4), zoomer('Zoom in', '+', 4), opener());
  const scroll = make('div', { class: 'scroll', part: 'chart' });
  const detail = make('div', { class: 'detail', part: 'detail', tabindex: '0', role: 'group', 'aria-label': 'Details' });
  const summary = make('summary');
  const list = make('div', { class: 'list', tabindex: '0', role: 'group', 'aria-label': 'What happened, as a list' });
  const whole = make(
    'div',
    { hidden: '' },
    make('div', { class: 'head' }, name, chips, tools, about),
    scroll,
    detail,
    make('details', { part: 'list' }, summary, list),
  );

  function tellDetails(items: readonly Item[]): void {
    fill(detail, ...items.map(({ from, text }) => make('p', {}, make('time', {}, `+${durationOf(from)}`), text)));
  }

  function drawHead(recording: Recording): void {
    const { linkSessionId, flow, outcome, advice, verdict } = Object.assign({}, ...recording.entries.map(({ progress }) => progress));
    name.textContent = typeof linkSessionId === 'string' ? linkSessionId : 'No session yet';
    const words = Object.entries({ flow, outcome, verdict, advice }).filter(([, word]) => typeof word === 'string' && word !== 'none');
    fill(
      chips,
      ...words.map(([what, word]) => make('span', { class: `chip${own(tones, word) ?? ''}` }, `${what}: ${word.replace(/_/g, ' ')}`)),
    );
    about.textContent = aboutOf(recording);
  }

  function draw(): void {
    whole.hidden = shown === null;
    empty.hidden = shown !== null;
    if (shown === null) return;
    const story = storyOf(shown);
    const moments = story.rows.flatMap(({ items }) => items.flatMap(({ from, to }) => [from, to]));
    const focused = chart?.focused() ?? -1;
    chart = drawChart(story, scaleOf(moments, story.lastMs), Math.max(100, widthPx - besidePx(widthPx)) * zoom, tellDetails);
    chart.element.style.setProperty('--lt-zoom', String(zoom));
    fill(scroll, chart.element);
    drawHead(shown);
    summary.textContent = `All ${story.facts.length} facts as a list`;
    fill(list, listOf(story.facts));
    if (focused >= 0) chart.focus(focused);
  }

  return {
    nodes: [error, empty, whole],
    show(recording) {
      shown = recording;
      error.textContent = '';
      if (detail.childElementCount === 0) detail.append(make('p', { class: 'hint' }, hint));
      draw();
    },
    complain(text) {
      error.textContent = text;
    },
    resize(px) {
      if (Math.abs(px - widthPx) < 8) return;
      widthPx = px;
      draw();
    },
  };
}
