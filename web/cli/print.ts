/** What a replay looks like in a terminal: who did what, when, and where the replay differs. */

import type { Recording } from '../recording/format.js';
import { durationOf, fieldOf, tell, timesOf, type Fact } from '../recording/tell.js';
import { replayable, type Difference, type Replay } from './replay.js';

const actorNames: Readonly<Record<Fact['actor'], string>> = {
  page: 'page',
  link: 'Link',
  storage: 'storage',
  delivery: 'delivery',
};

/** `+0:04.300`; hours only where there are any. */
function clock(ms: number): string {
  const digits = (value: number, width: number) => String(Math.floor(value)).padStart(width, '0');
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const rest = `${digits((ms / 1_000) % 60, 2)}.${digits(ms % 1_000, 3)}`;
  return hours > 0 ? `+${hours}:${digits(minutes, 2)}:${rest}` : `+${minutes}:${rest}`;
}

/**
 * A recording comes from somebody else: what a terminal would obey instead of showing it, and what would begin a line of its own, is
 * written as an escape, which JSON reads as the same text.
 */
export const shownLine = (line: string): string =>
  line.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Longer pauses get a line of their own, in milliseconds. */
const pauseMs = 30_000;

function differing({ what, recorded, replayed }: Difference): string[] {
  return [`  ≠ the ${what} of this step`, `      recorded  ${recorded}`, `      replayed  ${replayed}`];
}

/** How each session stood when the page was last told of it. */
function sessionLines({ entries }: Recording): string[] {
  const last = new Map(entries.flatMap(({ progress }) => (progress?.linkSessionId ? [[progress.linkSessionId, progress]] : [])));
  return [...last].map(([id, progress]) => {
    const words = ['flow', 'outcome', 'advice'].map((name) => `${name} ${fieldOf(progress, name).replaceAll('_', ' ')}`);
    return `Session ${id}: ${words.join(', ')}.`;
  });
}

export function headLines(recording: Recording): string[] {
  const { entries, version, withheld, dropped, gap } = recording;
  const [first] = entries;
  if (first === undefined) return ['An empty recording.'];
  const began = new Date(first.wall_ms);
  const lasted = durationOf(timesOf(recording).at(-1) ?? 0);
  const when = Number.isNaN(began.getTime()) ? 'at an unknown time' : began.toISOString();
  return [
    `Recorded by linktrail ${version || '(version unknown)'}, ${when}, ${lasted}, ${entries.length} steps of the core.`,
    ...sessionLines(recording),
    ...(gap === null ? [] : [`The recorder was full: ${gap.missing} steps behind the first ${gap.after} are missing.`]),
    ...(withheld + dropped === 0 ? [] : [`${withheld} values were withheld and ${dropped} unknown fields left out.`]),
  ];
}

export function chronologyLines(recording: Recording, { differences }: Replay): string[] {
  const facts = tell(recording);
  const times = timesOf(recording);
  const lines: string[] = [];
  let before = 0;
  for (const entry of recording.entries.keys()) {
    if (entry === recording.gap?.after) lines.push(`  … ${recording.gap.missing} steps are missing here`);
    for (const { ms, actor, text } of facts.filter((fact) => fact.entry === entry)) {
      if (ms - before > pauseMs) lines.push(`  … ${durationOf(ms - before)}`);
      before = ms;
      lines.push(`${clock(ms).padStart(12)}  ${actorNames[actor].padEnd(8)}  ${text}`);
    }
    const found = differences.filter((difference) => difference.entry === entry);
    if (found.length > 0) lines.push(`${clock(times[entry] ?? 0).padStart(12)}  step ${entry + 1}: the replay differs`, ...found.flatMap(differing));
  }
  return lines;
}

export function verdictLine(recording: Recording, { differences, steps }: Replay, version: string): string {
  const count = replayable(recording);
  const others = recording.version === version ? '' : ` (recorded by ${recording.version})`;
  if (count === 0) return 'Not replayed: the recording lacks its beginning. Create the recorder in the task that creates the trail.';
  const part = count === recording.entries.length ? `${count} steps` : `the first ${count} of ${recording.entries.length} steps`;
  if (differences.length === 0) return `Replayed ${part} on linktrail ${version}${others}: the same effects as recorded.`;
  const places = new Set(differences.map(({ entry }) => entry)).size;
  return `Replayed ${part} on linktrail ${version}${others}: ${places} of ${steps.length} differ from what was recorded.`;
}
