// The same page in Vue, without a package for Link: `Plaid.create` gets the handlers.
import { createApp, defineComponent, h, ref, shallowRef } from 'vue';
import { useLinkTrail } from 'linktrail/vue';

const Verification = defineComponent({
  props: { owner: String },
  setup(props) {
    const successes = ref(0);
    const { handlers, progress } = useLinkTrail(() => ({ endpoint: '/idv', owner: props.owner, onSuccess: () => successes.value++ }));
    const open = () => window.Plaid.create({ token: 'link-sandbox-1', ...handlers.value }).open();
    return () => {
      const { flow, delivery, linkSessionId } = progress.value;
      const shown = { flow, delivery: delivery?.state ?? null, session: linkSessionId, successes: successes.value };
      return h('main', [h('button', { onClick: open }, 'Verify'), h('output', JSON.stringify(shown))]);
    };
  },
});

const owner = shallowRef(null);
const script = document.createElement('script');
script.src = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
script.onload = () => window.show('ana');
document.head.append(script);
createApp({ render: () => (owner.value === null ? null : h(Verification, { owner: owner.value })) }).mount(
  document.body.appendChild(document.createElement('div')),
);
window.show = (name) => {
  document.cookie = `login=${name}`;
  owner.value = name;
};
window.hide = () => (owner.value = null);
