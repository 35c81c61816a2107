// Makes a bundle smaller than esbuild does, which looks at each function by itself: terser also drops what nothing can reach, of
// which Emscripten's glue has much.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Rewrites the file that an esbuild job wrote, and its source map where there is one. */
export async function minify({ outfile, format }) {
  const terser = await import('terser');
  const map = `${outfile}.map`;
  const options = {
    ecma: 2020,
    module: format === 'esm',
    // A script's own global must keep its name; in modules nothing at the top is seen from outside.
    toplevel: format !== 'iife',
    // Nothing "unsafe": the JavaScript build constructs what looks like plain functions.
    compress: { passes: 4, keep_fargs: false, directives: false },
    format: { ascii_only: true, comments: /^!/ },
    sourceMap: existsSync(map) && { content: readFileSync(map, 'utf8'), url: basename(map) },
  };
  const result = await terser.minify({ [basename(outfile)]: readFileSync(outfile, 'utf8') }, options);
  writeFileSync(outfile, `${result.code}\n`);
  if (result.map !== undefined) writeFileSync(map, result.map);
}
