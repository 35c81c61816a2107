/** Where a time stands on the axis: in proportion, but for pauses so long that nothing beside them could be seen. */

import { durationOf } from '../recording/tell.js';
import { lastOf } from '../src/es2020.js';

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
  readonly isPause: boolean;
}

export interface Pause {
  /** Both as parts of the whole width. */
  readonly x: number;
  readonly width: number;
  readonly text: string;
}

export interface Tick {
  readonly x: number;
  readonly text: string;
}

export interface Scale {
  /** 0 to 1. */
  x(ms: number): number;
  readonly pauses: readonly Pause[];
  /** As many as have room when each needs this part of the width. */
  ticks(room: number): Tick[];
}

/** A pause is drawn short when it is at least this long, in milliseconds, and more than this part of what is left. */
const pauseMs = 60_000;
const pausePart = 0.3;
/** As which part of all that is in proportion it is drawn. */
const drawnPart = 0.08;

const unitsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1.5e4, 3e4, 6e4, 1.2e5, 3e5, 6e5, 9e5, 1.8e6, 3.6e6, 7.2e6, 2.16e7, 8.64e7, 6.048e8];

/** The lengths that are drawn short: the longest first, as long as they outweigh the rest. */
function shortened(lengths: readonly number[]): Set<number> {
  const found = new Set<number>();
  let rest = lengths.reduce((sum, length) => sum + length, 0);
  for (const length of [...lengths].sort((a, b) => b - a)) {
    if (length < pauseMs || length < rest * pausePart) break;
    found.add(length);
    rest -= length;
  }
  return found;
}

/** @param moments when something happened; a pause is where nothing did */
export function scaleOf(moments: readonly number[], lastMs: number): Scale {
  const end = Math.max(lastMs, 1);
  const at = [...new Set([0, ...moments, end])].sort((a, b) => a - b);
  const lengths = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  const pauses = shortened(lengths);
  const inProportion = lengths.reduce((sum, length) => sum + (pauses.has(length) ? 0 : length), 0) || 1;
  const drawn = (length: number) => (pauses.has(length) ? inProportion * drawnPart : length);
  const total = lengths.reduce((sum, length) => sum + drawn(length), 0) || 1;
  let x = 0;
  const segments = lengths.map((length, index): Segment => {
    const from = at[index] ?? 0;
    const segment = { from, to: from + length, x, width: drawn(length) / total, isPause: pauses.has(length) };
    x += segment.width;
    return segment;
  });

  function position(ms: number): number {
    const segment = segments.find(({ to }) => ms <= to);
    if (segment === undefined) return 1;
    return segment.x + (Math.max(0, ms - segment.from) / (segment.to - segment.from)) * segment.width;
  }

  /** No tick within a pause, whose own label stands there. */
  function ticks(room: number): Tick[] {
    const unit = unitsMs.find((ms) => ms / total >= room) ?? end;
    const found: Tick[] = [];
    let last = -Infinity;
    for (let ms = 0; ms <= end; ms += unit) {
      const segment = segments.find(({ to }) => ms <= to);
      if (segment?.isPause === true && ms > segment.from) {
        ms = Math.max(ms, Math.floor(segment.to / unit) * unit);
        continue;
      }
      const tick = { x: position(ms), text: ms === 0 ? '0' : durationOf(ms) };
      if (tick.x - last >= room && tick.x < 1 - room / 2) found.push(tick);
      if (lastOf(found) === tick) last = tick.x;
    }
    return found;
  }

  return {
    x: position,
    ticks,
    pauses: segments.flatMap(({ from, to, x: start, width, isPause }) => (isPause ? [{ x: start, width, text: durationOf(to - from) }] : [])),
  };
}
