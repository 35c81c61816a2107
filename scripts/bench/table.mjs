// The rows of the table of speeds: what each shows, its goal and its limit. A goal is named when it is missed; a limit fails the command.
const us = (ms) => `${(ms * 1_000).toFixed(ms < 0.01 ? 1 : 0)} µs`;
const millis = (ms) => `${ms.toFixed(1)} ms`;
const ratio = (value) => value.toFixed(2);
const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;

const everywhere = (value) => ({ node: value, chromium: value });

/** `goal` and `limit` are the most that is allowed, in the unit of the value. */
export const rows = [
  { name: '`createLinkTrail` until `ready`', of: 'readyMs', show: millis },
  { name: 'the same, with the import of the shim before it', of: 'importedReadyMs', show: millis },
  { name: 'yoga-layout: `import()` and `loadYoga()`', of: 'yogaMs', show: millis },
  { name: 'ready as a multiple of yoga-layout', of: 'readyRatio', show: ratio, goal: everywhere(0.5) },
  { name: 'the same, with the import of the shim', of: 'importedReadyRatio', show: ratio },
  { name: 'one event among the first thousand', of: 'coldEventMs', show: us, limit: everywhere(0.1) },
  { name: 'one event, warmed up', of: 'eventMs', show: us, goal: { node: 0.01, chromium: 0.05 }, limit: everywhere(0.1) },
  { name: 'the same, 99th percentile', of: 'eventMsP99', show: us },
  { name: 'a session’s first event: stored and posted', of: 'firstEventMs', show: us },
  { name: '10,000 events without a pause', of: 'burstMs', show: millis },
  { name: 'an event among the last thousand as a multiple of one among the first', of: 'burstGrowth', show: ratio, goal: everywhere(1.2) },
  { name: 'the same event in a reducer by hand, without delivery', of: 'plainEventMs', show: us },
  { name: 'a bare `fetch`', of: 'bareMs', show: us },
  { name: '`onSuccess`: stored and posted', of: 'successMs', show: us },
  // Node has no storage and no keepalive: there the ratio is of another thing, and only shown.
  { name: '`onSuccess` as a multiple of the bare `fetch`', of: 'successRatio', show: ratio, goal: everywhere(1.2), limit: { chromium: 1.5 } },
  { name: '50 stored records taken over', of: 'restoreMs', show: millis },
  { name: 'heap left by 1,000,000 events', of: 'heapGrowthBytes', show: kib, goal: everywhere(128 * 1024), limit: everywhere(1024 * 1024) },
  { name: 'linear memory at the start', of: 'memoryBytes', show: kib, goal: everywhere(512 * 1024), limit: everywhere(512 * 1024) },
  { name: 'its growth over 1,000,000 events', of: 'memoryGrowthBytes', show: kib, goal: everywhere(0), limit: everywhere(0) },
];

export const engines = { node: 'Node', chromium: 'Chromium' };

/** Of the measured engines the rows that exceed their `kind`: `goal` or `limit`. */
export const beyond = (found, kind) =>
  rows.flatMap((row) =>
    Object.keys(found)
      .filter((engine) => row[kind]?.[engine] !== undefined && !(found[engine][row.of] <= row[kind][engine]))
      .map((engine) => `${row.name}, ${engines[engine]}: ${row.show(found[engine][row.of])} of ${row.show(row[kind][engine])}`),
  );

function allowed({ show, ...row }, kind) {
  const values = Object.values(row[kind] ?? {}).map(show);
  return [...new Set(values)].join(' / ');
}

export function table(found) {
  const names = Object.keys(found);
  const line = (row) => {
    const cells = names.map((engine) => row.show(found[engine][row.of]));
    return `| ${[row.name, ...cells, allowed(row, 'goal'), allowed(row, 'limit')].join(' | ')} |`;
  };
  const heads = names.map((engine) => engines[engine]);
  return [`| | ${heads.join(' | ')} | goal | limit |`, `|---|${names.map(() => '---|').join('')}---|---|`, ...rows.map(line)].join('\n');
}

/** What the README shows of it, beside the sizes. */
export function shortTable({ node, chromium }, downloaded) {
  const both = (what, show) => `${show(node[what])} | ${show(chromium[what])}`;
  return [
    '| | Node | Chromium |',
    '|---|---|---|',
    `| ready after \`createLinkTrail\` | ${both('readyMs', millis)} |`,
    `| ready, as a multiple of loading yoga-layout | ${both('readyRatio', ratio)} |`,
    `| one event among the first thousand | ${both('coldEventMs', us)} |`,
    `| one event, warmed up | ${both('eventMs', us)} |`,
    `| \`onSuccess\`, as a multiple of a bare \`fetch\` | ${both('successRatio', ratio)} |`,
    `| linear memory, also after 1,000,000 events | ${both('memoryBytes', kib)} |`,
    `| downloaded (brotli) | | ${downloaded} |`,
  ].join('\n');
}
