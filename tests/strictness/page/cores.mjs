import { compareCores } from './compare.mjs';

const { show, fail } = globalThis.strict;
void compareCores().then(show, fail);
