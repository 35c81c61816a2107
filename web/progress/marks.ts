/** The marks beside texts, one shape for each status, so that none is told by colour alone. Drawn in a box of 24 by 24. */

import type { Tone } from './account.js';
import type { RowStatus } from './labels/labels.js';

const svg = 'http://www.w3.org/2000/svg';

const check = 'M6.5 12.5l3.6 3.6 7.4-8';
const cross = 'M7.5 7.5l9 9m0-9l-9 9';
const clock = 'M12 6.8V12l3.4 2.2';
const dot = 'M12 12v.01';

const byStatus: Readonly<Record<RowStatus, string>> = {
  active: dot,
  passed: check,
  failed: cross,
  pending_review: clock,
  ahead: '',
  started: 'M9.5 8v8m5-8v8',
  skipped: 'M7.5 12h9',
};

const byTone: Readonly<Record<Tone, string>> = { none: '', live: dot, wait: clock, good: check, bad: 'M12 7v6m0 4v.01' };

export const markOf = (status: RowStatus): string => byStatus[status];
export const markOfTone = (tone: Tone): string => byTone[tone];

/** An empty mark. It says nothing to assistive technology: the same stands beside it in words. */
export function createMark(part: string): SVGSVGElement {
  const mark = document.createElementNS(svg, 'svg');
  mark.setAttribute('part', part);
  mark.setAttribute('viewBox', '0 0 24 24');
  mark.setAttribute('aria-hidden', 'true');
  const ring = mark.appendChild(document.createElementNS(svg, 'circle'));
  for (const [name, value] of Object.entries({ cx: '12', cy: '12', r: '11' })) ring.setAttribute(name, value);
  mark.append(document.createElementNS(svg, 'path'));
  return mark;
}

export function drawMark(mark: SVGSVGElement, shape: string): void {
  mark.lastElementChild?.setAttribute('d', shape);
}
