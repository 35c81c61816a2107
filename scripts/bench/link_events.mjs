// Events as Link gives them to `onEvent`: sessions of any length whose steps are begun and passed, one after the other. Runs in Node
// and in a page.
const views = ['ACCEPT_TOS', 'VERIFY_SMS', 'KYC_CHECK', 'DOCUMENTARY_VERIFICATION', 'SELFIE_CHECK', 'RISK_CHECK', 'WATCHLIST_SCREENING'];
const began = Date.UTC(2026, 0, 15, 10);
let serial = 0;

function metadataOf(id, view) {
  serial += 1;
  return {
    link_session_id: id, request_id: `request${serial}`, view_name: view, timestamp: new Date(began + serial * 500).toISOString(),
    error_type: null, error_code: null, error_message: null, exit_status: null, institution_id: null,
  };
}

/** The callback that names a session. */
export const opening = (id) => ['IDENTITY_VERIFICATION_CREATE_SESSION', metadataOf(id, null)];

/** The arguments of the `count` callbacks behind it, made beforehand, so that making them is not measured. */
export function stepsOf(id, count) {
  return Array.from({ length: count }, (_, index) => {
    const name = index % 2 === 0 ? 'START_STEP' : 'PASS_STEP';
    return [`IDENTITY_VERIFICATION_${name}`, metadataOf(id, views[(index >> 1) % views.length])];
  });
}

/** What each call took, in milliseconds. */
export function timeEach(handler, calls) {
  const stamps = new Float64Array(calls.length + 1);
  stamps[0] = performance.now();
  for (let index = 0; index < calls.length; index++) {
    handler(calls[index][0], calls[index][1]);
    stamps[index + 1] = performance.now();
  }
  return Array.from(calls, (_, index) => stamps[index + 1] - stamps[index]);
}
