/** `linktrail/recorder`: what happened to a trail, as JSON without personal data but session ids, for a support ticket and for a replay. */

import { recordingSchema, type RecordedEntry, type Recording } from '../recording/format.js';
import { createRedactor } from '../recording/redact.js';
import { portOf, type LinkTrail } from '../src/index.js';
import type { Recorder, RecorderOptions } from './types.js';

function atLeast(least: number, value: number, name: string): number {
  if (typeof value === 'number' && value >= least) return value;
  throw new TypeError(`linktrail: \`${name}\` must be a number, ${least} or more.`);
}

/**
 * Records what goes into the trail's core, what comes out of it, and what became of each request. Create it in the task that
 * creates the trail: what happened before is not in it, and a recording without its beginning cannot be replayed.
 *
 * When it is full, the beginning stays and the oldest entries behind it go; `recording().gap` says how many.
 *
 * @throws TypeError when `trail` was not made by `createLinkTrail` of the same copy of linktrail, or a limit is none
 */
export function createRecorder(trail: LinkTrail, options: RecorderOptions = {}): Recorder {
  const port = portOf(trail);
  if (port === undefined) {
    throw new TypeError('linktrail: `createRecorder` takes a trail that `createLinkTrail` of the same copy of linktrail has made.');
  }
  const entriesMax = atLeast(2, options.entriesMax ?? 2_000, 'entriesMax');
  const bytesMax = atLeast(1_024, options.bytesMax ?? 512 * 1_024, 'bytesMax');
  const redactor = createRedactor();
  const listeners = new Set<() => void>();
  /** As JSON text, in ASCII: its length is its size, and nobody can change it. */
  const beginning: string[] = [];
  const recent: string[] = [];
  let bytes = 0;
  let missing = 0;
  let progressTold = '';

  function add(text: string): void {
    bytes += text.length;
    // A quarter is for how it began, which a replay needs; the rest is for what came last.
    const isBeginning = recent.length === 0 && beginning.length < entriesMax / 4 && bytes < bytesMax / 4;
    (isBeginning ? beginning : recent).push(text);
    while (beginning.length + recent.length > entriesMax || bytes > bytesMax) {
      bytes -= recent.shift()?.length ?? bytes;
      missing++;
    }
  }

  /** One that throws keeps nothing from the others. */
  const tell = (listener: () => void) => {
    try {
      listener();
    } catch (error) {
      port.report(error);
    }
  };

  function observe(event: string, effects: string, wall_ms: number, monotonic_ms: number, entropy: number): void {
    const entry: RecordedEntry = {
      event: redactor.event(event),
      wall_ms,
      monotonic_ms,
      entropy,
      effects: redactor.effects(effects),
    };
    const progress = redactor.progress(trail.progress);
    const isNew = progressTold !== (progressTold = JSON.stringify(progress));
    add(JSON.stringify(isNew ? { ...entry, progress } : entry));
    [...listeners].forEach(tell);
  }

  function recording(): Recording {
    return {
      schema: recordingSchema,
      version: __LINKTRAIL_VERSION__,
      entries: [...beginning, ...recent].map((text) => JSON.parse(text)),
      gap: missing === 0 ? null : { after: beginning.length, missing },
      withheld: redactor.withheld(),
      dropped: redactor.dropped(),
    };
  }

  port.observers.add(observe);
  return {
    recording,
    download(filename = 'linktrail-recording.json') {
      if (typeof document !== 'object') throw new TypeError('linktrail: `download` needs a page.');
      const address = URL.createObjectURL(new Blob([JSON.stringify(recording(), null, 1)], { type: 'application/json' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = filename;
      link.click();
      // Safari reads it after the click.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      port.observers.delete(observe);
    },
  };
}

export type { Json, RecordedEffect, RecordedEntry, RecordedEvent, RecordedProgress, Recording } from '../recording/format.js';
export type { Recorder, RecorderOptions } from './types.js';
