import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { unusable } from '../frame/failure.js';
import type { ReadRow } from './read-scores.js';
import type { TraitKinds } from './traits.js';

/** What was taken in of a table. Names may be those of patients: no state holds them, but in short. */
interface Taken {
  readonly rows: number;
  /** Hash of the names of films. */
  readonly names: string;
  /** Hash of the scores. */
  readonly scores: string;
  /** Rows that had none then, which a later try may give them. */
  readonly without: readonly number[];
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
  const { rows, names, scores, without } = Object(value);
  return (
    Number.isInteger(rows) &&
    typeof names === 'string' &&
    typeof scores === 'string' &&
    Array.isArray(without)
  );
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
  const names = namesOf(rows, new Set([rows.length, ...known.map((table) => table.rows)]));
  const isBeginning = (table: Taken) =>
    names.get(table.rows) === table.names &&
    scoresOf(rows.slice(0, table.rows), table.without) === table.scores;
  if (own && !isBeginning(own))
    throw unusable(
      `'${path}' is not the table whose first ${own.rows} rows were taken in before, for films or scores are others; give the new table another name`,
    );
  const seen = known.filter(isBeginning).reduce((most, table) => Math.max(most, table.rows), 0);
  const without = rows.flatMap(({ score }, i) => (score === undefined ? [i] : []));
  const taken: Taken = {
    rows: rows.length,
    names: names.get(rows.length) as string,
    scores: scoresOf(rows, without),
    without,
  };
  return { seen, tables: { ...tables, [key]: taken } };
}

/** The names of the first rows in short, by how many they are. */
function namesOf(
  rows: readonly ReadRow[],
  counts: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const hash = createHash('sha256');
  const found = new Map<number, string>();
  for (const [i, { file }] of rows.entries()) {
    hash.update(`${JSON.stringify(file)}\n`);
    if (counts.has(i + 1)) found.set(i + 1, hash.copy().digest('hex'));
  }
  return found;
}

/** The scores of rows in short, but for those at `without`. */
function scoresOf(rows: readonly ReadRow[], without: readonly number[]): string {
  const left = new Set(without);
  const scores = rows.map(({ score }, i) => (left.has(i) ? '' : score));
  return createHash('sha256').update(scores.join()).digest('hex');
}
