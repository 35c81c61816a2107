/** Feeds what was recorded through the real core once more, and says where it now does something else. */

import type { RecordedEffect, RecordedEvent, Recording } from '../recording/format.js';
import { createRedactor } from '../recording/redact.js';
import type { CoreHandle } from '../src/core_loader.js';

/** One step as the core was given it, and what it gave: the form that the scenario runner records and replays. */
export interface ReplayedStep {
  readonly event: string;
  readonly wall_ms: number;
  readonly monotonic_ms: number;
  readonly entropy: number;
  readonly effects: string;
  readonly progress: string;
}

/** Where the replay is not what was recorded; both sides as JSON text of what may be recorded. */
export interface Difference {
  readonly entry: number;
  readonly what: 'effects' | 'progress';
  readonly recorded: string;
  readonly replayed: string;
}

/** Gives a fresh core at each call. */
export type StartCore = () => Promise<CoreHandle>;

export interface Replay {
  readonly steps: readonly ReplayedStep[];
  readonly differences: readonly Difference[];
}

const utf8 = new TextDecoder();
const keyShape = /^linktrail\/\d+\/([^/]+)\//;

/** The digest that keys of storage hold differs, because the owner is not recorded: the core itself tells the new one. */
async function scopeOf(startCore: StartCore, started: RecordedEvent): Promise<string | undefined> {
  const core = await startCore();
  core.handle(JSON.stringify(started), 0, 0, 0);
  return scopeIn(JSON.parse(utf8.decode(core.handle('{"type":"forget_requested"}', 0, 0, 0))));
}

/** A page stores and erases under its own scope only. */
function scopeIn(effects: readonly RecordedEffect[]): string | undefined {
  const keys = effects.filter((effect) => effect.do === 'store' || effect.do === 'erase_prefix').map(({ key, prefix }) => key ?? prefix);
  return keys.map((key) => keyShape.exec(String(key))?.[1]).find((scope) => scope !== undefined);
}

/** A recording that lacks its beginning has no entry that can be replayed; behind a gap there is none either. */
export function replayable(recording: Recording): number {
  if (recording.entries[0]?.event.type !== 'started') return 0;
  return Math.min(recording.gap?.after ?? Infinity, recording.entries.length);
}

export async function replay(recording: Recording, startCore: StartCore): Promise<Replay> {
  const entries = recording.entries.slice(0, replayable(recording));
  const started = entries[0]?.event;
  if (started === undefined) return { steps: [], differences: [] };
  const recordedScope = scopeIn(entries.flatMap(({ effects }) => effects));
  const scope = await scopeOf(startCore, started);
  const isKnown = scope !== undefined && recordedScope !== undefined;
  const redactor = createRedactor(isKnown ? [[scope, recordedScope]] : []);
  const withScope = (event: RecordedEvent): string => {
    const text = JSON.stringify(event);
    return isKnown ? text.replaceAll(`/${recordedScope}/`, `/${scope}/`) : text;
  };

  let core = await startCore();
  let progressTold = '';
  const steps: ReplayedStep[] = [];
  const differences: Difference[] = [];
  for (const [entry, { event, wall_ms, monotonic_ms, entropy, effects, progress }] of entries.entries()) {
    // After a trap the trail goes on with a fresh core.
    if (event.type === 'started') core = await startCore();
    const text = withScope(event);
    const gave = utf8.decode(core.handle(text, wall_ms, monotonic_ms, entropy));
    const shown = utf8.decode(core.progress());
    steps.push({ event: text, wall_ms, monotonic_ms, entropy, effects: gave, progress: shown });
    const compare = (what: Difference['what'], recorded: string, replayed: string) => {
      if (recorded !== replayed) differences.push({ entry, what, recorded, replayed });
    };
    compare('effects', JSON.stringify(effects), JSON.stringify(redactor.effects(gave)));
    const told = progress === undefined ? progressTold : JSON.stringify(progress);
    progressTold = JSON.stringify(redactor.progress(JSON.parse(shown)));
    compare('progress', told, progressTold);
  }
  return { steps, differences };
}
