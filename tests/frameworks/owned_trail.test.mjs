// What a component's trail does when frameworks and pages do what they seldom do, in Node: hidden and shown again, options changed
// in place. Real frameworks in a real browser are in frameworks.test.mjs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { useLinkTrail } from 'linktrail/vue';
import { effectScope, reactive, ref } from 'vue';
import { openBrowser } from '../web/fake_page.mjs';

for (const [what, make] of Object.entries({ ref, reactive })) {
  test(`in Vue an owner that is changed within a ${what} is another owner`, () => {
    openBrowser();
    const options = make({ endpoint: '/idv', owner: 'ana' });
    const scope = effectScope();
    const { handlers, trail } = scope.run(() => useLinkTrail(options));
    const ofAna = [handlers.value, trail.value];
    (options.value ?? options).owner = 'bo';
    assert.notEqual(handlers.value, ofAna[0]);
    assert.notEqual(trail.value, ofAna[1]);
    scope.stop();
  });
}
