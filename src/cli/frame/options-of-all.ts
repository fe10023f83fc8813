import type { Commands, Option } from './command.js';

/** The options of every command that a configuration file may hold, by name. */
export async function optionsOfAll(commands: Commands): Promise<Readonly<Record<string, Option>>> {
  const all = await Promise.all(Object.values(commands).map(({ load }) => load()));
  // What stands on the line alone for one command may be in a file for another.
  const inFiles = all.flatMap(({ options }) =>
    Object.entries(options).filter(([, { lineOnly }]) => !lineOnly),
  );
  return Object.fromEntries(inFiles);
}
