// What the bench claims besides its figures: that its peer does the same work, and that its documents show what it measured.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { at } from '../../scripts/repository.mjs';
import { opening, stepsOf } from '../../scripts/bench/link_events.mjs';
import { createPlainReducer } from '../../scripts/bench/plain_reducer.mjs';
import { medianOfTens } from '../../scripts/bench/statistics.mjs';
import { beyond, rows, table } from '../../scripts/bench/table.mjs';
import { createLinkTrail } from '../../dist/index.mjs';

const session = (kind) => {
  const [name, metadata] = opening('idv_Peer');
  return [`${name.slice(0, name.indexOf('CREATE'))}${kind}`, metadata];
};

/** A session with every kind of end, its steps longer than the limit of marks. */
const calls = [session('OPEN_UI'), session('CREATE_SESSION'), ...stepsOf('idv_Peer', 300), session('PENDING_REVIEW_SESSION'), session('CLOSE_UI')];
const orders = {
  'as they came': calls,
  'each twice': calls.flatMap((call) => [call, call]),
  'neighbours swapped': calls.map((_, index) => calls[index ^ 1] ?? calls[index]),
};

for (const [order, played] of Object.entries(orders)) {
  it(`the reducer by hand comes to the steps, the flow and the outcome of linktrail, calls ${order}`, async (t) => {
    t.mock.method(globalThis, 'fetch', async () => new Response(null, { status: 204 }));
    const trail = createLinkTrail({ endpoint: 'http://127.0.0.1:1/idv' });
    t.after(() => trail.dispose());
    await trail.ready;
    const plain = createPlainReducer(() => {});
    for (const [name, metadata] of played) {
      trail.handlers.onEvent(name, metadata);
      plain.onEvent(name, metadata);
    }
    const shape = ({ steps, flow, outcome, uiOpen, linkSessionId }) => ({
      steps: steps.map(({ viewName, status, attempts }) => [viewName, status, attempts]), flow, outcome, uiOpen, linkSessionId,
    });
    assert.deepEqual(shape(plain.progress()), shape(trail.progress));
    assert.equal(plain.progress().outcome, 'pending_review');
  });
}

it('a figure beyond its goal or its limit is named with both, and so is one that is missing', () => {
  const fine = Object.fromEntries(rows.map(({ of }) => [of, 0]));
  assert.deepEqual(beyond({ node: fine, chromium: fine }, 'goal'), []);
  assert.deepEqual(beyond({ node: { ...fine, eventMs: 0.02 } }, 'goal'), ['one event, warmed up, Node: 20 µs of 10 µs']);
  assert.deepEqual(beyond({ node: { ...fine, eventMs: 0.02 } }, 'limit'), []);
  assert.equal(beyond({ chromium: { ...fine, successRatio: 1.51 } }, 'limit').length, 1);
  assert.equal(beyond({ node: { ...fine, memoryGrowthBytes: NaN } }, 'limit').length, 1);
});

it('the median of tens is that of the means of ten neighbours', () => {
  assert.equal(medianOfTens([...Array(10).fill(0), ...Array(9).fill(0), 10, ...Array(10).fill(5), 7]), 1);
});

it('the table of docs/speed.md has the rows, goals and limits of the bench, and the README its figures', () => {
  const document = readFileSync(at('docs', 'speed.md'), 'utf8');
  const nothing = Object.fromEntries(rows.map(({ of }) => [of, 0]));
  const outer = (line) => [line.split(' | ')[0], ...line.split(' | ').slice(-2)];
  // The core alone has a table of its own, with two columns.
  const isRow = (line) => line.split(' | ').length === 5 && rows.some(({ name }) => line.startsWith(`| ${name} |`));
  const measured = document.split('\n').filter(isRow);
  const planned = table({ node: nothing, chromium: nothing }).split('\n').slice(2);
  assert.deepEqual(measured.map(outer), planned.map(outer));
  const readme = readFileSync(at('README.md'), 'utf8');
  const figures = (text, start) => text.split('\n').find((line) => line.startsWith(start)).split(' | ').slice(1, 3).map((cell) => cell.replace(/ \|$/, ''));
  for (const row of ['| one event among the first thousand |', '| one event, warmed up |']) {
    assert.deepEqual(figures(readme, row), figures(document, row));
  }
  assert.deepEqual(figures(readme, '| linear memory,'), figures(document, '| linear memory at the start |'));
});
