// Every situation the element knows, each as a moment of a session; the property names are those of `situations` among the labels.
const steps = 'ACCEPT_TOS:passed VERIFY_SMS:active';
const all = 'ACCEPT_TOS:passed KYC_CHECK:failed DOCUMENTARY_VERIFICATION:passed SCREENING:pending_review NEW_STEP:passed';
const exited = { flow: 'exited', steps };
const completed = { flow: 'completed', steps: all };
const delivery = (state) => ({ linkSessionId: 'idv_1', state, attempts: 1, durability: 'disk', lastStatus: 503, nextAttemptAt: null, idempotencyKey: 'k' });

export const moments = {
  idle: {},
  underway: { flow: 'in_progress', steps },
  left: { ...exited, advice: 'continue' },
  restart: { ...exited, advice: 'new_token' },
  unavailable: { ...exited, advice: 'retry_later' },
  barred: { ...exited, advice: 'manual_review' },
  unclear: { ...exited, advice: 'ask_backend' },
  checking: { ...completed, outcome: 'passed', delivery: delivery('delivered') },
  unsent: { ...completed, outcome: 'passed', delivery: delivery('waiting') },
  lost: { ...completed, outcome: 'passed', delivery: delivery('undeliverable') },
  review: { ...completed, outcome: 'pending_review', advice: 'wait' },
  failed: { ...completed, outcome: 'failed', advice: 'manual_review' },
  verified: { ...completed, outcome: 'failed', advice: 'manual_review', verdict: 'success' },
  expired: { ...exited, advice: 'continue', verdict: 'expired' },
  canceled: { ...exited, advice: 'continue', verdict: 'canceled' },
};

export const plan = 'ACCEPT_TOS VERIFY_SMS KYC_CHECK DOCUMENTARY_VERIFICATION SELFIE_CHECK';
