/** The demo without its command lines, for tests and for a browser test that starts it. */

export { createPlaidStandIn, randomRequestId, realClock } from './link/link.ts';
export type { LinkPowers } from './link/link.ts';
export { plaidLineOverHttp } from './link/protocol.ts';
export type { Person, Screen } from './link/screen.ts';
export { scenarios } from './scenarios.ts';
export { contentSecurityPolicy } from './server/page.ts';
export { merge, readReport, told } from './server/report.ts';
export { startDemo } from './server/server.ts';
export type { Demo, DemoOptions } from './server/server.ts';
