/** The effects that the core asks for, as they come over the boundary. Their meaning is told in `wasm/core/encode.hpp`. */

import type { Advice, Durability, Receipt } from './types.js';

export type Effect =
  | { do: 'store'; key: string; text: string }
  | { do: 'erase'; key: string }
  | { do: 'erase_prefix'; prefix: string; told: string }
  | { do: 'post'; post: number; key: string; body: string | number; timeout_ms: number; keepalive: boolean }
  | { do: 'resolve_headers' }
  | { do: 'wake_after'; delay_ms: number }
  | { do: 'scan' }
  | { do: 'settle'; receipt: Receipt; undelivered: boolean }
  | { do: 'answer_receipt'; receipt: Receipt; settled: boolean }
  | { do: 'notify' }
  | LinkEffect;

/** An order to the driver of `linktrail/link`; without one nothing carries it out. */
export interface LinkEffect {
  do: 'link';
  order: 'load_script' | 'request_token' | 'open' | 'exit' | 'destroy' | 'show' | 'settle';
  /** Of `load_script` and `request_token`, in milliseconds. */
  timeout_ms: number;
  /** Of `show`. */
  state: 'idle' | 'preparing' | 'open' | 'finished' | 'closing';
  /** Of `show`: empty, or when Link was opened, a space, and the session where Link has named one. */
  interrupted: string;
  /** Of `settle`; the last three are what failed. */
  ending: 'completed' | 'exited' | 'closed' | 'script' | 'token' | 'handler';
  /** Of `settle`: `none` where Link told of the end, so that the progress advises. */
  advice: Advice;
}

export type EffectOf<Name extends Effect['do']> = Extract<Effect, { do: Name }>;

/** One hand per effect: an effect without a hand does not compile, but for those of an entry that need not be there. */
export type Hands = { [Name in Exclude<Effect['do'], 'link'>]: (effect: EffectOf<Name>) => void } & {
  link?: (effect: LinkEffect) => void;
};

/** What the shim tells the core, apart from Link's callbacks. */
export type PlatformEvent =
  | { type: 'started'; endpoint: string; owner: string | null; page: string; version: string; locks: boolean }
  | {
      type: 'post_answered';
      post: number;
      kind: 'response' | 'redirected' | 'network_failed' | 'timed_out';
      status?: number;
      retry_after?: string | null;
      date?: string | null;
    }
  | { type: 'verdict_told'; post: number; status: string }
  | { type: 'record_stored'; key: string; durability: Durability }
  | { type: 'records_found'; records: { key: string; text: string }[]; orphaned: boolean }
  | { type: 'storage_changed' }
  | { type: 'woken' }
  | { type: 'page_changed'; signal: 'visible' | 'hidden' | 'restored' | 'online' | 'offline' }
  | { type: 'headers_resolved' }
  | { type: 'headers_failed' }
  | { type: 'flush_requested' }
  | { type: 'forget_requested' }
  | { type: 'forgotten_elsewhere'; told: string }
  | { type: 'disposed' }
  | { type: 'receipt_requested'; link_session_id: string | null }
  | { type: 'link_driven'; signal: LinkSignal };

/** What the driver of `linktrail/link` tells the core. */
export type LinkSignal =
  | 'attached'
  | 'open_requested'
  | 'close_requested'
  | 'detached'
  | 'script_loaded'
  | 'script_failed'
  | 'token_received'
  | 'token_failed'
  | 'handler_opened'
  | 'handler_failed';
