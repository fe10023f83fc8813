import ts from 'typescript';

/** What the sources say with each code: the texts beside it, values as `…`, by code, in the order of the files. */
export function messagesByCode(
  program: ts.Program,
  codes: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  program.getTypeChecker(); // without it nodes do not know their parents
  const found = new Map<string, string[]>([...codes].map((code) => [code, []]));
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node) && codes.has(node.text)) {
      const text = messageBeside(node);
      const known = found.get(node.text)!;
      if (text && !known.includes(text)) known.push(text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles())
    if (!file.isDeclarationFile && !file.fileName.includes('/node_modules/')) visit(file);
  return found;
}

/** The message that stands beside a code: the next argument of a call, or `message` of the same object. */
function messageBeside(code: ts.StringLiteral): string | undefined {
  let { parent } = code;
  while (ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent))
    parent = parent.parent;
  if (ts.isPropertyAssignment(parent) && parent.name.getText() === 'code') {
    const beside = parent.parent.properties.find((one) => one.name?.getText() === 'message');
    return beside && ts.isPropertyAssignment(beside) ? textOf(beside.initializer) : undefined;
  }
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return undefined;
  const all = parent.arguments ?? [];
  const at = all.findIndex((one) => one.pos <= code.pos && code.end <= one.end);
  const next = all[at + 1];
  return next && textOf(next);
}

/** The text of an expression whose value is text; undefined where it is put together elsewhere. */
function textOf(expression: ts.Node): string | undefined {
  if (ts.isArrowFunction(expression)) return textOf(expression.body);
  if (ts.isParenthesizedExpression(expression)) return textOf(expression.expression);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression)) {
    const rest = expression.templateSpans.map(({ literal }) => `…${literal.text}`);
    return [expression.head.text, ...rest].join('');
  }
  if (ts.isBinaryExpression(expression)) {
    const sides = [expression.left, expression.right].map(textOf);
    return sides.includes(undefined) ? undefined : sides.join('');
  }
  return undefined;
}
