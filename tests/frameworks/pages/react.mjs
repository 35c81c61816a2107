// A customer's page in React: react-plaid-link opens Link, linktrail follows it, and StrictMode mounts everything twice.
import { StrictMode, createElement as h, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { usePlaidLink } from 'react-plaid-link';
import { useLinkTrail } from 'linktrail/react';

function Verification({ owner }) {
  const [successes, setSuccesses] = useState(0);
  // A function of this render: the one that Link calls must be the newest.
  const { handlers, progress } = useLinkTrail({ endpoint: '/idv', owner, onSuccess: () => setSuccesses(successes + 1) });
  const { open, ready } = usePlaidLink({ token: 'link-sandbox-1', ...handlers });
  const shown = { flow: progress.flow, delivery: progress.delivery?.state ?? null, session: progress.linkSessionId, successes };
  return h('main', null, h('button', { disabled: !ready, onClick: () => open() }, 'Verify'), h('output', null, JSON.stringify(shown)));
}

const root = createRoot(document.body.appendChild(document.createElement('div')));
window.show = (owner) => {
  document.cookie = `login=${owner}`;
  root.render(h(StrictMode, null, h(Verification, { owner })));
};
window.hide = () => root.render(null);
window.show('ana');
