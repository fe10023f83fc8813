import { readFile } from 'node:fs/promises';
import { checkedValue } from './checked-value.js';
import type { Command, Commands, Option } from './command.js';
import { misused, unusable } from './failure.js';
import { flagOf, nearest } from './names.js';
import { optionsOfAll } from './options-of-all.js';

/**
 * Options from a file: one object whose names are those of the options of all commands, so that one file serves them all.
 *
 * @returns those that are options of this command
 * @throws Failure naming what no command knows
 */
export async function readConfig(
  path: string,
  one: Command,
  commands: Commands,
): Promise<Readonly<Record<string, unknown>>> {
  const known = await optionsOfAll(commands);
  const found: Record<string, unknown> = {};
  for (const [written, value] of Object.entries(await parsed(path))) {
    const name = Object.keys(known).find((each) => each === written || flagOf(each) === written);
    if (name === undefined) {
      const near = nearest(written, Object.keys(known));
      throw misused(
        `'${path}' has the option '${written}', which is none of a file's${near ? `; did you mean '${near}'?` : ''}; \`salad-ad config\` prints all of them`,
      );
    }
    const option: Option | undefined = one.options[name];
    if (option && !option.lineOnly && value !== null)
      found[name] = checkedValue(`${name} in '${path}'`, option, withoutNulls(value));
  }
  return found;
}

async function parsed(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw unusable(
      `the configuration file '${path}' cannot be read (${cause.code}); write one with \`salad-ad config > ${path}\``,
    );
  });
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw misused(
      `the configuration file '${path}' is no JSON (${(cause as Error).message}); write one with \`salad-ad config > ${path}\``,
    );
  }
  throw misused(`the configuration file '${path}' holds no object; expected { "size": 64 } say`);
}

/** A value without what is not set in it. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const set = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(set.map(([name, inner]) => [name, withoutNulls(inner)]));
}
