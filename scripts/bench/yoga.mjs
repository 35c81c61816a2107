// yoga-layout as a page would load it: bundled into one file and minified, as linktrail is.
import { build } from 'esbuild';
import { at } from '../repository.mjs';
import { CommandFailed } from '../run_command.mjs';

export async function bundleYoga() {
  const outfile = at('build', 'bench', 'yoga.mjs');
  const stdin = { contents: "export { loadYoga } from 'yoga-layout/load';", resolveDir: at() };
  try {
    await build({ stdin, outfile, bundle: true, minify: true, format: 'esm', platform: 'neutral', target: 'es2020', logLevel: 'silent' });
  } catch (error) {
    throw new CommandFailed('yoga-layout could not be bundled.', error.message);
  }
  return outfile;
}
