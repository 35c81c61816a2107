/** Mounts the demo in Vue for whoever is signed in. */

import { createApp } from 'vue';
import { defineLinkTrailProgress } from 'linktrail/progress';
import * as backend from '../page/backend.ts';
import Verification from './Verification.vue';

defineLinkTrailProgress();
backend.session().then(
  (session) => createApp(Verification, session).mount('#app'),
  (error: unknown) => document.body.append(`The demo could not start: ${String(error)}`),
);
