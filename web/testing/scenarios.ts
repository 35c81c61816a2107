/** Courses of events, made up after what is known of Link, no recordings. Written by scripts/testing_scenarios.mjs. */

import type { Scenario } from './script.js';

/** The names of the scenarios that come with linktrail. */
export type ScenarioName =
  | 'all-documented-keys-null'
  | 'empty-strings-instead-of-null'
  | 'end-of-flow-burst-out-of-order'
  | 'everything-twice'
  | 'exit-after-success'
  | 'exit-invalid-link-token-at-start'
  | 'exit-invalid-link-token-midway'
  | 'exit-midway'
  | 'exit-with-no-arguments'
  | 'fail-session'
  | 'finished-session-ends-in-exit'
  | 'happy-path'
  | 'hostile-values'
  | 'kyc-fail-documentary-pass'
  | 'no-id-anywhere'
  | 'outcome-after-success'
  | 'outcome-then-exit-without-success'
  | 'pending-review-without-view'
  | 'pending-review'
  | 'resume-after-exit'
  | 'retry-makes-a-new-id'
  | 'success-without-id'
  | 'unknown-names-and-views';

/** What linktrail itself is tested with, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'all-documented-keys-null': {
    name: 'all-documented-keys-null',
    note: "the documented web shape, complete",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"account_number_mask":null,"error_type":null,"error_code":null,"error_message":null,"exit_status":null,"institution_id":null,"institution_name":null,"institution_search_query":null,"is_update_mode":null,"match_reason":null,"mfa_type":null,"routing_number":null,"selection":null,"view_name":"ACCEPT_TOS","link_session_id":"idv_SynthNuKeysset","request_id":"9xj8P7DE1s7RFq1","timestamp":"2026-01-15T10:00:01.260Z"}] },
        { ms: 4000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"account_number_mask":null,"error_type":null,"error_code":null,"error_message":null,"exit_status":null,"institution_id":null,"institution_name":null,"institution_search_query":null,"is_update_mode":null,"match_reason":null,"mfa_type":null,"routing_number":null,"selection":null,"view_name":"ACCEPT_TOS","link_session_id":"idv_SynthNuKeysset","request_id":"yhM4WHo437YbFsy","timestamp":"2026-01-15T10:00:03.960Z"}] },
        { ms: 4200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"account_number_mask":null,"error_type":null,"error_code":null,"error_message":null,"exit_status":null,"institution_id":null,"institution_name":null,"institution_search_query":null,"is_update_mode":null,"match_reason":null,"mfa_type":null,"routing_number":null,"selection":null,"view_name":null,"link_session_id":"idv_SynthNuKeysset","request_id":"GgGRdUWkRxfDXJ2","timestamp":"2026-01-15T10:00:04.160Z"}] },
        { ms: 4400, callback: 'onSuccess', args: [null,{"institution":null,"accounts":[],"account":null,"account_id":null,"public_token":null,"link_session_id":"idv_SynthNuKeysset","transfer_status":null}] },
      ],
    ],
  },
  'empty-strings-instead-of-null': {
    name: 'empty-strings-instead-of-null',
    note: "every documented key present, the empty ones as \"\"",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"account_number_mask":"","error_type":"","error_code":"","error_message":"","exit_status":"","institution_id":"","institution_name":"","institution_search_query":"","is_update_mode":"","match_reason":"","mfa_type":"","routing_number":"","selection":"","view_name":"","link_session_id":"idv_SynthEmptyStrs","request_id":"fb2MWUKKFuCv6y4","timestamp":"2026-01-15T10:00:00.760Z"}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"account_number_mask":"","error_type":"","error_code":"","error_message":"","exit_status":"","institution_id":"","institution_name":"","institution_search_query":"","is_update_mode":"","match_reason":"","mfa_type":"","routing_number":"","selection":"","view_name":"ACCEPT_TOS","link_session_id":"idv_SynthEmptyStrs","request_id":"ypNq9nrJjhpX5rb","timestamp":"2026-01-15T10:00:01.260Z"}] },
        { ms: 4000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"account_number_mask":"","error_type":"","error_code":"","error_message":"","exit_status":"","institution_id":"","institution_name":"","institution_search_query":"","is_update_mode":"","match_reason":"","mfa_type":"","routing_number":"","selection":"","view_name":"ACCEPT_TOS","link_session_id":"idv_SynthEmptyStrs","request_id":"nWARnk5C16NpmaA","timestamp":"2026-01-15T10:00:03.960Z"}] },
        { ms: 4200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_SESSION",{"account_number_mask":"","error_type":"","error_code":"","error_message":"","exit_status":"","institution_id":"","institution_name":"","institution_search_query":"","is_update_mode":"","match_reason":"","mfa_type":"","routing_number":"","selection":"","view_name":"","link_session_id":"idv_SynthEmptyStrs","request_id":"","timestamp":"2026-01-15T10:00:04.160Z"}] },
        { ms: 4400, callback: 'onSuccess', args: ["",{"institution":{"name":"","institution_id":""},"accounts":[],"link_session_id":"idv_SynthEmptyStrs","transfer_status":""}] },
      ],
    ],
  },
  'end-of-flow-burst-out-of-order': {
    name: 'end-of-flow-burst-out-of-order',
    note: "only OPEN is live; everything else arrives within 60 ms around onSuccess; ms is the arrival, timestamp the truth",
    openings: [
      [
        { ms: 900, callback: 'onEvent', args: ["OPEN",{"link_session_id":"idv_SynthBurstEndd","request_id":"XPZxi4cNeEN3TJ1","timestamp":"2026-01-15T10:00:00.860Z","view_name":null}] },
        { ms: 120000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"xmNhHQd92DBobsa","timestamp":"2026-01-15T10:01:35.000Z","view_name":"KYC_CHECK"}] },
        { ms: 120005, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"FE3wb5tg2j8w9rt","timestamp":"2026-01-15T10:00:10.100Z","view_name":"VERIFY_SMS"}] },
        { ms: 120010, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthBurstEndd","request_id":"wJqZvLxfksz9FgR","timestamp":"2026-01-15T10:01:38.100Z","view_name":null}] },
        { ms: 120015, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthBurstEndd","request_id":"CwJN5hfa1Afaq3G","timestamp":"2026-01-15T10:00:01.500Z","view_name":null}] },
        { ms: 120020, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"EcwAJfJqa2XS4U8","timestamp":"2026-01-15T10:00:41.500Z","view_name":"KYC_CHECK"}] },
        { ms: 120028, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthBurstEndd"}] },
        { ms: 120032, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthBurstEndd","request_id":"zVBQL4zGNZ9T816","timestamp":"2026-01-15T10:01:44.000Z","view_name":null}] },
        { ms: 120037, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"eA3M59upWDa9E4y","timestamp":"2026-01-15T10:00:41.200Z","view_name":"VERIFY_SMS"}] },
        { ms: 120042, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"5yL6Mt87ax93Tpq","timestamp":"2026-01-15T10:00:02.000Z","view_name":"ACCEPT_TOS"}] },
        { ms: 120047, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthBurstEndd","request_id":"ZnyQHPaSPoMeRPT","timestamp":"2026-01-15T10:00:01.200Z","view_name":null}] },
        { ms: 120052, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthBurstEndd","request_id":"dck1rwLcM7EMDNB","timestamp":"2026-01-15T10:00:09.800Z","view_name":"ACCEPT_TOS"}] },
      ],
    ],
  },
  'everything-twice': {
    name: 'everything-twice',
    note: "two listeners after single-page navigation: every callback twice, a few ms apart, byte for byte the same",
    openings: [
      [
        { ms: 900, callback: 'onEvent', args: ["OPEN",{"link_session_id":"idv_SynthTwiceTwce","request_id":"rDM8VjnNy3DZgf7","timestamp":"2026-01-15T10:00:00.860Z","view_name":null}] },
        { ms: 903, callback: 'onEvent', args: ["OPEN",{"link_session_id":"idv_SynthTwiceTwce","request_id":"rDM8VjnNy3DZgf7","timestamp":"2026-01-15T10:00:00.860Z","view_name":null}] },
        { ms: 1200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthTwiceTwce","request_id":"SDFkWeUnKDC2EZ5","timestamp":"2026-01-15T10:00:01.160Z","view_name":null}] },
        { ms: 1203, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthTwiceTwce","request_id":"SDFkWeUnKDC2EZ5","timestamp":"2026-01-15T10:00:01.160Z","view_name":null}] },
        { ms: 1500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthTwiceTwce","request_id":"yqJf4329sdvFDoW","timestamp":"2026-01-15T10:00:01.460Z","view_name":null}] },
        { ms: 1503, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthTwiceTwce","request_id":"yqJf4329sdvFDoW","timestamp":"2026-01-15T10:00:01.460Z","view_name":null}] },
        { ms: 2000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthTwiceTwce","request_id":"BeQhRsoaR4bVYzo","timestamp":"2026-01-15T10:00:01.960Z","view_name":"KYC_CHECK"}] },
        { ms: 2003, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthTwiceTwce","request_id":"BeQhRsoaR4bVYzo","timestamp":"2026-01-15T10:00:01.960Z","view_name":"KYC_CHECK"}] },
        { ms: 50000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthTwiceTwce","request_id":"J2EGDcL6UkSuNSD","timestamp":"2026-01-15T10:00:49.960Z","view_name":"KYC_CHECK"}] },
        { ms: 50003, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthTwiceTwce","request_id":"J2EGDcL6UkSuNSD","timestamp":"2026-01-15T10:00:49.960Z","view_name":"KYC_CHECK"}] },
        { ms: 50400, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthTwiceTwce","request_id":"qsqDah8NFK3kaRc","timestamp":"2026-01-15T10:00:50.360Z","view_name":null}] },
        { ms: 50403, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthTwiceTwce","request_id":"qsqDah8NFK3kaRc","timestamp":"2026-01-15T10:00:50.360Z","view_name":null}] },
        { ms: 50600, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthTwiceTwce"}] },
        { ms: 50603, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthTwiceTwce"}] },
        { ms: 56000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthTwiceTwce","request_id":"rrzrUAoEJ2AsQkf","timestamp":"2026-01-15T10:00:55.960Z","view_name":null}] },
        { ms: 56003, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthTwiceTwce","request_id":"rrzrUAoEJ2AsQkf","timestamp":"2026-01-15T10:00:55.960Z","view_name":null}] },
      ],
    ],
  },
  'exit-after-success': {
    name: 'exit-after-success',
    note: "observed in the plaid_link namespace; the exit is the closing of the screen, not an abandonment",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthExitAfter","request_id":"smzHeGJQ4NnkYPp","timestamp":"2026-01-15T10:00:01.260Z","view_name":"KYC_CHECK"}] },
        { ms: 9000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthExitAfter","request_id":"1B3zqt9yfhnTMzG","timestamp":"2026-01-15T10:00:08.960Z","view_name":"KYC_CHECK"}] },
        { ms: 9300, callback: 'onSuccess', args: [null,{"link_session_id":"idv_SynthExitAfter"}] },
        { ms: 15000, callback: 'onExit', args: [{"error_type":"ITEM_ERROR","error_code":"INVALID_CREDENTIALS","error_message":"synthetic earlier error","display_message":null},{"institution":null,"status":"requires_credentials","link_session_id":"idv_SynthExitAfter","request_id":"92UttZAfBz8PsnK"}] },
      ],
    ],
  },
  'exit-invalid-link-token-at-start': {
    name: 'exit-invalid-link-token-at-start',
    note: "no IDV event at all; the only id is a UUID from onExit, which /identity_verification/get may not know",
    openings: [
      [
        { ms: 700, callback: 'onEvent', args: ["OPEN",{"link_session_id":"5d3c0a52-6b0e-4f1a-9a57-1c2f6e0b7d11","request_id":"tWi51czpTB6kNj1","timestamp":"2026-01-15T10:00:00.660Z","view_name":null}] },
        { ms: 1500, callback: 'onExit', args: [{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","error_message":"invalid link_token provided","display_message":null},{"institution":null,"status":null,"link_session_id":"5d3c0a52-6b0e-4f1a-9a57-1c2f6e0b7d11","request_id":"pNLz7LkY2YiK7Wv"}] },
      ],
    ],
  },
  'exit-invalid-link-token-midway': {
    name: 'exit-invalid-link-token-midway',
    note: "more than 30 minutes in the flow; EXIT event and onExit in the same burst, EXIT after onExit",
    openings: [
      [
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthStaeToken","request_id":"3H1oKEXHUVNrXZA","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthStaeToken","request_id":"EJp23o7A7wV1yBV","timestamp":"2026-01-15T10:00:01.260Z","view_name":"DOCUMENTARY_VERIFICATION"}] },
        { ms: 1980000, callback: 'onExit', args: [{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","error_message":"invalid link_token provided","display_message":null},{"institution":null,"status":"","link_session_id":"idv_SynthStaeToken","request_id":"WDHTaDEUuujAM7r"}] },
        { ms: 1980003, callback: 'onEvent', args: ["EXIT",{"link_session_id":"idv_SynthStaeToken","request_id":"y1mkdCKHAv3NiNi","timestamp":"2026-01-15T10:32:59.900Z","view_name":null,"exit_status":null,"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","error_message":"invalid link_token provided"}] },
      ],
    ],
  },
  'exit-midway': {
    name: 'exit-midway',
    note: "the user closes Link in a step; error and status are null",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthExitMidwy","request_id":"2mxrUZHCCbcbykG","timestamp":"2026-01-15T10:00:00.760Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthExitMidwy","request_id":"g1xaGiRDqS5yVV2","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthExitMidwy","request_id":"XznU27PFv5spRtB","timestamp":"2026-01-15T10:00:01.260Z","view_name":"ACCEPT_TOS"}] },
        { ms: 4000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthExitMidwy","request_id":"Gf6BCr98WYzNb71","timestamp":"2026-01-15T10:00:03.960Z","view_name":"ACCEPT_TOS"}] },
        { ms: 4300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthExitMidwy","request_id":"ahve8Z7CQA5KPQp","timestamp":"2026-01-15T10:00:04.260Z","view_name":"VERIFY_SMS"}] },
        { ms: 31000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthExitMidwy","request_id":"KjSvg9uKApc8P1X","timestamp":"2026-01-15T10:00:30.960Z","view_name":null}] },
        { ms: 31200, callback: 'onExit', args: [null,{"institution":null,"status":null,"link_session_id":"idv_SynthExitMidwy","request_id":"113JAsnJYQiMk51"}] },
      ],
    ],
  },
  'exit-with-no-arguments': {
    name: 'exit-with-no-arguments',
    note: "observed: a frame message without error and metadata calls onExit(undefined, undefined)",
    openings: [
      [
        { ms: 900, callback: 'onExit', args: [] },
      ],
    ],
  },
  'fail-session': {
    name: 'fail-session',
    note: "onSuccess although the identity was not verified; a RISK_CHECK result without its START",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthFaiSess12","request_id":"peLyfmgphtsiGDh","timestamp":"2026-01-15T10:00:00.760Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthFaiSess12","request_id":"6vzZ9A8JymBL3Ra","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthFaiSess12","request_id":"ckrybYKaBpuTFQr","timestamp":"2026-01-15T10:00:01.260Z","view_name":"VERIFY_SMS"}] },
        { ms: 30000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthFaiSess12","request_id":"L9BRCtSUnb8KaiT","timestamp":"2026-01-15T10:00:29.960Z","view_name":"VERIFY_SMS"}] },
        { ms: 30200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthFaiSess12","request_id":"yNXNrRRUnzijy1J","timestamp":"2026-01-15T10:00:30.160Z","view_name":"KYC_CHECK"}] },
        { ms: 90000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"idv_SynthFaiSess12","request_id":"aikrYwy3JX6dN6H","timestamp":"2026-01-15T10:01:29.960Z","view_name":"KYC_CHECK"}] },
        { ms: 90400, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"idv_SynthFaiSess12","request_id":"m6Q1RFpwAkW1cK3","timestamp":"2026-01-15T10:01:30.360Z","view_name":"RISK_CHECK"}] },
        { ms: 90600, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_SESSION",{"link_session_id":"idv_SynthFaiSess12","request_id":"soB1cbUGWC95eSk","timestamp":"2026-01-15T10:01:30.560Z","view_name":null}] },
        { ms: 90800, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthFaiSess12"}] },
        { ms: 99000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthFaiSess12","request_id":"834HNLNfgUNUTNp","timestamp":"2026-01-15T10:01:38.960Z","view_name":null}] },
      ],
    ],
  },
  'finished-session-ends-in-exit': {
    name: 'finished-session-ends-in-exit',
    note: "an already verified user presses Finish: no outcome event, no onSuccess, onExit without error (plaid_flutter#90, web key names)",
    openings: [
      [
        { ms: 5000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"account_number_mask":"","error_type":"","error_code":"","error_message":"","exit_status":"","institution_id":"","institution_name":"","institution_search_query":"","is_update_mode":"","match_reason":"","mfa_type":"","routing_number":"","selection":"","view_name":"","link_session_id":"idv_SynthFinExit12","request_id":"pGFA9GjUEmwZGMK","timestamp":"2026-01-15T10:00:04Z"}] },
        { ms: 5100, callback: 'onExit', args: [null,{"institution":{"name":"","institution_id":""},"status":"","link_session_id":"idv_SynthFinExit12","request_id":""}] },
      ],
    ],
  },
  'happy-path': {
    name: 'happy-path',
    note: "live stream; IDV onSuccess carries an empty string; the screen closes after success",
    openings: [
      [
        { ms: 900, callback: 'onEvent', args: ["OPEN",{"link_session_id":"idv_SynthHappyPath","request_id":"5gpu8xTwfb5bncQ","timestamp":"2026-01-15T10:00:00.860Z","view_name":null}] },
        { ms: 1200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthHappyPath","request_id":"y1NSrmrKqJyJBMp","timestamp":"2026-01-15T10:00:01.160Z","view_name":null}] },
        { ms: 1500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthHappyPath","request_id":"Db4sTpmtfaVAtLu","timestamp":"2026-01-15T10:00:01.460Z","view_name":null}] },
        { ms: 2000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"x6aVaRHx9VbcDVZ","timestamp":"2026-01-15T10:00:01.960Z","view_name":"ACCEPT_TOS"}] },
        { ms: 9800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"qy5MJxb1MYTxneM","timestamp":"2026-01-15T10:00:09.760Z","view_name":"ACCEPT_TOS"}] },
        { ms: 10100, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"vZvB9XZQHLtHBv4","timestamp":"2026-01-15T10:00:10.060Z","view_name":"VERIFY_SMS"}] },
        { ms: 41200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"utoMrk7eb512LFN","timestamp":"2026-01-15T10:00:41.160Z","view_name":"VERIFY_SMS"}] },
        { ms: 41500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"337ZtWqeeeMFwkX","timestamp":"2026-01-15T10:00:41.460Z","view_name":"KYC_CHECK"}] },
        { ms: 95000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"VXTzCsRPzRxwh83","timestamp":"2026-01-15T10:01:34.960Z","view_name":"KYC_CHECK"}] },
        { ms: 95200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"KkrBPc25dpzanVL","timestamp":"2026-01-15T10:01:35.160Z","view_name":"RISK_CHECK"}] },
        { ms: 97900, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthHappyPath","request_id":"8uhJ2xkQPhxD4Np","timestamp":"2026-01-15T10:01:37.860Z","view_name":"RISK_CHECK"}] },
        { ms: 98100, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthHappyPath","request_id":"BExDB8xGj475zC2","timestamp":"2026-01-15T10:01:38.060Z","view_name":null}] },
        { ms: 98300, callback: 'onSuccess', args: ["",{"institution":null,"accounts":[],"link_session_id":"idv_SynthHappyPath","transfer_status":null}] },
        { ms: 104000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthHappyPath","request_id":"qvTXS4gH8zBHMGM","timestamp":"2026-01-15T10:01:43.960Z","view_name":null}] },
      ],
    ],
  },
  'hostile-values': {
    name: 'hostile-values',
    note: "any frame can forge these; nothing may throw, no id may reach a header with CR or LF in it",
    openings: [
      [
        { ms: 1, callback: 'onEvent', args: [null,null] },
        { ms: 2, callback: 'onEvent', args: [42,"text"] },
        { ms: 3, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",[]] },
        { ms: 4, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":["idv_x"],"view_name":{"a":1},"timestamp":1768471200000}] },
        { ms: 5, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_x\r\nX-Injected: 1","view_name":"KYC_CHECK","timestamp":"2026-01-15T10:00:00.000Z"}] },
        { ms: 6, callback: 'onEvent', args: ["__proto__",{["__proto__"]:{"link_session_id":"idv_polluted"},"constructor":null}] },
        { ms: 7, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"","view_name":"\ud800","timestamp":"9999-99-99T99:99:99Z"}] },
        { ms: 8, callback: 'onSuccess', args: [{},"x"] },
        { ms: 9, callback: 'onExit', args: ["error",7] },
      ],
    ],
  },
  'kyc-fail-documentary-pass': {
    name: 'kyc-fail-documentary-pass',
    note: "a failed step is not a failed session; the documentary step is tried twice; public_token is null; metadata has the one promised key",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthKycFaback","request_id":"ngbm1pPUP8opvi4","timestamp":"2026-01-15T10:00:00.760Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthKycFaback","request_id":"Kyyty5EmYaHyfBu","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"HJHMb5Y98CDzwGs","timestamp":"2026-01-15T10:00:01.260Z","view_name":"ACCEPT_TOS"}] },
        { ms: 5000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"PL4nkVD8rYyCmhs","timestamp":"2026-01-15T10:00:04.960Z","view_name":"ACCEPT_TOS"}] },
        { ms: 5200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"H7r8sv8DfeqGjqh","timestamp":"2026-01-15T10:00:05.160Z","view_name":"KYC_CHECK"}] },
        { ms: 62000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"QQYGkFkvyBsHth4","timestamp":"2026-01-15T10:01:01.960Z","view_name":"KYC_CHECK"}] },
        { ms: 62300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"TVGUQn61wYCvAFw","timestamp":"2026-01-15T10:01:02.260Z","view_name":"DOCUMENTARY_VERIFICATION"}] },
        { ms: 301000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"NqQQBjYWDACb59q","timestamp":"2026-01-15T10:05:00.960Z","view_name":"DOCUMENTARY_VERIFICATION"}] },
        { ms: 301400, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"TXvgi5oLcSZWDAo","timestamp":"2026-01-15T10:05:01.360Z","view_name":"DOCUMENTARY_VERIFICATION"}] },
        { ms: 388000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"v8LzWMs1c25xv4u","timestamp":"2026-01-15T10:06:27.960Z","view_name":"DOCUMENTARY_VERIFICATION"}] },
        { ms: 388200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"JMSox9S3kF1NV6e","timestamp":"2026-01-15T10:06:28.160Z","view_name":"SELFIE_CHECK"}] },
        { ms: 430000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"puGYPMZ74VSaAJ4","timestamp":"2026-01-15T10:07:09.960Z","view_name":"SELFIE_CHECK"}] },
        { ms: 430100, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"QYz47zpWuNYicEo","timestamp":"2026-01-15T10:07:10.060Z","view_name":"RISK_CHECK"}] },
        { ms: 431000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthKycFaback","request_id":"KanBMbcBsqWRKSe","timestamp":"2026-01-15T10:07:10.960Z","view_name":"RISK_CHECK"}] },
        { ms: 431200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthKycFaback","request_id":"4pHXzPftnG4r5zL","timestamp":"2026-01-15T10:07:11.160Z","view_name":null}] },
        { ms: 431300, callback: 'onSuccess', args: [null,{"link_session_id":"idv_SynthKycFaback"}] },
        { ms: 440000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthKycFaback","request_id":"4yNT6W63MqRHAJV","timestamp":"2026-01-15T10:07:19.960Z","view_name":null}] },
      ],
    ],
  },
  'no-id-anywhere': {
    name: 'no-id-anywhere',
    note: "nothing can be posted; that must be visible, not silent",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":null,"request_id":"HVzkCAzhhwpHeBQ","timestamp":"2026-01-15T10:00:01.260Z","view_name":"KYC_CHECK"}] },
        { ms: 60400, callback: 'onSuccess', args: [null,{"institution":null,"accounts":[]}] },
      ],
    ],
  },
  'outcome-after-success': {
    name: 'outcome-after-success',
    note: "hidden-outcome order of before 2024-10-09: CLOSE_UI and onSuccess precede the outcome event",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthHideutcm2","request_id":"EP8CU6HnM6h7UXP","timestamp":"2026-01-15T10:00:01.260Z","view_name":"RISK_CHECK"}] },
        { ms: 3000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthHideutcm2","request_id":"fGRxmt4DamWu4Su","timestamp":"2026-01-15T10:00:02.960Z","view_name":"RISK_CHECK"}] },
        { ms: 3100, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthHideutcm2","request_id":"JK1vtfL3GJRoQ9w","timestamp":"2026-01-15T10:00:03.060Z","view_name":null}] },
        { ms: 3150, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthHideutcm2"}] },
        { ms: 3400, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthHideutcm2","request_id":"cpiriwYfs3sqojS","timestamp":"2026-01-15T10:00:03.360Z","view_name":null}] },
      ],
    ],
  },
  'outcome-then-exit-without-success': {
    name: 'outcome-then-exit-without-success',
    note: "PASS_SESSION was seen, onSuccess never comes; by Plaid's reporting page the outcome event alone means completed",
    openings: [
      [
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_RESUME_SESSION",{"link_session_id":"idv_SynthPassExit1","request_id":"j5M9JC9XBBYbQ76","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthPassExit1","request_id":"T1jFSgRDktrVMGt","timestamp":"2026-01-15T10:00:01.260Z","view_name":"SELFIE_CHECK"}] },
        { ms: 40000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthPassExit1","request_id":"YPmHhKoFfHDqEMs","timestamp":"2026-01-15T10:00:39.960Z","view_name":"SELFIE_CHECK"}] },
        { ms: 40300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthPassExit1","request_id":"hyK7V6eEg9MEACR","timestamp":"2026-01-15T10:00:40.260Z","view_name":null}] },
        { ms: 47000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthPassExit1","request_id":"Qu1aRB9pvpxAG1W","timestamp":"2026-01-15T10:00:46.960Z","view_name":null}] },
        { ms: 47100, callback: 'onExit', args: [null,{"institution":null,"status":null,"link_session_id":"idv_SynthPassExit1","request_id":""}] },
      ],
    ],
  },
  'pending-review-without-view': {
    name: 'pending-review-without-view',
    note: "the step event names no step; only the session event says what happened",
    openings: [
      [
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_RESUME_SESSION",{"link_session_id":"idv_SynthPendNView","request_id":"5vVVFSid8BBWBQ4","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthPendNView","request_id":"YZQ4PBQa6aBQgCe","timestamp":"2026-01-15T10:00:01.260Z","view_name":"RISK_CHECK"}] },
        { ms: 3000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthPendNView","request_id":"KMNbNurr6dnb5Gu","timestamp":"2026-01-15T10:00:02.960Z","view_name":"RISK_CHECK"}] },
        { ms: 3400, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PENDING_REVIEW_STEP",{"link_session_id":"idv_SynthPendNView","request_id":"BnADP35wwWxUvLs","timestamp":"2026-01-15T10:00:03.360Z","view_name":null}] },
        { ms: 3500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION",{"link_session_id":"idv_SynthPendNView","request_id":"6hhmKr4d1iMJDB1","timestamp":"2026-01-15T10:00:03.460Z","view_name":null}] },
        { ms: 3700, callback: 'onSuccess', args: [null,{"link_session_id":"idv_SynthPendNView"}] },
      ],
    ],
  },
  'pending-review': {
    name: 'pending-review',
    note: "a screening hit; PENDING_REVIEW_SESSION is terminal but not in Plaid's stable list",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthPendReviw","request_id":"4cSsW34NpmYr2eU","timestamp":"2026-01-15T10:00:00.760Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthPendReviw","request_id":"SfzhqnXEtmJf6Ko","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthPendReviw","request_id":"6NoCx7Wt7PFNxRm","timestamp":"2026-01-15T10:00:01.260Z","view_name":"KYC_CHECK"}] },
        { ms: 60000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthPendReviw","request_id":"1wKQ787wdtB6s92","timestamp":"2026-01-15T10:00:59.960Z","view_name":"KYC_CHECK"}] },
        { ms: 60200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthPendReviw","request_id":"6m5piFc8SctLpgx","timestamp":"2026-01-15T10:01:00.160Z","view_name":"SCREENING"}] },
        { ms: 61500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PENDING_REVIEW_STEP",{"link_session_id":"idv_SynthPendReviw","request_id":"ZHtot76rZkeQHS9","timestamp":"2026-01-15T10:01:01.460Z","view_name":"SCREENING"}] },
        { ms: 61800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION",{"link_session_id":"idv_SynthPendReviw","request_id":"6UJdMT6jHfBxYct","timestamp":"2026-01-15T10:01:01.760Z","view_name":null}] },
        { ms: 62000, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthPendReviw"}] },
        { ms: 70000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthPendReviw","request_id":"RCBPKdphfZXQqsQ","timestamp":"2026-01-15T10:01:09.960Z","view_name":null}] },
      ],
    ],
  },
  'resume-after-exit': {
    name: 'resume-after-exit',
    note: "second handler with a new link token; Plaid continues the same session, so the id is the same",
    openings: [
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_OPEN_UI",{"link_session_id":"idv_SynthResumePth","request_id":"N1ugPPPMMEEAqFd","timestamp":"2026-01-15T10:00:00.760Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthResumePth","request_id":"5PfemH3dRSPHyLQ","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthResumePth","request_id":"fVaDK2yHgaH6ktH","timestamp":"2026-01-15T10:00:01.260Z","view_name":"ACCEPT_TOS"}] },
        { ms: 4000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthResumePth","request_id":"LHVY9aWpjRhvBJW","timestamp":"2026-01-15T10:00:03.960Z","view_name":"ACCEPT_TOS"}] },
        { ms: 4300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthResumePth","request_id":"iBCEN6oR7kiaQHV","timestamp":"2026-01-15T10:00:04.260Z","view_name":"KYC_CHECK"}] },
        { ms: 20000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthResumePth","request_id":"sSN9fzV1iE4CGVD","timestamp":"2026-01-15T10:00:19.960Z","view_name":null}] },
        { ms: 20100, callback: 'onExit', args: [null,{"institution":null,"status":null,"link_session_id":"idv_SynthResumePth","request_id":""}] },
      ],
      [
        { ms: 800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_RESUME_UI",{"link_session_id":"idv_SynthResumePth","request_id":"hKBvJtQFqpPNrAZ","timestamp":"2026-01-15T10:02:19.960Z","view_name":null}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_RESUME_SESSION",{"link_session_id":"idv_SynthResumePth","request_id":"LKQB9tLDxhgN2bA","timestamp":"2026-01-15T10:02:20.160Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthResumePth","request_id":"iS2L8bpYsYC3HVn","timestamp":"2026-01-15T10:02:20.460Z","view_name":"KYC_CHECK"}] },
        { ms: 50800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthResumePth","request_id":"mumFYRXBYRvUpc9","timestamp":"2026-01-15T10:03:09.960Z","view_name":"KYC_CHECK"}] },
        { ms: 51300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthResumePth","request_id":"EMBpYQ4x49WdLKa","timestamp":"2026-01-15T10:03:10.460Z","view_name":null}] },
        { ms: 51500, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthResumePth"}] },
        { ms: 56800, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CLOSE_UI",{"link_session_id":"idv_SynthResumePth","request_id":"yA2kkeDGEpV4RHF","timestamp":"2026-01-15T10:03:15.960Z","view_name":null}] },
      ],
    ],
  },
  'retry-makes-a-new-id': {
    name: 'retry-makes-a-new-id',
    note: "the backend issued /identity_verification/retry; same page, second handler, second session",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthRetry1111","request_id":"v9LZN6ZK8BSG3Ua","timestamp":"2026-01-15T10:00:01.260Z","view_name":"KYC_CHECK"}] },
        { ms: 50000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_STEP",{"link_session_id":"idv_SynthRetry1111","request_id":"PdMuBfb8V2Hc6fd","timestamp":"2026-01-15T10:00:49.960Z","view_name":"KYC_CHECK"}] },
        { ms: 50200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_FAIL_SESSION",{"link_session_id":"idv_SynthRetry1111","request_id":"2GHg1dvrq92GPBH","timestamp":"2026-01-15T10:00:50.160Z","view_name":null}] },
        { ms: 50400, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthRetry1111"}] },
      ],
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthRetry2222","request_id":"eM4GNF3JpHnY8Hj","timestamp":"2026-01-15T10:03:19.960Z","view_name":null}] },
        { ms: 1600, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthRetry2222","request_id":"LPzD4QbjDqHH4oe","timestamp":"2026-01-15T10:03:20.260Z","view_name":"KYC_CHECK"}] },
        { ms: 51300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthRetry2222","request_id":"KgxMxiopNuqpUUe","timestamp":"2026-01-15T10:04:09.960Z","view_name":"KYC_CHECK"}] },
        { ms: 51500, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthRetry2222","request_id":"wF2VoNzqHpN9tr3","timestamp":"2026-01-15T10:04:10.160Z","view_name":null}] },
        { ms: 51700, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthRetry2222"}] },
      ],
    ],
  },
  'success-without-id': {
    name: 'success-without-id',
    note: "onSuccess has no id, its metadata is undefined; the id of the IDV events stands in",
    openings: [
      [
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthSuccNoidd","request_id":"oCmFezqtjBsqNv1","timestamp":"2026-01-15T10:00:01.260Z","view_name":"KYC_CHECK"}] },
        { ms: 60000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthSuccNoidd","request_id":"Rk6sZnL5z2iZj9d","timestamp":"2026-01-15T10:00:59.960Z","view_name":"KYC_CHECK"}] },
        { ms: 60200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthSuccNoidd","request_id":"TLo89UbkhBvPh8C","timestamp":"2026-01-15T10:01:00.160Z","view_name":null}] },
        { ms: 60400, callback: 'onSuccess', args: [""] },
      ],
    ],
  },
  'unknown-names-and-views': {
    name: 'unknown-names-and-views',
    note: "names Plaid may add without notice; nothing is refused, unknown views are shown as they are",
    openings: [
      [
        { ms: 500, callback: 'onEvent', args: ["OPEN",{"link_session_id":"idv_SynthUnknNames","request_id":"n7mtb5FaS8avCTv","timestamp":"2026-01-15T10:00:00.460Z","view_name":null,"brand_new_key":{"nested":[1,true,null]}}] },
        { ms: 1000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_CREATE_SESSION",{"link_session_id":"idv_SynthUnknNames","request_id":"DXByH7jsLAgy6rE","timestamp":"2026-01-15T10:00:00.960Z","view_name":null}] },
        { ms: 1200, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_WARM_UP_SESSION",{"link_session_id":"idv_SynthUnknNames","request_id":"NPKDrLwmMM33GjQ","timestamp":"2026-01-15T10:00:01.160Z","view_name":null}] },
        { ms: 1300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthUnknNames","request_id":"3mCo3N1zYAHypZS","timestamp":"2026-01-15T10:00:01.260Z","view_name":"ACCEPT_TOS"}] },
        { ms: 1500, callback: 'onEvent', args: ["TRANSITION_VIEW",{"link_session_id":"idv_SynthUnknNames","request_id":"T6bb5HSfGGRsYQe","timestamp":"2026-01-15T10:00:01.460Z","view_name":"VERIFY_PHONE"}] },
        { ms: 4000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthUnknNames","request_id":"Es1CHF5V7FBc3oZ","timestamp":"2026-01-15T10:00:03.960Z","view_name":"ACCEPT_TOS"}] },
        { ms: 4300, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_START_STEP",{"link_session_id":"idv_SynthUnknNames","request_id":"yjjbLiy2QCX7e8n","timestamp":"2026-01-15T10:00:04.260Z","view_name":"LIVENESS_CHECK"}] },
        { ms: 9000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_SKIP_STEP",{"link_session_id":"idv_SynthUnknNames","request_id":"E6MwRpyyzRuK1HJ","timestamp":"2026-01-15T10:00:08.960Z","view_name":"AGE_CHECK"}] },
        { ms: 12000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_STEP",{"link_session_id":"idv_SynthUnknNames","request_id":"v52yNp1bQ1sP4oL","timestamp":"2026-01-15T10:00:11.960Z","view_name":"LIVENESS_CHECK"}] },
        { ms: 12500, callback: 'onEvent', args: ["SOME_FUTURE_EVENT",{"link_session_id":"idv_SynthUnknNames","request_id":"3Z1iwDfjrFgdZ7j","timestamp":"2026-01-15T10:00:12.460Z","view_name":null}] },
        { ms: 13000, callback: 'onEvent', args: ["IDENTITY_VERIFICATION_PASS_SESSION",{"link_session_id":"idv_SynthUnknNames","request_id":"wygyGJeCuQ3VNsm","timestamp":"2026-01-15T10:00:12.960Z","view_name":null}] },
        { ms: 13200, callback: 'onSuccess', args: ["",{"link_session_id":"idv_SynthUnknNames","user_id":"usr_syntheticvalue"}] },
      ],
    ],
  },
};
