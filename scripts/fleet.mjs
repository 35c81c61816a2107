// A crowd of cores against a backend that was down. `--write` puts the figures into docs/simulation.md and draws
// docs/fleet.svg.
import { cmakeBuild } from './build.mjs';
import { alone, at, writeWhole } from './repository.mjs';
import { CommandFailed, main, run } from './run_command.mjs';
import { setup } from './setup.mjs';
import { isWriting, numberOption, thousands, writeFigures } from './simulation_document.mjs';

const picture = { width: 760, height: 400, left: 70, right: 20, top: 46, bottom: 48 };
const shownSeconds = 2_400;
const stepSeconds = 5;
const [leastLoad, mostLoad] = [1, 100_000];

const x = (second) => picture.left + (second / shownSeconds) * (picture.width - picture.left - picture.right);
const y = (load) => {
  const share = Math.log10(Math.max(leastLoad, load) / leastLoad) / Math.log10(mostLoad / leastLoad);
  return picture.height - picture.bottom - share * (picture.height - picture.top - picture.bottom);
};

/** The highest second of every few, as a line. */
function line(load) {
  const points = [];
  for (let second = 0; second < shownSeconds; second += stepSeconds) {
    const highest = Math.max(0, ...load.slice(second, second + stepSeconds));
    points.push(`${x(second).toFixed(1)},${y(highest).toFixed(1)}`);
  }
  return points.join(' ');
}

function draw({ core, plain, capacity, outage_ms: outageMs, clients }) {
  const bottom = picture.height - picture.bottom;
  const outageEnd = outageMs / 1000;
  const times = [0, 10, 20, 30, 40].map(
    (minute) => `<text x="${x(minute * 60)}" y="${bottom + 18}" text-anchor="middle">${minute}</text>`,
  );
  const loads = [1, 10, 100, 1_000, 10_000, 100_000].map(
    (load) =>
      `<line class="grid" x1="${picture.left}" x2="${picture.width - picture.right}" y1="${y(load)}" y2="${y(load)}"/>` +
      `<text x="${picture.left - 8}" y="${y(load) + 4}" text-anchor="end">${thousands(load)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-labelledby="title">
<title id="title">Requests per second at a backend that is down for ten minutes, from ${thousands(clients)} clients with full jitter and without jitter</title>
<style>
  svg { background: #ffffff; color: #1f2328; font: 12px system-ui, sans-serif; }
  text { fill: currentColor; }
  .grid { stroke: currentColor; stroke-opacity: 0.13; }
  .outage { fill: currentColor; fill-opacity: 0.07; }
  .capacity { stroke: currentColor; stroke-dasharray: 5 4; }
  .core { stroke: #0a66c2; fill: none; stroke-width: 2; }
  .plain { stroke: #c2410c; fill: none; stroke-width: 1.3; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; color: #e6edf3; }
    .core { stroke: #58a6ff; }
    .plain { stroke: #ff9b62; }
  }
</style>
<rect class="outage" x="${x(0)}" y="${picture.top}" width="${x(outageEnd) - x(0)}" height="${bottom - picture.top}"/>
<text x="${x(outageEnd / 2)}" y="${picture.top + 16}" text-anchor="middle">backend down</text>
${loads.join('\n')}
${times.join('\n')}
<polyline class="plain" points="${line(plain.load)}"/>
<polyline class="core" points="${line(core.load)}"/>
<line class="capacity" x1="${picture.left}" x2="${picture.width - picture.right}" y1="${y(capacity)}" y2="${y(capacity)}"/>
<text x="${picture.width - picture.right}" y="${y(capacity) - 6}" text-anchor="end">capacity ${thousands(capacity)}/s</text>
<text x="${(picture.left + picture.width - picture.right) / 2}" y="${picture.height - 8}" text-anchor="middle">minutes since the backend went down</text>
<text transform="translate(14 ${(picture.top + bottom) / 2}) rotate(-90)" text-anchor="middle">requests per second (log scale)</text>
<line class="core" x1="${picture.left}" x2="${picture.left + 24}" y1="22" y2="22"/>
<text x="${picture.left + 30}" y="26">linktrail, full jitter</text>
<line class="plain" x1="${picture.left + 190}" x2="${picture.left + 214}" y1="22" y2="22"/>
<text x="${picture.left + 220}" y="26">the same back-off without jitter</text>
</svg>
`;
}

const times = (number) => number.toFixed(2);

function table(fleet) {
  const { core, plain, capacity, theory_peak: theory, outage_ms: outageMs, clients } = fleet;
  const minutes = (ms) => ((ms - outageMs) / 60_000).toFixed(1);
  const row = (name, { peak, done_ms: doneMs, delivered }) =>
    `| ${name} | ${thousands(peak)}/s | ${times(peak / capacity)} | ${minutes(doneMs)} min | ${thousands(delivered)} of ${thousands(clients)} |`;
  return [
    '| | peak load after the return | as a multiple of capacity | all delivered after | delivered |',
    '|---|---|---|---|---|',
    row('linktrail', core),
    row('the same back-off, no jitter', plain),
    `| full jitter in theory | ${thousands(theory)}/s | ${times(theory / capacity)} | | |`,
    '',
    `linktrail's peak second is ${times(core.peak / theory)} times what full jitter allows in theory (limit 1.5).`,
  ].join('\n');
}

await main(async () => {
  await setup('native');
  await alone(() => cmakeBuild('release', ['fleet'], 'the fleet'));
  const program = at('build', 'release', 'tests', 'simulation', 'fleet');
  const args = ['--clients', String(numberOption('clients', 100_000))];
  const { code, output } = await run('The fleet sails', program, args, { anyExit: true, timeoutMs: 3_600_000 });
  if (!output.startsWith('{')) throw new CommandFailed('The fleet did not come to its end.', output);
  const fleet = JSON.parse(output);
  const figures = table(fleet);
  console.log(figures);
  if (isWriting()) {
    writeFigures('fleet', figures);
    writeWhole(at('docs', 'fleet.svg'), draw(fleet));
  }
  if (code !== 0) throw new CommandFailed('The fleet lost reports or stampeded.');
  return 0;
});
