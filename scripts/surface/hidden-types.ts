import ts from 'typescript';
import { moduleOf } from './programs.js';
import { type PublicName, resolved } from './public-names.js';

/** Types that a public declaration mentions and no entry exports. */
export function hiddenTypes(
  { symbol }: PublicName,
  checker: ts.TypeChecker,
  isPublic: (symbol: ts.Symbol) => boolean,
): string[] {
  const hidden = new Set<string>();
  const look = (name: ts.Node) => {
    const found = checker.getSymbolAtLocation(name);
    if (!found) return;
    const mentioned = resolved(checker, found);
    const declaration = mentioned.declarations?.[0];
    const ours = declaration && moduleOf(declaration.getSourceFile()) !== undefined;
    if (!ours || ts.isTypeParameterDeclaration(declaration) || isPublic(mentioned)) return;
    hidden.add(mentioned.name);
  };
  const walk = (node: ts.Node) => {
    if (ts.canHaveModifiers(node) && isPrivate(node)) return;
    if (ts.isTypeReferenceNode(node)) look(node.typeName);
    if (ts.isExpressionWithTypeArguments(node)) look(node.expression);
    if (ts.isTypeQueryNode(node)) look(node.exprName);
    if (ts.isImportTypeNode(node) && node.qualifier) look(node.qualifier);
    ts.forEachChild(node, walk);
  };
  for (const declaration of symbol.declarations ?? [])
    if (!ts.isSourceFile(declaration)) walk(declaration);
  return [...hidden].map((name) => `mentions ${name}, which no entry exports`);
}

function isPrivate(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
}
