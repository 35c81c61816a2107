// Makes one self-contained declaration file of the public types. The package has no other file that a consumer's
// compiler could resolve, so nothing in it may point elsewhere.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailed } from './run_command.mjs';

/** `import type { A } from './a.js';` and `export * from './a.js';`, which the compiler writes on one line or several. */
const relativeStatement = /^(import|export)\b([^;'"]*?)\bfrom\s+['"](\.[^'"]+)['"];\n?/gm;
const declaredName = /^export (?:declare )?(?:abstract )?(?:interface|type|const|let|function|class|enum)\s+([\w$]+)/gm;

/** What a file says of itself, as opposed to what stands above its first declaration. */
const fileComment = /^\s*\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*(?=\/\*\*|import\b|export (?:type )?[{*])/;

const declarationFile = (from, specifier) => join(dirname(from), specifier.replace(/\.[mc]?[jt]s$/, '')) + '.d.ts';

/** The names between braces; renaming is refused, because inlining would lose it. */
function namesIn(clause, file) {
  const inner = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  return inner
    .split(',')
    .map((name) => name.replace(/\btype\b/, '').trim())
    .filter((name) => name !== '')
    .map((name) => {
      if (/\bas\b/.test(name)) {
        throw new CommandFailed(`${file} renames a public type (${name}); give it its name where it is declared.`);
      }
      return name;
    });
}

/** Every name a declaration file exports, its own and those it passes on. */
function exportedNames(file) {
  const text = readFileSync(file, 'utf8');
  const names = new Set([...text.matchAll(declaredName)].map((match) => match[1]));
  for (const [, keyword, clause, specifier] of text.matchAll(relativeStatement)) {
    if (keyword !== 'export') continue;
    const passedOn = clause.includes('*') ? exportedNames(declarationFile(file, specifier)) : namesIn(clause, file);
    for (const name of passedOn) names.add(name);
  }
  return names;
}

/**
 * @param {string} entry the emitted declaration file of the entry
 * @returns {string} its text with everything it refers to, and only its own exports exported
 */
export function bundleDeclarations(entry) {
  const publicNames = exportedNames(entry);
  const seen = new Set();
  const parts = [];
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    // Depth first, so that what a declaration refers to stands above it.
    for (const [, , , specifier] of text.matchAll(relativeStatement)) visit(declarationFile(file, specifier));
    parts.push(
      text
        .replace(fileComment, '')
        .replace(relativeStatement, '')
        .replace(/^export \{\};\n?/gm, '')
        .replace(/^\/\/# sourceMappingURL=.*\n?/gm, '')
        .replace(declaredName, (statement, name) => {
          if (publicNames.has(name)) return statement;
          const bare = statement.slice('export '.length);
          return /^(?:interface|type|declare)\b/.test(bare) ? bare : `declare ${bare}`;
        })
        .trim(),
    );
  };
  visit(entry);
  const bundled = `${parts.filter((part) => part !== '').join('\n')}\nexport {};\n`;
  const left = /(?:from|import\()\s*['"]\.[^'"]*['"]/.exec(bundled);
  if (left !== null) throw new CommandFailed(`The declarations still point elsewhere: ${left[0]}`);
  return bundled;
}
