import { createLinkTrail } from '/dist/index.mjs';
import { play } from './play.mjs';

await play(createLinkTrail, globalThis.strict);
