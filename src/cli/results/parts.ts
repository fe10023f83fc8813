import { stat } from 'node:fs/promises';
import { unusable } from '../frame/failure.js';
import { KeptRows } from './kept-rows.js';

/** Where the finished rows of a part lie, and of which films they are. */
export interface Part {
  readonly path: string;
  readonly files: readonly string[];
}

/**
 * The rows of the parts that are whole, which are to be closed.
 *
 * @param list the films of all parts: what is older than that is of an earlier run, and will be scored again
 * @throws Failure where a part of this run has other films, or was scored in another way, so that no part would ever write the table
 */
export async function findParts(
  parts: readonly Part[],
  key: string,
  list?: string,
): Promise<KeptRows[]> {
  const found: KeptRows[] = [];
  try {
    for (const { path, files } of parts) {
      const rows = await KeptRows.find(path, key, files);
      if (rows?.count === files.length) found.push(rows);
      else {
        await rows?.close();
        if (list && (await isOfThisRun(path, list)))
          throw unusable(
            `'${path}' does not belong to the other parts: it was scored by another model, backend or line, so that the table cannot be written; give all parts the same line, and the line of that part again`,
          );
      }
    }
    return found;
  } catch (error) {
    for (const rows of found) await rows.close();
    throw error;
  }
}

async function isOfThisRun(path: string, list: string): Promise<boolean> {
  const [part, begun] = await Promise.all(
    [path, list].map((one) => stat(one).catch(() => undefined)),
  );
  return part !== undefined && begun !== undefined && part.mtimeMs >= begun.mtimeMs;
}
