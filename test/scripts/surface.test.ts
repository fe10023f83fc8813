import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { lacksOf } from '../../scripts/surface/documentation.js';
import { root } from '../../scripts/surface/programs.js';
import { ThrownCodes } from '../../scripts/surface/thrown-codes.js';

const source = `
import { check, checkNumber } from '../support/check.js';

/** How far. */
export interface Options {
  /** In metres. @defaultValue 1 */
  readonly distance?: number;
  /** Of the road; without it any will do. */
  readonly name?: string;
  readonly bare: number;
  /** Of the road. */
  readonly unsaid?: number;
  /** One a step. */
  readonly lengths: Float64Array;
}

/**
 * Goes.
 *
 * @param steps [count], in metres.
 * @returns The way, in metres.
 * @throws INVALID_OPTION, EMPTY_SET
 * @example
 * told([1, 2]); // 3
 */
export function told(steps: ArrayLike<number>, options: Options): number {
  check(steps.length > 0, 'EMPTY_SET', () => 'told: steps is empty.');
  checkDistance(options.distance ?? 1);
  return steps.length;
}

export function untold(steps: ArrayLike<number>): number {
  return [steps].map((all) => told(all, {} as Options))[0];
}

/**
 * Goes.
 *
 * @param steps in metres.
 * @returns The way.
 * @throws EMPTY_SET
 * @example
 * half([1, 2]); // 3
 */
export function half(steps: ArrayLike<number>): number {
  return told(steps, {} as Options);
}

function checkDistance(distance: number): void {
  checkNumber('told', 'distance', distance, { min: 0 });
}
`;

function lacks(): Record<string, string[]> {
  const path = join(root, 'src/sample/sample.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? source : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === path
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  const thrown = new ThrownCodes(program);
  return Object.fromEntries(
    checker.getExportsOfModule(module).map((symbol) => [symbol.name, lacksOf(symbol, thrown)]),
  );
}

test('what documentation lacks is found, and nothing else', () => {
  const found = lacks();
  expect(found.told).toEqual([]);
  expect(found.untold).toEqual([
    'no sentence',
    'no @example',
    'no @param steps',
    'no @returns',
    'no @throws EMPTY_SET, INVALID_OPTION',
  ]);
  expect(found.half).toEqual(['no shape in @param steps', 'no @throws INVALID_OPTION']);
  expect(found.Options).toEqual([
    '.bare: no comment',
    '.unsaid: optional, with no @defaultValue and no word of when it is absent',
    '.lengths: no shape',
  ]);
});
