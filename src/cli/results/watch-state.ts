import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { unusable } from '../frame/failure.js';
import type { ReadRow } from './read-scores.js';
import type { TraitKinds } from './traits.js';

/** How many rows of a table were taken in, and their names and results in short: names may be those of patients, and are in no state. */
interface Taken {
  readonly rows: number;
  readonly hash: string;
}

/** Tables by their path from the folder of the state. */
export type TakenTables = Readonly<Record<string, Taken>>;

/** A monitor with what it was fed. */
export interface WatchState {
  readonly monitor: unknown;
  readonly traits: TraitKinds;
  readonly tables: TakenTables;
}

/** undefined where there is none yet. @throws Failure */
export async function watchState(path: string): Promise<WatchState | undefined> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    if (cause.code === 'ENOENT') return undefined;
    throw unusable(`the state '${path}' cannot be read (${cause.code})`);
  });
  if (text === undefined) return undefined;
  const kept = parsed(text);
  if (kept) return kept;
  throw unusable(
    `'${path}' is no state of \`salad-ad watch\`; take an earlier copy, or name another file to begin anew`,
  );
}

function parsed(text: string): WatchState | undefined {
  try {
    const { monitor, traits, tables } = Object(JSON.parse(text));
    const whole = [traits, tables].every((one) => typeof one === 'object' && one !== null);
    if (!whole || !Object.values(tables).every(isTaken)) return undefined;
    return { monitor, traits, tables };
  } catch {
    return undefined;
  }
}

function isTaken(value: unknown): value is Taken {
  const { rows, hash } = Object(value);
  return Number.isInteger(rows) && typeof hash === 'string';
}

/**
 * How many rows at the beginning of a table were taken in before, under whatever path, and the tables with this one. A table is known by its path, wherever links
 * lead, and by its rows.
 *
 * @throws Failure where another table lay at this path before
 */
export async function takenBefore(
  tables: TakenTables,
  {
    path,
    state,
    rows,
  }: { readonly path: string; readonly state: string; readonly rows: readonly ReadRow[] },
): Promise<{ readonly seen: number; readonly tables: TakenTables }> {
  const folder = await realpath(dirname(state));
  const key = relative(folder, await realpath(path)).replaceAll('\\', '/');
  const own = Object.hasOwn(tables, key) ? tables[key] : undefined;
  const known = Object.values(tables);
  const hashes = hashesOf(rows, new Set([rows.length, ...known.map((table) => table.rows)]));
  const isBeginning = (table: Taken) => hashes.get(table.rows) === table.hash;
  if (own && !isBeginning(own))
    throw unusable(
      `'${path}' is not the table whose first ${own.rows} rows were taken in before; give the new table another name`,
    );
  const seen = known.filter(isBeginning).reduce((most, table) => Math.max(most, table.rows), 0);
  const taken = { rows: rows.length, hash: hashes.get(rows.length) as string };
  return { seen, tables: { ...tables, [key]: taken } };
}

/** What the first rows are in short, by their number. */
function hashesOf(
  rows: readonly ReadRow[],
  counts: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const hash = createHash('sha256');
  const found = new Map<number, string>();
  for (const [i, { file, score, problem }] of rows.entries()) {
    hash.update(`${JSON.stringify([file, score, problem])}\n`);
    if (counts.has(i + 1)) found.set(i + 1, hash.copy().digest('hex'));
  }
  return found;
}
