// Writes docs/api.md from the types that the package ships: every entry, every name, with signature and documentation. The
// parser is TypeScript 5's, since the API of TypeScript 7 is not stable yet.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import ts from 'typescript-5';
import { build } from './build.mjs';
import { entries } from './entries.mjs';
import { at } from './repository.mjs';
import { CommandFailed, main } from './run_command.mjs';
import { setup } from './setup.mjs';

export const apiDocument = at('docs', 'api.md');

const specifiers = [['linktrail', 'index.d.mts'], ...entries.map(({ name }) => [`linktrail/${name}`, `${name}/index.d.mts`])];

const { SyntaxKind } = ts;
const isExported = (node) => ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === SyntaxKind.ExportKeyword);

/** Where a comment has several paragraphs, each on lines of its own, as it was written. */
const prose = (comment) => (ts.getTextOfJSDocComment(comment) ?? '').replace(/\r/g, '').trim();

/** The documentation of a node: its text, and its tags by their names. */
function documentationOf(node) {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  const tags = (comment?.tags ?? []).map((tag) => {
    const name = tag.tagName.text;
    const of = ts.isJSDocParameterTag(tag) ? tag.name.getText() : name === 'throws' ? thrown(tag) : undefined;
    return { name, of, text: prose(tag.comment).replace(/^-\s*/, '') };
  });
  return { text: prose(comment?.comment), tags };
}

/** `@throws TypeError when …` without braces: the parser leaves it all in the comment. */
const thrown = (tag) => tag.typeExpression?.type.getText();

/** The source of a node without its comments, on one line where it is short. */
function signatureOf(node, source) {
  const printer = ts.createPrinter({ removeComments: true });
  const text = printer.printNode(ts.EmitHint.Unspecified, node, source).replace(/^export declare |^export /, '');
  const oneLine = text.replace(/\s+/g, ' ').replace(/;? }/g, ' }');
  return oneLine.length <= 100 ? oneLine : text;
}

const tagTitles = { param: (of) => `\`${of}\``, returns: () => 'Returns', throws: (of) => (of === undefined ? 'Throws' : `Throws \`${of}\``) };

/** Paragraphs stay paragraphs, and lines of one are joined; lists stay lists. */
const flowed = (text) => text.replace(/(?<!\n)\n(?!\n|- |\s*$)[ \t]*/g, ' ');

function describe({ text, tags }) {
  const told = tags.filter(({ name }) => name in tagTitles).map(({ name, of, text: more }) => `- ${tagTitles[name](of)}: ${flowed(more)}`);
  return [flowed(text), told.join('\n')].filter((part) => part !== '').join('\n\n');
}

const isMethod = (member) => ts.isMethodSignature(member) || ts.isMethodDeclaration(member);
const isHidden = (member) =>
  ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some(({ kind }) => kind === SyntaxKind.PrivateKeyword || kind === SyntaxKind.ProtectedKeyword);

/** One line of a list for a member of an interface or a class, with what belongs to it below. */
function describeMember(member, source) {
  const signature = signatureOf(member, source).replace(/;$/, '').replace(/^readonly /, '');
  const documentation = describe(documentationOf(member)).replace(/\n/g, '\n  ');
  return `- \`${signature.replace(/\s+/g, ' ')}\`${documentation === '' ? '' : `  \n  ${documentation}`}`;
}

/** Every exported name of an entry with its declarations, which are several for a function with overloads; values first, then types. */
function declarationsOf(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map();
  for (const node of source.statements.filter(isExported)) {
    const name = (ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node).name?.text;
    if (name === undefined) continue;
    const isValue = !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node);
    const known = found.get(name) ?? { name, node, source, isValue, signatures: [] };
    known.signatures.push(signatureOf(node, source));
    found.set(name, known);
  }
  return [...found.values()].sort((a, b) => Number(b.isValue) - Number(a.isValue) || (a.name < b.name ? -1 : 1));
}

const isTold = (member) => (member.name !== undefined || ts.isIndexSignatureDeclaration(member)) && !isHidden(member);
const membersOf = (node) => (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) ? node.members.filter(isTold) : []);

function describeDeclaration({ name, node, source, signatures }) {
  const heading = `### \`${name}\``;
  const documentation = describe(documentationOf(node));
  const members = membersOf(node);
  if (members.length === 0) return [heading, documentation, `\`\`\`ts\n${signatures.join('\n')}\n\`\`\``];
  const heritage = (node.heritageClauses ?? []).map((clause) => clause.getText(source)).join(' ');
  const parameters = node.typeParameters?.map((one) => one.getText(source)).join(', ');
  const kind = ts.isClassDeclaration(node) ? 'class' : 'interface';
  const what = [kind, `${name}${parameters === undefined ? '' : `<${parameters}>`}`, heritage].filter((word) => word !== '').join(' ');
  return [heading, documentation, `\`${what}\``, members.map((member) => describeMember(member, source)).join('\n')];
}

/** The name alone: a type that is documented itself documents a member that has nothing to add. */
const namedType = (member) => (member.type !== undefined && ts.isTypeReferenceNode(member.type) ? member.type.typeName.getText() : undefined);

/** What lacks a docstring: exported names, and members whose type does not say all that there is to say either. */
export function undocumented() {
  const all = specifiers.map(([specifier, file]) => [specifier, declarationsOf(at('dist', file))]);
  const names = new Set(all.flatMap(([, declarations]) => declarations.map(({ name }) => name)));
  return all.flatMap(([specifier, declarations]) => {
    return declarations.flatMap(({ name, node }) => {
      const lacks = (one) => documentationOf(one).text === '';
      const own = lacks(node) ? [`${specifier}: ${name}`] : [];
      const members = membersOf(node).filter((member) => lacks(member) && !names.has(namedType(member)) && !isDiscriminant(member));
      return [...own, ...members.map((member) => `${specifier}: ${name}.${member.name?.getText() ?? '[…]'}`)];
    });
  });
}

/** `readonly name: 'one' | 'two'` says what it says. */
const isDiscriminant = ({ type }) => type !== undefined && (ts.isLiteralTypeNode(type) || (ts.isUnionTypeNode(type) && type.types.every(ts.isLiteralTypeNode)));

/** The text of docs/api.md as it must be. */
export function apiText() {
  const parts = [
    '# The interface of linktrail',
    `Written by \`npm run api\` from the types that the package ships. In the browser as a script, \`linktrail\` is \`window.LinkTrail\`.`,
    specifiers.map(([specifier]) => `- [\`${specifier}\`](#${specifier.replace('/', '')})`).join('\n'),
  ];
  for (const [specifier, file] of specifiers) {
    parts.push(`## \`${specifier}\``);
    for (const declaration of declarationsOf(at('dist', file))) parts.push(...describeDeclaration(declaration));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await setup('build');
    await build();
    const missing = undocumented();
    if (missing.length > 0) throw new CommandFailed(`Without documentation: ${missing.join(', ')}.`);
    writeFileSync(apiDocument, apiText());
    console.log('docs/api.md is written.');
    return 0;
  });
}
