import type { Commands, Option } from './command.js';

/** The options of every command that a configuration file may hold, by name. */
export async function optionsOfAll(commands: Commands): Promise<Readonly<Record<string, Option>>> {
  const all = await Promise.all(Object.values(commands).map(({ load }) => load()));
  const options: Record<string, Option> = Object.assign({}, ...all.map((one) => one.options));
  return Object.fromEntries(Object.entries(options).filter(([, { lineOnly }]) => !lineOnly));
}
