import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** By these a change is noticed; null where there is no file. */
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
    ({ size, mtimeMs }) => [size, mtimeMs],
    () => null,
  );

export const sameState = (a: FileState | undefined, b: FileState): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Files that are hashed at a time: a file system of another machine answers slowly. */
const AT_ONCE = 4;

/** Reads files for their hashes meanwhile, which the memory of the system then has for both. */
export const factsOfFiles: FactsOf = async (files) => {
  const before = await Promise.all(files.map(stateOf));
  const hashing = hashesOf(files);
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

async function hashesOf(files: readonly string[]): Promise<(string | undefined)[]> {
  const hashes: (string | undefined)[] = [];
  for (let from = 0; from < files.length; from += AT_ONCE)
    hashes.push(...(await Promise.all(files.slice(from, from + AT_ONCE).map(hashOf))));
  return hashes;
}

/** In pieces: a file may be larger than memory. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 }))
      hash.update(piece);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
