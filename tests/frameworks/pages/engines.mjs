// A page that follows a verification in the way its address asks for: a hook, a composable, or a trail with a funnel and a
// recorder. Link is the stand-in of linktrail/testing, which is on the page already.
import { createElement as element } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp } from 'vue';
import { createLinkTrail } from 'linktrail';
import { followFunnel } from 'linktrail/analytics';
import { useLinkTrail as useInReact } from 'linktrail/react';
import { createRecorder } from 'linktrail/recorder';
import { useLinkTrail as useInVue } from 'linktrail/vue';

const options = { endpoint: '/idv', owner: 'ana' };
let following = () => null;
const follow = (handlers, progress) => {
  following = progress;
  window.verify = () => window.Plaid.create({ token: 'link-sandbox-1', ...handlers }).open();
};

const ways = {
  react() {
    const Verification = () => {
      const { handlers, progress } = useInReact(options);
      follow(handlers, () => progress);
      return null;
    };
    createRoot(document.body).render(element(Verification));
  },
  vue() {
    const setup = () => {
      const { handlers, progress } = useInVue(() => options);
      follow(handlers.value, () => progress.value);
      return () => null;
    };
    createApp({ setup }).mount(document.body);
  },
  plain() {
    const trail = createLinkTrail(options);
    const facts = [];
    followFunnel(trail, (fact) => facts.push(fact));
    const recorder = createRecorder(trail);
    Object.assign(window, { facts, recorder });
    follow(trail.handlers, () => trail.progress);
  },
};
window.shown = () => {
  const progress = following();
  return progress === null ? null : { flow: progress.flow, outcome: progress.outcome, delivery: progress.delivery?.state ?? null };
};
ways[new URL(location.href).searchParams.get('way')]();
