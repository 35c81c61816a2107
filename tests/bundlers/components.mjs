// What surrounds the recipes of docs/elements.md in a customer's project, and how their framework's own compiler builds it.
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/repository.mjs';

export const linkScript = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';

/** An example of the document, under the address that the tests' site takes reports at. */
function example(name) {
  const document = readFileSync(at('docs', 'elements.md'), 'utf8');
  const [, code] = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\\n\`\`\``).exec(document);
  return code.replace('/api/idv', '/idv');
}

const page = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><script src="${linkScript}"></script></head><body>${body}</body></html>\n`;

const angularWorkspace = {
  version: 1,
  cli: { analytics: false },
  projects: {
    shop: {
      projectType: 'application',
      root: '',
      architect: {
        build: {
          builder: '@angular/build:application',
          options: {
            browser: 'src/main.ts',
            index: 'src/index.html',
            outputPath: { base: 'dist', browser: '' },
            tsConfig: 'tsconfig.json',
            // The page's policy forbids the inline handler that loads a style late.
            optimization: { scripts: true, styles: { inlineCritical: false } },
          },
        },
      },
    },
  },
};
const angularCompiler = {
  compilerOptions: { target: 'es2022', module: 'preserve', strict: true, experimentalDecorators: true, importHelpers: true, types: [] },
  angularCompilerOptions: { strictTemplates: true },
  files: ['src/main.ts'],
};

/** Each writes a project, with what a customer has besides the recipe, and builds it into `dist`. */
export const frameworks = [
  {
    name: 'svelte',
    package: 'svelte',
    async make(project) {
      project.write('index.html', page('<script type="module" src="/src/main.js"></script>'));
      project.write('vite.config.mjs', "import { svelte } from '@sveltejs/vite-plugin-svelte';\nexport default { plugins: [svelte()] };\n");
      project.write('src/Verification.svelte', example('Verification.svelte'));
      project.write(
        'src/main.js',
        `import { mount, unmount } from 'svelte';
import Verification from './Verification.svelte';
const shown = mount(Verification, { target: document.body, props: { user: { id: 'ana' }, linkToken: 'link-sandbox-1' } });
window.leave = () => unmount(shown);
`,
      );
      await project.build('vite', 'build');
    },
  },
  {
    name: 'angular',
    package: '@angular/core',
    async make(project) {
      project.write('angular.json', JSON.stringify(angularWorkspace));
      project.write('tsconfig.json', JSON.stringify(angularCompiler));
      project.write('src/index.html', page('<shop-root></shop-root>').replace('<head>', '<head><base href="/">'));
      project.write('src/verification.ts', example('verification.ts'));
      project.write(
        'src/main.ts',
        `import { Component, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { Verification } from './verification';
@Component({
  selector: 'shop-root',
  imports: [Verification],
  template: '@if (isShown()) { <app-verification userId="ana" linkToken="link-sandbox-1" /> }',
})
class Shop {
  readonly isShown = signal(true);
  constructor() {
    Object.assign(window, { leave: () => this.isShown.set(false) });
  }
}
bootstrapApplication(Shop);
`,
      );
      await project.build('ng', 'build');
    },
  },
];
