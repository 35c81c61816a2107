// A customer's page with a driver: a button that opens Link, and what came of it under `window`, for whoever tests it.
import { createLinkTrail } from 'linktrail';
import { createLinkDriver } from 'linktrail/link';

const fetchLinkToken = async () => (await fetch('/token')).text();
const nonce = document.querySelector('script[nonce]')?.nonce;
const results = [];
const states = [];
const errors = [];
const trail = createLinkTrail({ endpoint: '/idv', owner: 'ana', onError: (error) => errors.push(String(error)) });
const link = createLinkDriver({ trail, fetchLinkToken, nonce });
link.subscribe(({ state }) => state !== states.at(-1) && states.push(state));
const open = async () => results.push(await link.open());
document.querySelector('button').onclick = open;
/** A second one at the same moment, for somebody else on the page. */
const openTwo = () => {
  const other = createLinkDriver({ trail: createLinkTrail({ endpoint: '/idv', owner: 'bo' }), fetchLinkToken, nonce });
  void open();
  void other.open().then((result) => results.push(result));
};
Object.assign(window, { trail, link, results, states, errors, open, openTwo });
