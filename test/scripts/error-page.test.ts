import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { errorPage } from '../../scripts/error-page/page.js';
import { root, sourceProgram } from '../../scripts/surface/programs.js';

test('docs/errors.md is what `npm run errors` writes', () => {
  expect(readFileSync(join(root, 'docs/errors.md'), 'utf8')).toBe(errorPage(sourceProgram()));
});

/** A program of the two files of codes, and of one that raises them. */
function programOf(codes: string): ts.Program {
  const files: Record<string, string> = {
    '/src/support/error-codes.ts': `export type SaladErrorCode =\n${codes};`,
    '/src/support/warning.ts': 'export interface SaladWarning { code: string }',
    '/src/raise.ts': `
      declare function check(condition: boolean, code: string, message: () => string): void;
      export const go = (steps: number, where: string) => {
        check(steps > 0, 'NO_STEPS', () => \`\${where}: steps is \${steps}; expected more than none; give \` + 'some.');
        check(steps < 9, 'NO_STEPS', () => 'short');
      };`,
  };
  const host = ts.createCompilerHost({});
  const read = (name: string) => files[name] ?? host.readFile(name);
  const source = (name: string, target: ts.ScriptTarget) => {
    const text = read(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, target);
  };
  return ts.createProgram(
    Object.keys(files),
    { noLib: true },
    { ...host, readFile: read, getSourceFile: source as ts.CompilerHost['getSourceFile'] },
  );
}

test('a page has meaning, remedy and text of a code', () => {
  const page = errorPage(programOf("  /** There are none. Remedy: take some. */\n  | 'NO_STEPS'"));
  expect(page).toContain(
    '### NO_STEPS\n\nThere are none.\n\n**Remedy:** Take some.\n\nIt says:\n\n```text\n…: steps is …; expected more than none; give some.\n```',
  );
  expect(page).not.toContain('short');
});

test('a code without an entry is refused', () => {
  const page = () => errorPage(programOf("  | 'NO_STEPS'"));
  expect(page).toThrow('NO_STEPS in /src/support/error-codes.ts has no entry');
});
