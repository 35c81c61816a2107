// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { createLinkTrail } from 'linktrail';
import { applyFaults, createPlaid, scenarios, type Fault, type LiveCall, type LiveScript, type ManualPlaid, type ScenarioName, type Script } from 'linktrail/testing';

const trail = createLinkTrail({ endpoint: '/idv' });
const script: Script = [{ ms: 0, callback: 'onExit', args: [null, {}] }];
const faults: Fault[] = [{ kind: 'drop', of: 'onSuccess' }, { kind: 'delay', of: 'HANDOFF', ms: 5 }, (before) => before.slice(1)];
export const manual: ManualPlaid = createPlaid({ clock: 'manual', scenario: ['happy-path', script, scenarios['exit-midway']], faults });
export const handler = manual.create({ token: 'link-sandbox-1', ...trail.handlers });
export const shortened: Script = applyFaults(scenarios['happy-path'].openings[0], faults);
export const name: ScenarioName = 'fail-session';
// Whatever types a wrapper gives to Link's callbacks.
manual.create({ token: null, onSuccess: (token: string | null, metadata: { link_session_id: string }) => void [token, metadata] });
createPlaid({ scenario: ({ index, config }) => (index === 0 && config.token !== null ? 'fail-session' : []) });
createPlaid({
  // The oldest compiler does not find the type of what is yielded by itself.
  scenario: async function* ({ config, signal, closed }): LiveScript {
    signal.throwIfAborted();
    yield { ms: 5, callback: 'onEvent', args: ['OPEN', { token: config.token }] };
    await closed;
    yield { callback: 'hang', args: [] };
  },
});
const lines: LiveCall[] = [{ callback: 'onSuccess', args: ['', {}] }];
async function* live(): LiveScript {
  yield* lines;
}
createPlaid({ scenario: ({ index }) => (index === 0 ? live() : 'happy-path') });

// @ts-expect-error 2769: no scenario has this name
createPlaid({ scenario: 'no-such' });
// @ts-expect-error 2769: no fault has this name
createPlaid({ faults: [{ kind: 'explode' }] });
// @ts-expect-error 2339: only a manual clock is moved by hand
createPlaid().advance(1);
// @ts-expect-error 2741: an onSuccess is demanded
manual.create({ token: 'link-sandbox-1' });
// @ts-expect-error 2769: a live script is made anew for each opening
createPlaid({ scenario: live() });
// @ts-expect-error 2769: no callback has this name
createPlaid({ scenario: async function* () { yield { callback: 'onReady', args: [] }; } });
