// Which of its situations <linktrail-progress> shows for which progress, and how its steps stand then.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moments } from './moments.mjs';
import { visitors } from './visitor.mjs';

const arrive = visitors();

const situationsOf = (page, all) =>
  page.evaluate(async (moments) => {
    const seen = [];
    for (const one of moments) {
      await show(one);
      seen.push([...element.shadowRoot.querySelector('[part~=base]').part][1]);
    }
    return seen;
  }, all);

describe('what is so', () => {
  it('follows from advice after an exit, from the outcome after the end, and from the verdict in any case', async (t) => {
    const page = await arrive(t);
    assert.deepEqual(await situationsOf(page, Object.values(moments)), Object.keys(moments));
  });

  const completed = { flow: 'completed', outcome: 'passed' };
  const sent = (state) => ({ ...completed, delivery: { state } });
  const cases = [
    ['someone who has come back after an exit is under way', { flow: 'exited', advice: 'none' }, 'underway'],
    ['an exit while somebody reviews waits for them', { flow: 'exited', advice: 'wait' }, 'review'],
    ['advice that this version does not know is no advice', { flow: 'exited', advice: 'wave' }, 'unclear'],
    ['an outcome that this version does not know is still being checked', { ...completed, outcome: 'odd' }, 'checking'],
    ['completed without a word on how is not verified', { ...completed, outcome: 'unknown', advice: 'ask_backend' }, 'checking'],
    ['completed and passed is not verified', completed, 'checking'],
    ['a backend that says active has not decided', { ...completed, verdict: 'active' }, 'checking'],
    ['a verdict that nobody knows says nothing', { ...completed, verdict: 'toString' }, 'checking'],
    ['no verdict says nothing', { ...completed, verdict: null }, 'checking'],
    ['a backend that says failed is right against what passed here', { ...completed, verdict: 'failed' }, 'failed'],
    ['a backend that says success is right against an exit', { flow: 'exited', advice: 'continue', verdict: 'success' }, 'verified'],
    ['a report under way is being checked', sent('sending'), 'checking'],
    ['a report that waits for a login has not been sent', sent('unauthorized'), 'unsent'],
    ['a report that was refused has not arrived', sent('refused'), 'lost'],
    ['a report that was given up has not arrived', sent('expired'), 'lost'],
    ['what failed has failed, arrived or not', { ...sent('waiting'), outcome: 'failed' }, 'failed'],
  ];
  it('in the rarer cases too', async (t) => {
    const page = await arrive(t);
    const seen = await situationsOf(page, cases.map(([, one]) => one));
    assert.deepEqual(cases.map(([what], index) => [what, seen[index]]), cases.map(([what, , situation]) => [what, situation]));
  });
});

describe('the steps', () => {
  const shown = async (t, one, steps) => {
    const page = await arrive(t);
    return page.evaluate(([moment, plan]) => show(moment, plan === undefined ? {} : { steps: plan }), [one, steps]);
  };

  it('that were named and passed over have not started while the session goes on', async (t) => {
    const { steps, detail } = await shown(t, { flow: 'in_progress', steps: 'KYC_CHECK:active' }, 'ACCEPT_TOS, KYC_CHECK ,RISK_CHECK KYC_CHECK');
    assert.deepEqual(steps, ['Terms of use: Not started', '> Personal details: In progress', 'Security check: Not started']);
    assert.equal(detail, 'Next: Security check');
  });

  it('that were named and never came were skipped once it is over', async (t) => {
    const { steps, count } = await shown(t, { flow: 'completed', outcome: 'passed', steps: 'KYC_CHECK:passed' }, 'ACCEPT_TOS KYC_CHECK RISK_CHECK');
    assert.deepEqual(steps, ['Terms of use: Skipped', 'Personal details: Done', 'Security check: Skipped']);
    assert.equal(count, null);
  });

  it('that nobody named stand where they came, and from then on nobody counts', async (t) => {
    const steps = 'ACCEPT_TOS:passed KYC_CHECK:failed DOCUMENTARY_VERIFICATION:active';
    const seen = await shown(t, { flow: 'in_progress', steps }, 'ACCEPT_TOS KYC_CHECK RISK_CHECK');
    assert.deepEqual(seen, {
      headline: 'Verifying your identity',
      detail: 'Next: Security check',
      count: null,
      steps: [
        'Terms of use: Done',
        'Personal details: Not successful (This decides nothing yet: there may be another way.)',
        '> Identity document: In progress',
        'Security check: Not started',
      ],
      more: 'More steps may follow.',
    });
  });

  it('of which Link never told the end had started, and none is under way any more', async (t) => {
    const { steps } = await shown(t, { flow: 'completed', steps: 'KYC_CHECK:active' });
    assert.deepEqual(steps, ['Personal details: Started']);
  });

  it('are counted by those that have ended when the person has left', async (t) => {
    const { count } = await shown(t, { ...moments.left, steps: 'ACCEPT_TOS:passed KYC_CHECK:failed RISK_CHECK:active' }, 'ACCEPT_TOS KYC_CHECK RISK_CHECK');
    assert.equal(count, '2 of 3 steps');
  });
});
