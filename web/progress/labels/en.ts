/** English. */

import type { ProgressLabels } from './labels.js';

const again = 'Please start it again.';
const contact = 'Please contact us, so that we can check your details in another way.';
const rest = 'You have nothing more to do.';
const finished = 'You have finished';

export const en: ProgressLabels = {
  title: 'Identity verification',
  list: 'Steps',
  stepOf: 'Step {n} of {total}',
  done: '{n} of {total} steps',
  next: 'Next: {step}',
  more: 'More steps may follow.',
  otherWay: 'This decides nothing yet: there may be another way.',
  steps: {
    ACCEPT_TOS: 'Terms of use',
    VERIFY_SMS: 'Code by text message',
    KYC_CHECK: 'Personal details',
    DOCUMENTARY_VERIFICATION: 'Identity document',
    SELFIE_CHECK: 'Selfie',
    RISK_CHECK: 'Security check',
    SCREENING: 'Compliance check',
  },
  statuses: {
    active: 'In progress',
    passed: 'Done',
    failed: 'Not successful',
    pending_review: 'In review',
    ahead: 'Not started',
    started: 'Started',
    skipped: 'Skipped',
  },
  situations: {
    idle: ['Verify your identity', 'Not started yet.'],
    underway: ['Verifying your identity', ''],
    left: ['You left before the end', 'You can carry on where you stopped.'],
    restart: ['The verification was interrupted', again],
    unavailable: ['The verification is not available right now', 'Please try again in a few hours.'],
    barred: ['The verification could not be carried out', contact],
    unclear: ['The verification was closed', 'We are finding out where it stands.'],
    checking: [finished, 'We are checking the result…'],
    unsent: [finished, 'Your result is still on its way to us. Please keep this page open.'],
    lost: [finished, 'Your result has not reached us. Please contact us.'],
    review: ['Your verification is in review', rest],
    failed: ['Your identity could not be verified', contact],
    verified: ['Your identity is verified', rest],
    expired: ['The verification has expired', again],
    canceled: ['The verification was canceled', contact],
  },
};
