import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** By these a change is noticed; null where there is no file, or no plain one. */
export type FileState = readonly [bytes: number, modifiedMilliseconds: number] | null;

/** Which bytes a film was. */
export interface FilmFacts {
  /** SHA-256, as hex; absent where the file could not be read. */
  readonly fileHash?: string;
  readonly was?: FileState;
  /** While it was read: nobody knows of which bytes its score is. */
  readonly changed?: boolean;
}

/** Told of films before they are read; the facts are asked for after that. */
export type FactsOf = (files: readonly string[]) => Promise<() => Promise<FilmFacts[]>>;

export const stateOf = (path: string): Promise<FileState> =>
  stat(path).then(
    (facts) => (facts.isFile() ? [facts.size, facts.mtimeMs] : null),
    () => null,
  );

export const sameState = (a: FileState | undefined, b: FileState): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Files that are hashed at a time: a file system of another machine answers slowly. */
const AT_ONCE = 4;

/** Bytes of a file that memory may hold some of. */
const SMALL = 2 ** 24;

/** Bytes from which on no film is read. */
const TOO_LARGE = 2 ** 31;

/** Reads files for their hashes meanwhile, which the memory of the system then has for both. */
export const factsOfFiles: FactsOf = async (files) => {
  const before = await Promise.all(files.map(stateOf));
  const hashing = hashesOf(files, before);
  // Awaited later; until then an error of it is not unheard.
  hashing.catch(() => {});
  return async () => {
    const hashes = await hashing;
    const after = await Promise.all(files.map(stateOf));
    return files.map((_, i) => ({
      fileHash: hashes[i],
      was: before[i],
      changed: !sameState(before[i], after[i]),
    }));
  };
};

async function hashesOf(
  files: readonly string[],
  states: readonly FileState[],
): Promise<(string | undefined)[]> {
  const hashes: (string | undefined)[] = [];
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE);
    hashes.push(...(await Promise.all(some.map((file, i) => hashOf(file, states[from + i])))));
  }
  return hashes;
}

/** A pipe would be waited for, and is none. */
async function hashOf(path: string, state: FileState): Promise<string | undefined> {
  if (!state || state[0] >= TOO_LARGE) return undefined;
  const hash = createHash('sha256');
  try {
    // At once, which costs less than pieces.
    if (state[0] <= SMALL) hash.update(await readFile(path));
    else for await (const piece of createReadStream(path)) hash.update(piece);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
