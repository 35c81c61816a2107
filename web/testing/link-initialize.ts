/**
 * Sets `window.Plaid`, for a test that routes the address of Plaid's own script here. Options are `window.LINKTRAIL_TESTING`, which
 * must be there before; without it, `data-scenario` and `data-speed` of the script tag.
 */

import { createPlaid } from './plaid.js';
import type { ManualPlaid, PlaidOptions, TestPlaid } from './plaid.js';
import type { ScenarioName } from './scenarios.js';

declare global {
  interface Window {
    Plaid?: TestPlaid | ManualPlaid;
    LINKTRAIL_TESTING?: PlaidOptions;
  }
}

function optionsOfTag(): PlaidOptions {
  const { scenario, speed } = document.currentScript?.dataset ?? {};
  return {
    // An unknown name is refused by `createPlaid`.
    scenario: scenario as ScenarioName | undefined,
    speed: speed === undefined ? undefined : Number(speed),
  };
}

if (window.Plaid !== undefined) console.warn('Link was embedded more than once on this page');
window.Plaid = createPlaid(window.LINKTRAIL_TESTING ?? optionsOfTag());
