// docs/api.md is what the shipped types say, and they say something of every name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { apiDocument, apiText, undocumented } from '../../scripts/api.mjs';

it('every public name, and every member that its type alone does not explain, is documented', () => {
  assert.deepEqual(undocumented(), []);
});

it('docs/api.md is up to date (npm run api)', () => {
  assert.equal(readFileSync(apiDocument, 'utf8'), apiText());
});
