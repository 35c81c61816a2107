// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail } from 'linktrail';
import { createRecorder } from 'linktrail/recorder';
import { defineLinkTrailTimeline, type LinkTrailTimelineElement, type Recorder, type Recording } from 'linktrail/timeline';

defineLinkTrailTimeline();
defineLinkTrailTimeline(customElements);

// The platform knows the element by its name, and what the recorder's entry gives is what this one takes.
const element: LinkTrailTimelineElement = document.createElement('linktrail-timeline');
const recorder: Recorder = createRecorder(createLinkTrail({ endpoint: '/idv' }));
element.recorder = recorder;
element.recorder = null;
element.recording = recorder.recording();
element.recording = '{ "schema": "linktrail.recording.v1" }';
element.recording = null;
export const shown: Recording | null | undefined = document.querySelector('linktrail-timeline')?.recording;

// @ts-expect-error 2322: a recording's entries alone are none
element.recording = recorder.recording().entries;
// @ts-expect-error 2322: an export of something else is none
element.recording = { schema: 'linktrail.recording.v1' };
// @ts-expect-error 18047: nothing may be shown
export const version: string = element.recording.version;
// @ts-expect-error 2739: a trail is recorded by a recorder, not by the element
element.recorder = createLinkTrail({ endpoint: '/idv' });
// @ts-expect-error 2345: a registry is where elements are defined, not a name
defineLinkTrailTimeline('my-timeline');
