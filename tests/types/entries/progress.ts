// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail, idleProgress } from 'linktrail';
import { defineLinkTrailProgress, type LinkTrailProgressElement, type ProgressLabelChanges, type ProgressLabels, type RowStatus, type ShownProgress, type Situation } from 'linktrail/progress';

defineLinkTrailProgress();
defineLinkTrailProgress(customElements);

// The platform knows the element by its name.
const element = document.createElement('linktrail-progress');
export const made: LinkTrailProgressElement = element;
export const found: ShownProgress | null | undefined = document.querySelector('linktrail-progress')?.progress;
element.trail = createLinkTrail({ endpoint: '/idv' });
element.trail = { progress: idleProgress, subscribe: () => () => undefined };
element.trail = null;

// A progress that a server keeps may lack the verdict, or have the word of a Plaid that is newer than this version.
const { verdict, ...kept } = idleProgress;
element.progress = verdict === null ? kept : idleProgress;
element.progress = { ...kept, verdict: 'success' };
element.progress = { ...kept, verdict: 'a_word_of_next_year' };

// Some of the texts, and those of steps that Plaid may add.
const labels: ProgressLabelChanges = { title: 'Your check', steps: { KYC_CHECK: 'Your details', A_STEP_OF_NEXT_YEAR: 'New' }, situations: { verified: ['Welcome', ''] } };
element.labels = labels;
element.labels = null;
export const complete = (all: ProgressLabels): ProgressLabelChanges => all;
export const headline = (all: ProgressLabels, situation: Situation): string => all.situations[situation][0];
export const status = (all: ProgressLabels, row: RowStatus): string => all.statuses[row];

// @ts-expect-error 2739: a trail is what createLinkTrail gives, not its progress
element.trail = idleProgress;
// @ts-expect-error 2322: a progress is not told by one word
element.progress = 'completed';
// @ts-expect-error 2353: no text has this name
element.labels = { heading: 'Your check' };
// @ts-expect-error 2322: a situation has a headline and a detail
element.labels = { situations: { verified: 'Welcome' } };
// @ts-expect-error 2353: there is no such situation
element.labels = { situations: { approved: ['Welcome', ''] } };
// @ts-expect-error 2322: a text is text
element.labels = { steps: { KYC_CHECK: 7 } };
// @ts-expect-error 2339: the steps are an attribute
element.steps = ['KYC_CHECK'];
// @ts-expect-error 2345: a registry is where elements are defined, not a name
defineLinkTrailProgress('my-progress');
