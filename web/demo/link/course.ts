/** What Link says in one opening, as a live script of `linktrail/testing`, and what it tells Plaid before. It draws and times nothing. */

import type { LiveCall } from 'linktrail/testing';
import { planOf } from './plans.ts';
import type { Plan, StepPlan } from './plans.ts';
import type { Change, Opened, Result } from './protocol.ts';
import type { Screen } from './screen.ts';
import type { Turns } from './turns.ts';
import { createVoice } from './voice.ts';
import type { Voice, VoicePowers } from './voice.ts';

export interface CoursePowers extends VoicePowers {
  readonly screen: Pick<Screen, 'step' | 'ending'>;
  readonly wait: Turns['wait'];
  readonly tell: (change: Change) => Promise<void>;
}

type Course = AsyncGenerator<LiveCall, void>;

const resultWord: Readonly<Record<Result, string>> = {
  passed: 'PASS',
  failed: 'FAIL',
  pending_review: 'PENDING_REVIEW',
};

/** All of it, given what Plaid's servers made of the link token. */
export function courseOf(opened: Opened, powers: CoursePowers): Course {
  const id = opened.linkSessionId;
  if (opened.kind === 'invalid_token') return refused(createVoice(id, 'null', powers), powers);
  if (opened.kind === 'finished' || opened.scenario === 'already-finished') return finishedBefore(createVoice(id, 'empty', powers), powers);
  return verification(planOf(opened), opened.begun, createVoice(id, 'null', powers), powers);
}

async function* refused(voice: Voice, { wait }: CoursePowers): Course {
  await wait('link', 700);
  yield voice.event('OPEN');
  await wait('link', 800);
  yield voice.exit('invalid_token');
}

async function* finishedBefore(voice: Voice, { wait, screen }: CoursePowers): Course {
  screen.ending('passed');
  await wait('finish', 5_000);
  yield voice.idv('CLOSE_UI');
  await wait('link', 100);
  yield voice.exit();
}

async function* verification(plan: Plan, begun: boolean, voice: Voice, powers: CoursePowers): Course {
  const { wait, tell } = powers;
  if (plan.openMs !== null && !begun) {
    await wait('link', plan.openMs);
    yield voice.event('OPEN');
  }
  await wait('link', plan.screenMs);
  yield voice.idv(begun ? 'RESUME_UI' : 'OPEN_UI');
  await wait('link', plan.sessionMs);
  await tell({ kind: 'begun' });
  yield voice.idv(begun ? 'RESUME_SESSION' : 'CREATE_SESSION');
  for (const step of plan.steps) yield* stepOf(step, voice, powers);
  if (plan.outcome !== null) {
    yield* ending(plan, plan.outcome, voice, powers);
  } else {
    await wait('link', plan.closeMs);
    yield voice.exit();
  }
}

async function* stepOf({ view, startMs, endMs, turn, result }: StepPlan, voice: Voice, { wait, tell, screen }: CoursePowers): Course {
  if (startMs !== null) {
    await wait('link', startMs);
    await tell({ kind: 'step_begun', view });
    screen.step(view, turn === 'leave');
    yield voice.idv('START_STEP', view);
  }
  await wait(turn, endMs);
  if (result === 'left') {
    yield voice.idv('CLOSE_UI');
    return;
  }
  await tell({ kind: 'step_ended', view, result });
  yield voice.idv(`${resultWord[result]}_STEP`, view);
}

async function* ending(plan: Plan, outcome: Result, voice: Voice, { wait, tell, screen }: CoursePowers): Course {
  await wait('link', plan.outcomeMs);
  await tell({ kind: 'ended', outcome });
  yield voice.idv(`${resultWord[outcome]}_SESSION`);
  if (plan.successMs !== null) {
    await wait('link', plan.successMs);
    yield voice.success();
  }
  screen.ending(outcome);
  await wait('finish', plan.closeMs);
  yield voice.idv('CLOSE_UI');
  if (plan.successMs !== null) return;
  // After a success Link closes without a word. Without one it exits, and says no more than that.
  await wait('link', 100);
  yield voice.exit();
}
