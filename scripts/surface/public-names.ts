import ts from 'typescript';
import { entries } from './entries.js';
import { entryFile } from './programs.js';

/** A name that a user can import, or reach from one: `figures`, `figures.roc`. */
export interface PublicName {
  readonly name: string;
  /** Entries that export it, in the order of package.json. */
  readonly entries: readonly string[];
  readonly symbol: ts.Symbol;
  /** Whether it counts: a function of an object of functions does not, the object does. */
  readonly counts: boolean;
}

/** Every public name once for each thing that it stands for: two of one name are two meanings. */
export function publicNames(program: ts.Program): readonly PublicName[] {
  const checker = program.getTypeChecker();
  const found = new Map<ts.Symbol, Map<string, { entries: string[]; counts: boolean }>>();
  const add = (entry: string, name: string, exported: ts.Symbol, counts: boolean) => {
    const symbol = resolved(checker, exported);
    const names = found.get(symbol) ?? new Map<string, { entries: string[]; counts: boolean }>();
    found.set(symbol, names);
    const known = names.get(name);
    if (known) known.entries.push(entry);
    else names.set(name, { entries: [entry], counts });
    if (!(symbol.flags & ts.SymbolFlags.ValueModule)) return;
    // `export * as figures`: its functions are documented one by one; a type in it is a name like others.
    for (const member of checker.getExportsOfModule(symbol)) {
      const isType = !(resolved(checker, member).flags & ts.SymbolFlags.Value);
      add(entry, `${name}.${member.name}`, member, isType);
    }
  };
  for (const { name, folder } of entries) {
    const file = entryFile(program, folder);
    const module = checker.getSymbolAtLocation(file);
    for (const one of module ? checker.getExportsOfModule(module) : [])
      add(name, one.name, one, true);
  }
  return [...found].flatMap(([symbol, names]) =>
    [...names].map(([name, rest]) => ({ name, symbol, ...rest })),
  );
}

/** What an import or a re-export stands for. */
export function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
