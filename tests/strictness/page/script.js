import('/page/play.mjs').then(({ play }) => play(LinkTrail.createLinkTrail, globalThis.strict), globalThis.strict.fail);
