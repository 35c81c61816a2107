// Reads the scenario files: one JSON value per line, a header, the calls of Link, and what a tracker may conclude.
import { readFileSync, readdirSync } from 'node:fs';

/** Of Link's calls; those in `answers` are of what the backend says, too. */
export function readScenarios(folder = new URL('.', import.meta.url)) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => {
      const lines = readFileSync(new URL(name, folder), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
      return { name: lines[0].scenario, note: lines[0].note, calls: lines.slice(1, -1), expect: lines.at(-1).expect };
    });
}
