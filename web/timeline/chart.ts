/** Draws a story: rows of bars and marks over one axis, of which the keyboard reaches each. */

import { durationOf, type Tone } from '../recording/tell.js';
import { lastOf } from '../src/es2020.js';
import { make, place } from './dom.js';
import type { Scale } from './scale.js';
import type { Item, Row, Story } from './story.js';

/** What one button of the chart stands for: one item, or several that are too near to be told apart. */
interface Spot {
  readonly x: number;
  readonly width: number;
  readonly items: readonly Item[];
}

export interface Chart {
  readonly element: HTMLElement;
  /** Moves the focus to a spot; used after drawing anew. */
  focus(index: number): void;
  /** Of the spot that has the focus; -1 when none has. */
  focused(): number;
}

/** Which tone speaks for several. */
const weight: readonly Tone[] = ['plain', 'good', 'live', 'wait', 'bad'];
/** The widths of a mark and of the text in a short bar, with room around them, in pixels. */
const markPx = 16;
const labelPx = 34;
const letterPx = 8;
const tickPx = 84;

/** The worst of several marks; of several attempts the last. */
function toneOf(items: readonly Item[]): Tone {
  const attempts = items.filter(({ kind }) => kind === 'bar');
  return lastOf(attempts)?.tone ?? weight[Math.max(...items.map(({ tone }) => weight.indexOf(tone)))] ?? 'plain';
}

const timeOf = (ms: number): string => `+${durationOf(ms)}`;
const sentenceOf = ({ from, text }: Item): string => `${timeOf(from)} ${text}`;

/** Neighbours in a row that would lie over one another become one spot; waits go under what they lead to. */
function spotsOf({ items }: Row, scale: Scale, widthPx: number): Spot[] {
  const spots: Spot[] = [];
  for (const item of items) {
    const x = scale.x(item.from);
    const spot = { x, width: scale.x(item.to) - x, items: [item] };
    const last = lastOf(spots);
    const needed = item.kind === 'mark' ? markPx : labelPx;
    const isWide = item.kind === 'wait' && spot.width * widthPx > needed;
    if (last === undefined || isWide || x - last.x >= Math.max(last.width, needed / widthPx)) spots.push(spot);
    else spots.splice(-1, 1, { x: last.x, width: Math.max(last.width, x + spot.width - last.x), items: [...last.items, item] });
  }
  return spots;
}

/** What has room: all labels, the last one, or nothing; of several marks their number. */
function textOf({ width, items }: Spot, kind: Item['kind'], widthPx: number): string {
  if (kind === 'mark') return items.length > 1 ? String(items.length) : '';
  const labels = items.map(({ label }) => label).filter((label) => label !== '');
  const roomPx = Math.max(labelPx, width * widthPx);
  return [labels.join(' → '), lastOf(labels) ?? ''].find((text) => text.length * letterPx + 8 <= roomPx) ?? '';
}

function buttonOf(spot: Spot, widthPx: number): HTMLButtonElement {
  const { x, width, items } = spot;
  const kind = items.find(({ kind: one }) => one !== 'wait')?.kind ?? 'wait';
  const count = textOf(spot, kind, widthPx);
  const button = make('button', {
    type: 'button',
    class: `spot ${kind} ${toneOf(items)}${count === '' ? '' : ' has-text'}${width * widthPx < labelPx ? ' short' : ''}`,
    part: kind,
    tabindex: '-1',
    // What is seen comes first, so that whoever speaks to the page can say it.
    'aria-label': `${items.length > 1 && count !== '' ? `${count}: ` : ''}${items.map(sentenceOf).join('; ')}`,
  });
  button.append(make('span', {}, count));
  return place(button, x, width);
}

function axisOf(scale: Scale, widthPx: number): HTMLElement {
  const ticks = scale.ticks(Math.min(0.45, tickPx / widthPx)).map(({ x, text }) => place(make('span', { class: 'tick' }, text), x));
  const pauses = scale.pauses.map(({ x, width, text }) => place(make('span', { class: 'tick pause' }, `⋯ ${text}`), x, width));
  return make('div', { class: 'row axis', 'aria-hidden': 'true' }, make('div', { class: 'label' }), make('div', { class: 'track' }, ...ticks, ...pauses));
}

/** @param show is given the items of the spot that is pointed at or has the focus */
export function drawChart(story: Story, scale: Scale, widthPx: number, show: (items: readonly Item[]) => void): Chart {
  const lines: HTMLButtonElement[][] = [];
  let group = '';
  const rows = story.rows.map((row) => {
    const buttons = spotsOf(row, scale, widthPx).map((spot) => {
      const button = buttonOf(spot, widthPx);
      button.addEventListener('focus', () => chose(button, spot.items));
      button.addEventListener('pointerenter', () => show(spot.items));
      return button;
    });
    lines.push(buttons);
    const bands = scale.pauses.map(({ x, width }) => place(make('span', { class: 'band' }), x, width));
    const note = row.note === '' ? [] : [make('small', { class: lastOf(row.items)?.tone }, row.note)];
    const isFirst = group !== (group = row.group);
    return make(
      'div',
      { class: `row${isFirst ? ' first' : ''}`, role: 'group', 'aria-label': `${row.group}: ${row.label}` },
      make('div', { class: 'label', title: row.label }, make('span', {}, row.label), ...note),
      make('div', { class: 'track' }, ...bands, ...buttons),
    );
  });
  const all = lines.flat();
  let current = all[0];
  current?.setAttribute('tabindex', '0');

  /** One of all is in the order of the tab key: the last one that had the focus. */
  function chose(button: HTMLButtonElement, items: readonly Item[]): void {
    current?.setAttribute('tabindex', '-1');
    current = button;
    button.setAttribute('tabindex', '0');
    show(items);
  }

  function neighbour(key: string): HTMLButtonElement | undefined {
    const line = lines.find((buttons) => buttons.some((button) => button === current)) ?? [];
    const index = line.findIndex((button) => button === current);
    if (key === 'ArrowRight') return line[index + 1];
    if (key === 'ArrowLeft') return line[index - 1];
    if (key === 'Home') return line[0];
    if (key === 'End') return lastOf(line);
    const other = lines[lines.indexOf(line) + (key === 'ArrowDown' ? 1 : -1)];
    const distance = (button: HTMLElement) => Math.abs(Number(button.style.getPropertyValue('--lt-x')) - Number(current?.style.getPropertyValue('--lt-x')));
    return other?.reduce((best, button) => (distance(button) < distance(best) ? button : best));
  }

  const element = make('div', { class: 'chart', role: 'group', 'aria-label': 'Timeline; the arrow keys move from mark to mark' }, axisOf(scale, widthPx), ...rows);
  element.addEventListener('keydown', (event) => {
    if (!/^(?:Arrow(?:Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    neighbour(event.key)?.focus();
  });
  return {
    element,
    focus: (index) => all[index]?.focus(),
    focused: () => all.findIndex((button) => button.matches(':focus')),
  };
}
