import type { Commands, Option } from './command.js';

/** The options of every command, by name. */
export async function optionsOfAll(commands: Commands): Promise<Readonly<Record<string, Option>>> {
  const all = await Promise.all(Object.values(commands).map(({ load }) => load()));
  return Object.assign({}, ...all.map(({ options }) => options));
}
