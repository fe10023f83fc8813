import ts from 'typescript';
import { moduleOf } from './programs.js';
import { resolved } from './public-names.js';

/** Codes of `SaladError` that a function can raise: those of its body, and of all that the body calls in src. */
export class ThrownCodes {
  /** All codes there are. */
  readonly all: ReadonlySet<string>;
  readonly #checker: ts.TypeChecker;
  readonly #functions = new Map<string, ts.Node>();
  readonly #direct = new Map<ts.Node, { codes: string[]; calls: ts.Node[] }>();

  constructor(sources: ts.Program) {
    this.#checker = sources.getTypeChecker();
    const files = sources.getSourceFiles().filter((file) => !file.isDeclarationFile);
    for (const file of files) this.#register(file);
    const errors = files.find((file) => moduleOf(file) === 'support/error-codes');
    const union = errors?.statements.find(
      (one) => ts.isTypeAliasDeclaration(one) && one.name.text === 'SaladErrorCode',
    );
    this.all = new Set([...(union?.getText().matchAll(/'(\w+)'/g) ?? [])].map(([, code]) => code));
  }

  /**
   * Codes raised in the body and at most `depth` calls away from it, nearest first.
   *
   * @param name of the function, or 'Class.method', as it is declared in the module
   */
  of(module: string, name: string, depth = Infinity): ReadonlySet<string> {
    const codes = new Set<string>();
    const start = this.#functions.get(`${module}#${name}`);
    const seen = new Set<ts.Node>();
    let level = start ? [start] : [];
    for (let calls = 0; level.length > 0 && calls <= depth; calls++) {
      for (const node of level) seen.add(node);
      const found = level.map((node) => this.#directly(node));
      for (const { codes: own } of found) for (const code of own) codes.add(code);
      level = [...new Set(found.flatMap(({ calls }) => calls))].filter((node) => !seen.has(node));
    }
    return codes;
  }

  #register(file: ts.SourceFile): void {
    const add = (name: string, node: ts.Node) =>
      this.#functions.set(`${moduleOf(file)}#${name}`, node);
    for (const statement of file.statements) {
      if (ts.isFunctionDeclaration(statement) && statement.body && statement.name)
        add(statement.name.text, statement);
      if (ts.isVariableStatement(statement))
        for (const { name, initializer } of statement.declarationList.declarations)
          if (initializer) add(name.getText(), initializer);
      if (ts.isClassDeclaration(statement) && statement.name)
        for (const member of statement.members) {
          const key = ts.isConstructorDeclaration(member) ? 'constructor' : member.name?.getText();
          add(`${statement.name.text}.${key}`, member);
        }
    }
  }

  #directly(node: ts.Node): { codes: string[]; calls: ts.Node[] } {
    const known = this.#direct.get(node);
    if (known) return known;
    const found = { codes: [] as string[], calls: [] as ts.Node[] };
    this.#direct.set(node, found);
    const walk = (child: ts.Node) => {
      if (ts.isTypeNode(child)) return;
      if (ts.isStringLiteral(child) && this.all.has(child.text) && isRaised(child))
        found.codes.push(child.text);
      if (ts.isNewExpression(child)) found.calls.push(...this.#bodiesOf(child.expression, true));
      if (ts.isIdentifier(child))
        found.calls.push(
          ...this.#bodiesOf(child, false).filter((body) => !usesDefaults(child, body)),
        );
      ts.forEachChild(child, walk);
    };
    ts.forEachChild(node, walk);
    return found;
  }

  /** Bodies of the functions in src that an expression names; of a class, its constructor. */
  #bodiesOf(expression: ts.Node, isNew: boolean): ts.Node[] {
    const named = this.#checker.getSymbolAtLocation(expression);
    if (!named) return [];
    return (resolved(this.#checker, named).declarations ?? []).flatMap((declaration): ts.Node[] => {
      if (ts.isClassDeclaration(declaration))
        return isNew ? declaration.members.filter(ts.isConstructorDeclaration) : [];
      if (ts.isFunctionLike(declaration)) return 'body' in declaration ? [declaration] : [];
      const { initializer } = declaration as ts.VariableDeclaration;
      return initializer && ts.isFunctionLike(initializer) ? [initializer] : [];
    });
  }
}

/** A call without the arguments that could be wrong: `localContrast()` has no option to refuse. */
function usesDefaults(name: ts.Identifier, body: ts.Node): boolean {
  const { parent } = name;
  const isBare =
    ts.isCallExpression(parent) && parent.expression === name && parent.arguments.length === 0;
  return isBare && ts.isFunctionLike(body) && body.parameters.length > 0;
}

/** A code that is an argument, be it one of two, of a call that is no question about an error. */
function isRaised(literal: ts.StringLiteral): boolean {
  let parent = literal.parent;
  while (ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent))
    parent = parent.parent;
  return (
    ts.isNewExpression(parent) ||
    (ts.isCallExpression(parent) && parent.expression.getText() !== 'isSaladError')
  );
}
