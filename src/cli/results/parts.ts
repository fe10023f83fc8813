import { KeptRows } from './kept-rows.js';

/** Where the finished rows of a part lie, and of which films they are. */
export interface Part {
  readonly path: string;
  readonly files: readonly string[];
}

/** The rows of the parts that are whole, which are to be closed; one of an earlier run in another way is not. */
export async function findParts(parts: readonly Part[], key: string): Promise<KeptRows[]> {
  const found: KeptRows[] = [];
  for (const { path, files } of parts) {
    const rows = await KeptRows.find(path, key, files);
    if (rows?.count === files.length) found.push(rows);
    else await rows?.close();
  }
  return found;
}
