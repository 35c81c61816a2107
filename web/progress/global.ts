/** For a script tag: registers `<linktrail-progress>`. Needs nothing else of linktrail. */

import { defineLinkTrailProgress } from './index.js';

defineLinkTrailProgress();
