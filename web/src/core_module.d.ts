/**
 * The types of the two modules that the build puts beside the shim, and of the one word it writes into it.
 * Written by hand: Emscripten's own types for a string parameter are too wide to be of use.
 */

/** Starts one more instance of the compiled core, with a memory of its own. */
type LinktrailStartModule = () => Promise<import('./core_loader.js').CoreHandle>;
/** What comes with it, since only a running core orders it. */
type LinktrailSend = typeof import('./transport.js').send;

/** The core as WebAssembly, with its bytes inside; beside `linktrail/link` the one that drives Link as well. */
declare module '*/core.mjs' {
  export const startModule: LinktrailStartModule;
  export const send: LinktrailSend;
}

/** The same core, compiled to JavaScript. */
declare module '*/core-js.mjs' {
  export const startModule: LinktrailStartModule;
  export const send: LinktrailSend;
}

/** The version in package.json, written in by the build. */
declare const __LINKTRAIL_VERSION__: string;
