/** What can go wrong between Link and a page: a fault is a script turned into another one. */

import { hasOwn } from '../src/es2020.js';
import type { CallbackName, Script, ScriptedCall } from './script.js';

/**
 * Which calls of a script a fault strikes: a callback (`'onSuccess'`) or an event by its name
 * (`'IDENTITY_VERIFICATION_PASS_SESSION'`). Default: all.
 */
export type Which = CallbackName | (string & Record<never, never>);

/**
 * A fault as data, so that it can be handed into a page as JSON; or any function from script to script.
 *
 * - `drop`: the calls never come.
 * - `repeat`: each call comes `times` times in all (default 2), `afterMs` apart (default 5), byte for byte the same.
 * - `delay`: the calls come `ms` later; others may overtake them.
 * - `reorder`: the calls come at the same times in another order; equal seeds (default 1) give equal orders.
 * - `burst`: nothing but `OPEN` is live; everything else comes at the end within `withinMs` (default 60).
 * - `strip_ids`: the metadata has no `link_session_id`.
 * - `strip_metadata`: the metadata is `undefined`.
 * - `hang`: from the first such call on Link answers nothing, and nothing comes of `exit()`; without `of`, from `open()` on.
 */
export type Fault =
  | { readonly kind: 'drop'; readonly of?: Which | undefined }
  | { readonly kind: 'repeat'; readonly of?: Which | undefined; readonly times?: number | undefined; readonly afterMs?: number | undefined }
  | { readonly kind: 'delay'; readonly of?: Which | undefined; readonly ms: number }
  | { readonly kind: 'reorder'; readonly seed?: number | undefined }
  | { readonly kind: 'burst'; readonly withinMs?: number | undefined }
  | { readonly kind: 'strip_ids'; readonly of?: Which | undefined }
  | { readonly kind: 'strip_metadata'; readonly of?: Which | undefined }
  | { readonly kind: 'hang'; readonly of?: Which | undefined }
  | ((script: Script) => Script);

type NamedFault = Exclude<Fault, (script: Script) => Script>;
type Transform<Kind extends NamedFault['kind']> = (script: Script, fault: Extract<NamedFault, { kind: Kind }>) => Script;

const strikes = (call: ScriptedCall, of: Which | undefined): boolean =>
  call.callback !== 'hang' && (of === undefined || call.callback === of || (call.callback === 'onEvent' && call.args[0] === of));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withoutId(call: ScriptedCall): ScriptedCall {
  const [first, metadata, ...rest] = call.args;
  if (!isRecord(metadata)) return call;
  const { link_session_id: _, ...others } = metadata;
  return { ...call, args: [first, others, ...rest] };
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const draw = chance(seed);
  return items
    .map((item) => ({ item, rank: draw() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const transforms: { readonly [Kind in NamedFault['kind']]: Transform<Kind> } = {
  drop: (script, { of }) => script.filter((call) => !strikes(call, of)),
  repeat: (script, { of, times = 2, afterMs = 5 }) =>
    script.flatMap((call) =>
      strikes(call, of) ? Array.from({ length: times }, (_, index) => ({ ...call, ms: call.ms + index * afterMs })) : [call],
    ),
  delay: (script, { of, ms }) => script.map((call) => (strikes(call, of) ? { ...call, ms: call.ms + ms } : call)),
  reorder: (script, { seed = 1 }) => {
    const order = shuffled(script, seed);
    return script.map(({ ms }, index) => ({ ...(order[index] as ScriptedCall), ms }));
  },
  burst: (script, { withinMs = 60 }) => {
    const endMs = Math.max(0, ...script.map(({ ms }) => ms));
    const waiting = script.filter((call) => call.args[0] !== 'OPEN');
    const step = withinMs / Math.max(1, waiting.length - 1);
    return [...script.filter((call) => !waiting.includes(call)), ...waiting.map((call, index) => ({ ...call, ms: endMs + index * step }))];
  },
  strip_ids: (script, { of }) => script.map((call) => (strikes(call, of) ? withoutId(call) : call)),
  strip_metadata: (script, { of }) => script.map((call) => (strikes(call, of) ? { ...call, args: call.args.slice(0, 1) } : call)),
  hang: (script, { of }) => {
    const first = of === undefined ? 0 : script.findIndex((call) => strikes(call, of));
    if (first === -1) return script;
    const ms = of === undefined ? 0 : (script[first]?.ms ?? 0);
    return [...script.slice(0, first), { ms, callback: 'hang', args: [] }];
  },
};

/**
 * A script as it arrives under faults, each applied to what the one before it made, in order of time.
 * @throws TypeError for a kind of fault that does not exist, and for an amount that is no number
 */
export function applyFaults(script: Script, faults: readonly Fault[]): Script {
  return applyTelling(script, faults, () => {});
}

/**
 * The call that a fault names; undefined where it takes them all.
 * @internal
 */
export const aimOf = (fault: Fault): Which | undefined => (typeof fault === 'function' || !('of' in fault) ? undefined : fault.of);

/**
 * The same, and tells of each fault that met the call it names.
 * @internal
 */
export function applyTelling(script: Script, faults: readonly Fault[], met: (fault: Fault) => void): Script {
  return faults.reduce<Script>((before, fault) => {
    const aim = aimOf(fault);
    if (aim !== undefined && before.some((call) => strikes(call, aim))) met(fault);
    const after = typeof fault === 'function' ? fault(before) : applyNamed(before, fault);
    return [...after].sort((a, b) => a.ms - b.ms);
  }, script);
}

function applyNamed<Kind extends NamedFault['kind']>(script: Script, fault: Extract<NamedFault, { kind: Kind }>): Script {
  checkFault(fault);
  const transform: Transform<Kind> = transforms[fault.kind as Kind];
  return transform(script, fault);
}

/** What a fault may say in numbers. One that is none would make a fault that never happens, and a test that cannot fail. */
const amounts = ['ms', 'times', 'afterMs', 'withinMs', 'seed'];

/**
 * @throws TypeError for a kind of fault that does not exist, and for an amount that is no number
 * @internal
 */
export function checkFault(fault: Fault): void {
  if (typeof fault === 'function') return;
  if (!hasOwn(transforms, fault.kind)) {
    throw new TypeError(`No fault is called ${String(fault.kind)}; there are ${Object.keys(transforms).join(', ')}`);
  }
  const given = new Map<string, unknown>(Object.entries(fault));
  for (const name of amounts) {
    const isNeeded = name === 'ms' && fault.kind === 'delay';
    const isFit = given.get(name) === undefined ? !isNeeded : Number.isFinite(given.get(name));
    if (!isFit) throw new TypeError(`The fault ${fault.kind}: ${name} must be a number, not ${String(given.get(name))}`);
  }
}
