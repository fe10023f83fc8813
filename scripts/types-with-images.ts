// The types under which images travel through functions: read from the sources by TypeScript.
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Functions that were called, by their file. */
export interface CalledFunctions {
  /** Within src. */
  readonly file: string;
  readonly names: readonly string[];
}

const ARRAYS = /^(Uint8Array|Uint8ClampedArray|Int8Array|Uint16Array|Int16Array|Float32Array)$/;
const TENSORS = /^Tensor([1-6]D)?$/;

/**
 * Names of the types in parameters, results and variables of the functions that hold pixels, tensors or a type that does;
 * of those that stand in the folders of these functions.
 */
export function typesWithImages(root: string, called: readonly CalledFunctions[]): string[] {
  const src = join(root, 'src');
  const paths = called.map(({ file }) => join(src, file));
  const program = ts.createProgram(paths, {
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  const checker = program.getTypeChecker();
  const folders = new Set(called.map(({ file }) => join(src, dirname(file))));
  const found = new Set<string>();

  const holds = (type: ts.Type, depth: number): boolean => {
    if (type.isUnionOrIntersection()) return type.types.some((one) => holds(one, depth));
    const name = type.symbol?.name ?? '';
    if (ARRAYS.test(name) || TENSORS.test(name)) return true;
    const items = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (items && /Array$/.test(name)) return holds(items, depth);
    if (depth === 0 || type.isClass() || !declaredIn(type.symbol)) return false;
    const fields = type.getProperties().map((field) => checker.getTypeOfSymbol(field));
    // What has methods reads or makes images; it is not made of them.
    if (fields.some((one) => checker.getNonNullableType(one).getCallSignatures().length > 0))
      return false;
    return fields.some((one) => holds(one, depth - 1));
  };
  const declaredIn = (symbol?: ts.Symbol) =>
    symbol?.declarations?.some((one) => folders.has(dirname(one.getSourceFile().fileName))) ??
    false;
  const visitType = (type: ts.Type): void => {
    const alias = type.aliasSymbol;
    if (alias && declaredIn(alias) && holds(type, 2)) found.add(alias.name);
    if (type.isUnionOrIntersection()) type.types.forEach(visitType);
    for (const one of checker.getTypeArguments(type as ts.TypeReference) ?? []) visitType(one);
    const { symbol } = type;
    if (symbol && !symbol.name.startsWith('__') && declaredIn(symbol) && holds(type, 2))
      found.add(symbol.name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isCallExpression(node))
      visitType(checker.getTypeAtLocation(node));
    ts.forEachChild(node, visit);
  };

  for (const { file, names } of called) {
    const find = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && node.name && names.includes(nameOf(node))) visit(node);
      ts.forEachChild(node, find);
    };
    find(program.getSourceFile(join(src, file)) as ts.SourceFile);
  }
  return [...found].sort();
}

/** As V8 says it. */
const nameOf = (node: ts.SignatureDeclaration) =>
  `${ts.isGetAccessor(node) ? 'get ' : ''}${node.name?.getText() ?? ''}`;
