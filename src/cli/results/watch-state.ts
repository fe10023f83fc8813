import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { unusable } from '../frame/failure.js';
import { isTaken, type TakenFilms } from './taken-films.js';
import type { TraitKinds } from './traits.js';

/** A monitor with what it was fed. */
export interface WatchState {
  readonly monitor: unknown;
  readonly traits: TraitKinds;
  readonly taken: TakenFilms;
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
    const { monitor, traits, taken } = Object(JSON.parse(text));
    if (typeof traits !== 'object' || traits === null || !isTaken(taken)) return undefined;
    return { monitor, traits, taken };
  } catch {
    return undefined;
  }
}

/** A table by its path from the folder of the state, wherever links lead. */
export async function tableName(path: string, state: string): Promise<string> {
  const folder = await realpath(dirname(state));
  return relative(folder, await realpath(path)).replaceAll('\\', '/');
}
