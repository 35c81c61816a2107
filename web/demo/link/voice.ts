/** How Link words what it says of one session: the arguments of each callback. */

import type { Clock, LiveCall } from 'linktrail/testing';
import type { View } from './protocol.ts';

export interface Voice {
  event(name: string, view?: View): LiveCall;
  /** One of Link's twelve identity verification events, by the rest of its name. */
  idv(rest: string, view?: View): LiveCall;
  success(): LiveCall;
  /** Without a reason, the person closed Link. */
  exit(reason?: keyof typeof errors): LiveCall;
}

export interface VoicePowers {
  readonly clock: Pick<Clock, 'now'>;
  /** Random characters for request ids. */
  readonly requestId: () => string;
}

const errors = {
  invalid_token: {
    error_type: 'INVALID_INPUT',
    error_code: 'INVALID_LINK_TOKEN',
    error_message: 'invalid link_token provided',
    display_message: null,
  },
  plaid_unreachable: {
    error_type: 'API_ERROR',
    error_code: 'INTERNAL_SERVER_ERROR',
    error_message: 'an unexpected error occurred',
    display_message: null,
  },
};

/** Documented metadata that says nothing, as it was seen in the exit of a finished session. */
const emptyEventMetadata = {
  account_number_mask: '',
  error_type: '',
  error_code: '',
  error_message: '',
  exit_status: '',
  institution_id: '',
  institution_name: '',
  institution_search_query: '',
  is_update_mode: '',
  match_reason: '',
  mfa_type: '',
  routing_number: '',
  selection: '',
};

/**
 * How Link writes what it has nothing to say about; the web documents null, recordings of finished sessions show empty strings and
 * timestamps without milliseconds.
 */
export type Emptiness = 'null' | 'empty';

export function createVoice(linkSessionId: string, emptiness: Emptiness, { clock, requestId }: VoicePowers): Voice {
  const isEmpty = emptiness === 'empty';
  const event: Voice['event'] = (name, view) => {
    const at = new Date(clock.now()).toISOString();
    const common = { link_session_id: linkSessionId, request_id: requestId(), timestamp: isEmpty ? `${at.slice(0, 19)}Z` : at };
    const metadata = isEmpty ? { ...emptyEventMetadata, view_name: view ?? '', ...common } : { ...common, view_name: view ?? null };
    return { callback: 'onEvent', args: [name, metadata] };
  };
  return {
    event,
    idv: (rest, view) => event(`IDENTITY_VERIFICATION_${rest}`, view),
    success: () => ({
      callback: 'onSuccess',
      args: ['', { institution: null, accounts: [], link_session_id: linkSessionId, transfer_status: null }],
    }),
    exit: (reason) => ({
      callback: 'onExit',
      args: [
        reason === undefined ? null : errors[reason],
        {
          institution: isEmpty ? { name: '', institution_id: '' } : null,
          status: isEmpty ? '' : null,
          link_session_id: linkSessionId,
          request_id: isEmpty ? '' : requestId(),
        },
      ],
    }),
  };
}
