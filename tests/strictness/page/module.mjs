import { createLinkTrail } from '/dist/index.mjs';
import { play } from './play.mjs';

void play(createLinkTrail, globalThis.strict);
