// Runs scenarios many times and sums them up. Knows nothing of how the sums are shown.

/** @param {number[]} values */
export function median(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {string[]} texts */
function counted(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts];
}

/**
 * One scenario, several times.
 *
 * @param {(run: number) => Promise<import('./laboratory.mjs').Outcome>} once
 * @param {number} runs
 */
export async function repeat(once, runs) {
  const outcomes = [];
  const failures = [];
  for (let run = 0; run < runs; run++) {
    try {
      const outcome = await once(run);
      if (outcome.cannot !== null) return { runs: 0, whole: 0, cannot: outcome.cannot, times: [], notes: [], failures: [], broken: [] };
      outcomes.push(outcome);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  const whole = outcomes.filter(({ delivered, of }) => delivered === of).length;
  const sessions = outcomes.reduce((sum, { delivered }) => sum + delivered, 0);
  return {
    runs: outcomes.length + failures.length,
    /** Runs in which everything arrived. */
    whole,
    sessions,
    sessionsInAll: outcomes.reduce((sum, { of }) => sum + of, 0),
    cannot: null,
    times: outcomes.map(({ ms }) => ms).filter((ms) => ms !== null),
    /** What was seen on the way, and in how many runs. */
    notes: counted(outcomes.flatMap((outcome) => outcome.notes)),
    /** Why runs did not come to their end, and how many. */
    failures: counted(failures),
    broken: [...new Set([...outcomes.flatMap(({ broken }) => broken), ...failures])],
  };
}

export const seconds = (ms) => (ms === null ? '–' : `${(ms / 1_000).toFixed(ms < 9_950 ? 2 : 1)} s`);
