// What ARCHITECTURE.md, CONTRIBUTING.md and `npm test` name, held to what there is.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { at } from '../../scripts/repository.mjs';

const read = (...path) => readFileSync(at(...path), 'utf8');
const foldersIn = (folder) => readdirSync(at(folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
const rows = read('ARCHITECTURE.md').split('\n').filter((line) => line.startsWith('| '));
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

describe('the code map', () => {
  it('names every folder of tests/ once, and no other', () => {
    const row = rows.find((line) => line.startsWith('| `tests/` |'));
    // In brackets stands what a folder is, not its name.
    const named = matches(row.replace(/\([^)]*\)/g, ''), /`([a-z]+)`/g);
    assert.deepEqual(named.sort(), foldersIn('tests'));
  });

  it('has a row for every folder of web/, and for no other', () => {
    const first = rows.map((line) => line.split(' | ')[0]);
    const named = new Set(first.flatMap((cell) => matches(cell, /`web\/([a-z]+)\//g)));
    assert.deepEqual([...named].sort(), foldersIn('web'));
  });
});

it('CONTRIBUTING.md has every npm script once', () => {
  const { prepack, ...scripts } = JSON.parse(read('package.json')).scripts;
  assert.equal(prepack, scripts.build);
  const [, block] = /```sh\n([^]*?)```/.exec(read('CONTRIBUTING.md'));
  assert.deepEqual(matches(block, /^npm (?:run )?(\w+)/gm).sort(), Object.keys(scripts).sort());
});

it('npm test runs every folder with tests, and the build tools have a command of their own', () => {
  const withTests = foldersIn('tests').filter((name) => readdirSync(at('tests', name), { recursive: true }).some((file) => file.endsWith('.test.mjs')));
  const calls = /(?:\bnode\('[^']*', |nodeTests\()'tests\/([a-z]+)'/g;
  assert.deepEqual([...matches(read('scripts', 'test.mjs'), calls), ...matches(read('scripts', 'bundlers.mjs'), /at\('tests', '([a-z]+)', `/g)].sort(), withTests);
});
