// The types of the functions that src/wasm/assembly/index.ts exports, as JavaScript calls them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/** What a type of AssemblyScript is on the side of JavaScript. */
const TYPES = {
  Address: 'Address',
  bool: 'boolean',
  f32: 'number',
  f64: 'number',
  i32: 'number',
  usize: 'number',
  void: 'void',
};

/** The interface `SimdFunctions`, made of the sources in `folder`: so a call that does not fit does not compile. */
export async function simdTypes(folder) {
  const members = [];
  for (const { exportClause, moduleSpecifier } of (await parse(folder, './index')).statements) {
    const { statements } = await parse(folder, moduleSpecifier.text);
    for (const { name } of exportClause.elements) {
      const found = statements.find(
        (statement) => ts.isFunctionDeclaration(statement) && statement.name.text === name.text,
      );
      const parameters = found.parameters.map(
        (parameter) => `\n    ${parameter.name.text}: ${typeOf(parameter.type)},`,
      );
      members.push(
        `  readonly ${name.text}: (${parameters.join('')}\n  ) => ${typeOf(found.type)};\n`,
      );
    }
  }
  return `export interface SimdFunctions {\n${members.join('')}}\n`;
}

async function parse(folder, module) {
  const file = join(folder, `${module}.ts`);
  return ts.createSourceFile(file, await readFile(file, 'utf8'), ts.ScriptTarget.Latest);
}

function typeOf(node) {
  const name = node.typeName?.text ?? ts.tokenToString(node.kind);
  if (!(name in TYPES)) throw new Error(`no type of JavaScript is known for ${name}`);
  return TYPES[name];
}
