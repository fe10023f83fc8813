import type { Command, Commands, Option } from './command.js';
import { commonOptions } from './common-options.js';
import { flagOf } from './names.js';

/** The help of the program. */
export function programHelp(commands: Commands): string {
  return [
    'salad-ad learns what normal X-rays look like and scores the ones that do not.',
    'Research software, not a medical device: a score is no diagnosis.',
    '',
    'Start here:',
    '  salad-ad doctor                                  what is installed, and what is missing',
    '  salad-ad demo                                    train and score a few films that come along',
    '  salad-ad check films                             what is understood of a folder of films',
    '  salad-ad fit films --out model                   learn from its normal films',
    '  salad-ad score new --model model --out new.csv   score files, folders, DICOM',
    '',
    'Commands:',
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    '',
    'salad-ad COMMAND --help shows the options of a command and examples.',
    'Exit codes: 0 done, 1 a fault of the program, 2 wrong line, 3 something to install, 4 files,',
    '5 some images unreadable, 6 not now (the same line goes on later), 130 interrupted.',
  ].join('\n');
}

/** The help of a command: examples first. */
export function commandHelp(
  { name, usage, options, examples, details }: Command,
  summary: string,
): string {
  const shown = Object.entries<Option>({ ...options, ...commonOptions }).filter(
    ([, { fileOnly }]) => !fileOnly,
  );
  return [
    `salad-ad ${name} ${usage}`.trimEnd(),
    '',
    `${summary[0].toUpperCase()}${summary.slice(1)}.`,
    ...(details ? ['', ...wrapped(details, '')] : []),
    '',
    'Examples:',
    ...examples.flatMap(([line, does]) => [`  ${line}`, ...wrapped(does, '      ')]),
    '',
    'Options:',
    ...columns(shown.map(([key, option]) => [labelOf(key, option), helpOf(option)])),
  ].join('\n');
}

const labelOf = (name: string, { type, value }: Option) =>
  `--${flagOf(name)}${type === 'switch' ? '' : ` ${value ?? 'TEXT'}`}`;

const helpOf = ({ help, choices }: Option) => (choices ? `${help} (${choices.join(', ')})` : help);

/** Two columns; what is too long for its line goes on below. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first, ...others] = wrapped(right, ' '.repeat(width + 4));
    return [`  ${left.padEnd(width)}  ${first.trimStart()}`, ...others];
  });
}

/** Most letters of a line. */
const LINE = 100;

/** A text in lines, each after the same spaces. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && indent.length + line.length + 1 + word.length > LINE) {
      lines.push(indent + line);
      line = '';
    }
    line += line ? ` ${word}` : word;
  }
  return [...lines, indent + line];
}
