/** What React's JSX may say of linktrail's element. */

import type { HTMLAttributes, Ref } from 'react';
import type { LinkTrail } from 'linktrail';
import type { LinkTrailProgressElement, ProgressLabelChanges } from 'linktrail/progress';

interface ProgressAttributes extends HTMLAttributes<LinkTrailProgressElement> {
  readonly ref?: Ref<LinkTrailProgressElement>;
  readonly steps?: string | undefined;
  readonly trail?: LinkTrail | null;
  readonly labels?: ProgressLabelChanges | null;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'linktrail-progress': ProgressAttributes;
    }
  }
}
