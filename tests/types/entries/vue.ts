// Each line below an `@ts-expect-error` must not compile, for the reason whose number stands there.
import { ref } from 'vue';
import type { LinkTrailOptions } from 'linktrail';
import { useLinkTrail } from 'linktrail/vue';

const options: LinkTrailOptions = { endpoint: '/idv', owner: 'ana' };
export const flow = (): string => useLinkTrail(() => options).progress.value.flow;
useLinkTrail(ref(options));
export const ready = useLinkTrail(options).trail.value?.ready;
// @ts-expect-error 2345: an endpoint is demanded
useLinkTrail({ owner: 'ana' });
// @ts-expect-error 2339: in Vue the handlers are a ref
useLinkTrail(options).handlers.onSuccess();
// @ts-expect-error 2540: whose value is read, never written
useLinkTrail(options).progress.value = useLinkTrail(options).progress.value;
