/**
 * The demo's stand-in for Plaid Link: `linktrail/testing`, whose live script asks Plaid's servers what a link token opens and waits for
 * a person. It knows no page: a screen, a clock and the line to Plaid's servers are given to it, so that it plays in Node as well.
 */

import { createPlaid } from 'linktrail/testing';
import type { Clock, LiveCall, Opening, TestPlaid } from 'linktrail/testing';
import { courseOf } from './course.ts';
import type { PlaidLine } from './protocol.ts';
import type { Screen } from './screen.ts';
import { createTurns } from './turns.ts';
import type { Pace } from './turns.ts';
import { createVoice } from './voice.ts';
import type { VoicePowers } from './voice.ts';

export interface LinkPowers extends VoicePowers {
  readonly line: PlaidLine;
  readonly clock: Clock;
  /** A screen for each opening. */
  readonly createScreen: () => Screen;
  readonly pace: Pace;
  readonly warn: (message: string) => void;
}

export function createPlaidStandIn(powers: LinkPowers): TestPlaid {
  const plaid: TestPlaid = createPlaid({
    clock: powers.clock,
    onWarning: powers.warn,
    scenario: (opening) => play(opening, () => plaid.handlers[opening.handler]?.exit(), powers),
  });
  return plaid;
}

/** One opening, from the first screen to the last; `exit` is what closes Link in the middle. */
async function* play({ config, signal, closed }: Opening, exit: () => void, powers: LinkPowers): AsyncGenerator<LiveCall, void> {
  const { line, warn } = powers;
  const screen = powers.createScreen();
  const turns = createTurns(powers, screen, signal);
  const close = (): void => {
    const isWaitedFor = turns.present === 'finish' || turns.present === 'leave';
    if (isWaitedFor) turns.next();
    else exit();
  };
  screen.show({ next: turns.next, hold: turns.hold, close });
  void closed.then(() => screen.hide());

  const token = config.token ?? '';
  let linkSessionId = '';
  try {
    const opened = await line.open(token);
    linkSessionId = opened.linkSessionId;
    yield* courseOf(opened, { ...powers, screen, wait: turns.wait, tell: (change) => line.tell(token, change) });
  } catch (error) {
    if (signal.aborted) return;
    warn(`The stand-in for Plaid could not be reached: ${String(error)}`);
    yield createVoice(linkSessionId, 'null', powers).exit('plaid_unreachable');
  }
}

/** Fifteen letters and digits, as Plaid's request ids have. */
export function randomRequestId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let id = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(15))) id += alphabet.charAt(byte % alphabet.length);
  return id;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
