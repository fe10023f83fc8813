import { parseArgs } from 'node:util';
import { checkedValue } from './checked-value.js';
import type { Command, Commands, Option } from './command.js';
import { commonOptions } from './common-options.js';
import { readConfig } from './config-file.js';
import { misused } from './failure.js';
import { flagOf, nearest } from './names.js';

/** What a line says, checked. */
export interface Line {
  readonly paths: readonly string[];
  readonly given: Readonly<Record<string, unknown>>;
  readonly help: boolean;
  readonly quiet: boolean;
}

/** Options of a command by their names on the line. */
function flagsOf(one: Command): ReadonlyMap<string, readonly [name: string, option: Option]> {
  return new Map(
    Object.entries<Option>({ ...one.options, ...commonOptions })
      .filter(([, { fileOnly }]) => !fileOnly)
      .map(([name, option]) => [flagOf(name), [name, option]]),
  );
}

/** Reads what stands behind the name of a command, and the configuration file that it names. @throws Failure */
export async function readLine(
  one: Command,
  words: readonly string[],
  commands: Commands,
): Promise<Line> {
  const flags = flagsOf(one);
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      h: { type: 'boolean' },
      ...Object.fromEntries(
        Array.from(flags, ([flag, [, { type }]]) => [
          flag,
          { type: type === 'switch' ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
    },
  });
  const paths: string[] = [];
  const line: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') paths.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'h') line.help = true;
    else {
      const [name, option] =
        flags.get(token.name) ?? unknown(one, token.rawName, [...flags.keys()]);
      line[name] = checkedValue(`--${token.name}`, option, token.value);
    }
  }
  const { help = false, quiet = false, config, ...own } = line;
  if (!help) checkCount(one, paths);
  const file = typeof config === 'string' && !help ? await readConfig(config, one, commands) : {};
  return { paths, given: { ...file, ...own }, help: help === true, quiet: quiet === true };
}

/** What is too much would be passed over in silence. */
function checkCount({ name, paths: most }: Command, paths: readonly string[]): void {
  if (most === undefined || paths.length <= most) return;
  const found = paths.map((path) => `'${path}'`).join(' and ');
  throw misused(
    most === 0
      ? `${found} is too much, since \`salad-ad ${name}\` takes options alone; leave it out`
      : `there are ${paths.length} paths (${found}) but \`salad-ad ${name}\` takes one; put a path with spaces between quotes, and several folders into one`,
  );
}

function unknown(one: Command, raw: string, flags: readonly string[]): never {
  const near = nearest(raw.replace(/^-+/, ''), flags);
  const remedy = raw.startsWith('--')
    ? ''
    : `; a file whose name begins with '-' is written ./-name`;
  throw misused(
    near
      ? `there is no option ${raw}; did you mean --${near}? \`salad-ad ${one.name} --help\` shows all`
      : `there is no option ${raw}; see \`salad-ad ${one.name} --help\`${remedy}`,
  );
}
