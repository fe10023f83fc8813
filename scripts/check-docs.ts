/**
 * Counts the public names, and prints what the documentation of each lacks.
 *
 *     npm run check:docs                     all entries
 *     npm run check:docs -- metrics report   some of them
 *
 * A function needs a sentence, @param, @returns, @throws and @example; a type a sentence and a comment for every
 * property; an optional property @defaultValue or when it is absent; an array of numbers its shape in brackets.
 */
import { lacksOf } from './surface/documentation.js';
import { entries } from './surface/entries.js';
import { hiddenTypes } from './surface/hidden-types.js';
import { declarationProgram, sourceProgram } from './surface/programs.js';
import { publicNames } from './surface/public-names.js';
import { ThrownCodes } from './surface/thrown-codes.js';

/** Goes up only with a reason in docs/architecture.md. */
const MOST_NAMES = 394;

const sources = sourceProgram();
const program = declarationProgram(sources);
const checker = program.getTypeChecker();
const thrown = new ThrownCodes(sources);
const names = publicNames(program);
const symbols = new Set(names.map(({ symbol }) => symbol));

const chosen = process.argv.slice(2);
const known = entries.map(({ name }) => name);
for (const name of chosen)
  if (!known.includes(name))
    throw new Error(`check:docs: no entry '${name}'; expected one of ${known.join(', ')}.`);
const inScope = (all: readonly string[]) =>
  chosen.length === 0 || all.some((entry) => chosen.includes(entry));

const lacking = new Map<string, number>();
for (const one of names) {
  if (!inScope(one.entries)) continue;
  const others = names.filter(({ name, symbol }) => name === one.name && symbol !== one.symbol);
  const lacks = [
    ...lacksOf(one.symbol, thrown),
    ...hiddenTypes(one, checker, (symbol) => symbols.has(symbol)),
    ...others.map(({ entries: [entry] }) => `${entry} exports another thing of this name`),
  ];
  const [entry] = one.entries.filter((name) => inScope([name]));
  for (const lack of lacks)
    console.log(`${entry}: ${one.name}${lack.startsWith('.') ? '' : ': '}${lack}`);
  lacking.set(entry, (lacking.get(entry) ?? 0) + lacks.length);
}

const count = new Set(names.filter(({ counts }) => counts).map(({ name }) => name)).size;
console.log('\nentry            names   lacking');
for (const entry of known.filter((name) => inScope([name]))) {
  const own = names.filter(({ counts, entries }) => counts && entries.includes(entry)).length;
  console.log(
    `${entry.padEnd(16)} ${String(own).padStart(5)} ${String(lacking.get(entry) ?? 0).padStart(9)}`,
  );
}
const total = [...lacking.values()].reduce((sum, value) => sum + value, 0);
const within = names.filter(({ counts }) => !counts).length;
console.log(
  `\n${count} public names, of at most ${MOST_NAMES}, and ${within} functions of objects; ${total} things lacking.`,
);
if (count > MOST_NAMES || total > 0) process.exitCode = 1;
