// The package's entries besides the main one. Each is a folder `web/<name>` with an `index.ts`, becomes `dist/<name>/` and is
// named in package.json under `exports` and `typesVersions`. Code of the main entry is shared with it, never copied.

/**
 * - `peers`: what the page's own project brings.
 * - `isClientOnly`: a server that renders React components must not run it, but hand it to the browser.
 * - `isReadable`: not minified; customers read it in stack traces.
 * - `script`: a file beside the modules for a script tag, made of the folder's `global.ts`; it holds all it needs.
 * - `hasCore`: a folder with a core of its own, which a page loads in place of the plain one.
 * - `limit`: what a page downloads for it besides the main entry, in bytes after brotli 11; none where no page of customers loads it.
 */
export const entries = [
  { name: 'analytics', limit: 1.2 * 1024 },
  { name: 'link', hasCore: true, limit: 3.6 * 1024 },
  { name: 'progress', script: 'linktrail-progress.global.js', limit: 7.5 * 1024 },
  { name: 'react', peers: ['react'], isClientOnly: true, limit: 0.8 * 1024 },
  { name: 'recorder', limit: 2.3 * 1024 },
  { name: 'testing', isReadable: true },
  { name: 'timeline', limit: 8.4 * 1024 },
  { name: 'vue', peers: ['vue'], limit: 0.9 * 1024 },
];
