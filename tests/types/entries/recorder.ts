// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail } from 'linktrail';
import { createRecorder, type Json, type RecordedEffect, type RecordedEntry, type RecordedEvent, type RecordedProgress, type Recorder, type RecorderOptions, type Recording } from 'linktrail/recorder';

const trail = createLinkTrail({ endpoint: '/idv' });
const options: RecorderOptions = { entriesMax: 500, bytesMax: undefined };
export const recorder: Recorder = createRecorder(trail);
createRecorder(trail, options).download('ticket-7.json');
const recording: Recording = recorder.recording();
export const lost: number = recording.gap?.missing ?? 0;
export const stop: () => void = recorder.subscribe(() => recorder.stop());

/** What a recording holds can be read without knowing every event. */
export function summaryOf({ event, effects, progress }: RecordedEntry): string {
  const heard: RecordedEvent = event;
  const done: readonly RecordedEffect[] = effects;
  const told: RecordedProgress | undefined = progress;
  const name: Json | undefined = heard['name'];
  return [heard.type, String(name), done.map((effect) => effect.do).join(), told?.advice].join(' ');
}
export const summary: readonly string[] = recording.entries.map(summaryOf);

// @ts-expect-error 2554: a trail is demanded
createRecorder();
// @ts-expect-error 2740: not its progress
createRecorder(trail.progress);
// @ts-expect-error 2353: nothing is left out by choice: what is personal never is in it
createRecorder(trail, { redact: false });
// @ts-expect-error 2322: a limit is a number
createRecorder(trail, { bytesMax: '1 MB' });
// @ts-expect-error 2540: a recording is read, never written
recording.version = '0.0.0';
// @ts-expect-error 2339: nor are its entries
recording.entries.push(recording.entries[0]);
// @ts-expect-error 18047: a recording that is whole has no gap
export const after: number = recording.gap.after;
// @ts-expect-error 2339: it records from its creation on
recorder.start();
