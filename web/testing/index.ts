/** `linktrail/testing`: a stand-in for Plaid Link for tests, in Node and in browsers. */

export { createPlaid } from './plaid.js';
export { applyFaults } from './faults.js';
export { scenarios } from './scenarios.js';
export type { Clock } from './clock.js';
export type { Fault, Which } from './faults.js';
export type { LinkCall, LinkConfig, LinkHandler, TestHandler } from './handler.js';
export type { LiveCall, LiveScript } from './live.js';
export type { ManualPlaid, Opening, PlaidOptions, Play, TestPlaid } from './plaid.js';
export type { ScenarioName } from './scenarios.js';
export type { CallbackName, Scenario, Script, ScriptedCall } from './script.js';
