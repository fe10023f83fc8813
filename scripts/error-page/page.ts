import ts from 'typescript';
import { messagesByCode } from './messages.js';

interface Entry {
  readonly code: string;
  /** What happened. */
  readonly meaning: string;
  readonly remedy: string;
}

/** How many of a code's texts are shown; some have a hundred that differ by the option they name. */
const SHOWN = 3;
/** Shorter ones are no sentences but parts of some. */
const SHORTEST = 40;

/** docs/errors.md, from the comments beside the codes and from what the sources say with them. */
export function errorPage(program: ts.Program): string {
  const errors = entriesOf(program, 'support/error-codes.ts');
  const warnings = entriesOf(program, 'support/warning.ts');
  const texts = messagesByCode(program, new Set([...errors, ...warnings].map(({ code }) => code)));
  const section = ({ code, meaning, remedy }: Entry) => {
    const all = (texts.get(code) ?? []).filter(({ length }) => length >= SHORTEST);
    const shown = all.slice(0, SHOWN).join('\n');
    const more = all.length > SHOWN ? `, and ${all.length - SHOWN} other texts` : '';
    const says = shown && `\nIt says${more}:\n\n\`\`\`text\n${shown}\n\`\`\`\n`;
    return `### ${code}\n\n${meaning}\n\n**Remedy:** ${remedy}\n${says}`;
  };
  return `${INTRO}
## Errors

${errors.map(section).join('\n')}
## Warnings

They do not stop a call. They go to \`onWarning\` as \`{ code, message }\`, or to \`console.warn\` without one.

${warnings.map(section).join('\n')}`;
}

const INTRO = `# Errors and warnings

<!-- Written by \`npm run errors\` from src/support/error-codes.ts, src/support/warning.ts and the messages of the sources. -->

An error that the library raises on purpose is a \`SaladError\`. Its message names the call that you made, what it got, what it expected and how to go on, and ends with its code in brackets.
The code stays what it is in later versions; the texts may change. \`…\` stands for a name or a value.

\`\`\`ts
import { isSaladError, MemoryBank, SaladError } from 'salad-ad';

function sizeOf(bank: MemoryBank): number | string {
  try {
    return bank.size;
  } catch (error) {
    if (isSaladError(error, 'DISPOSED')) return 'gone'; // of any copy of the library
    throw error;
  }
}
console.log(isSaladError(new SaladError('EMPTY_SET', 'score: no images.'), 'EMPTY_SET')); // true
\`\`\`

The command line ends each error with the same code; its own exit codes are in [command line](command-line.md#what-it-says).
What becomes of a run when images, disk or threads fail is in [bad input](bad-input.md).
`;

/** The members of the unions of texts in a file, with their comments; without one that says both things it is an error. */
function entriesOf(program: ts.Program, path: string): Entry[] {
  const file = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(`/src/${path}`))!;
  const entries: Entry[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal))
      entries.push(entryOf(file, node, node.literal.text));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return entries;
}

function entryOf(file: ts.SourceFile, node: ts.Node, code: string): Entry {
  // The comment stands before the bar, so that it belongs to the text between the members.
  const before = file.text.slice(0, node.getStart(file));
  const [, comment] = before.match(/\/\*\* ([^*]*) \*\/\s*\|\s*$/) ?? [];
  const [, meaning, remedy] = comment?.match(/^(.*?) Remedy: (.*)$/s) ?? [];
  if (!meaning || !remedy)
    throw new Error(
      `errors: ${code} in ${file.fileName} has no entry; expected a comment '/** What happened. Remedy: what to do. */' before it.`,
    );
  return { code, meaning, remedy: remedy[0].toUpperCase() + remedy.slice(1) };
}
