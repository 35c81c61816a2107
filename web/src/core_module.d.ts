/**
 * The types of the two modules that the build puts beside the shim, and of the one word it writes into it.
 * Written by hand: Emscripten's own types for a string parameter are too wide to be of use.
 */

/** What a chunk exports: a function that starts one more instance of the compiled core, with a memory of its own. */
type LinktrailStartModule = () => Promise<import('./core_loader.js').CoreHandle>;

/** The core as WebAssembly, with its bytes inside; beside `linktrail/link` the one that drives Link as well. */
declare module '*/core.mjs' {
  export const startModule: LinktrailStartModule;
}

/** The same core, compiled to JavaScript. */
declare module '*/core-js.mjs' {
  export const startModule: LinktrailStartModule;
}

/** The version in package.json, written in by the build. */
declare const __LINKTRAIL_VERSION__: string;
