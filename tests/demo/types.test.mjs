// The types of the demo that no compiler reads as they stand: its component in Vue, the template too, and what its guide shows of React.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileScript, parse } from 'vue/compiler-sfc';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What the compiler prints of the component, made a module as the build makes one of it. */
function printed(t, source) {
  const folder = at(`build/demo-types-${process.pid}`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(`${folder}/vue`, { recursive: true });
  const { descriptor } = parse(source);
  writeFileSync(`${folder}/vue/Verification.ts`, compileScript(descriptor, { id: 'demo', inlineTemplate: true }).content);
  // What is generated around the template is untyped, and imports names that it then does not use.
  const compilerOptions = { rootDirs: ['.', '../../web/demo'], noUnusedLocals: false, noUnusedParameters: false, noImplicitAny: false };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ extends: '../../tsconfig.node.json', compilerOptions, include: ['vue', '../../web/src/core_module.d.ts'] }));
  const { stdout } = spawnSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '--project', folder], { cwd: at(''), encoding: 'utf8' });
  return stdout;
}

const component = readFileSync(at('web/demo/vue/Verification.vue'), 'utf8');

test('the component in Vue compiles under strict types', (t) => {
  assert.equal(printed(t, component), '');
});

test("what the guide tells React's JSX of the element is what the demo in React compiles with", () => {
  const [, told] = /<!-- example: linktrail-progress\.d\.ts -->\n```ts\n([^]*?)```/.exec(readFileSync(at('docs/frameworks.md'), 'utf8'));
  assert.equal(told, readFileSync(at('web/demo/react/linktrail-progress.d.ts'), 'utf8'));
});

test('a name that is misspelt in its script or in its template does not', (t) => {
  assert.match(printed(t, component.replace('failure.value = failures[', 'failure.value = failures.none[')), /error TS/);
  assert.match(printed(t, component.replace('choice.steps', 'choice.stepts')), /error TS2551/);
});
