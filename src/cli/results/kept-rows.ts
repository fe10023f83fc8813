import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from './row.js';
import { isUnread, type RowSet } from './row-set.js';
import { BATCH } from './shard.js';
import { wholeLines } from './whole-lines.js';

/**
 * Rows of a run that may be interrupted, in a file beside the result: a line that says which run it is, then a line for each row. A
 * later run of the same kind goes on after the last whole line; what stands before that is never written again. However many rows there are, memory
 * holds those of a chunk.
 */
export class KeptRows implements RowSet {
  private constructor(
    private path: string,
    private readonly file: FileHandle,
    private readonly key: string,
    /** Rows so far. */
    public count: number,
    public unread: number,
  ) {}

  /**
   * @param key what the rows depend on: the model, the files, the backend
   * @param total how many rows there will be
   */
  static async open(path: string, key: string, total: number): Promise<KeptRows> {
    await mkdir(dirname(path), { recursive: true });
    const before = await foundIn(path, key, total);
    const file = await open(path, 'a');
    await file.truncate(before?.bytes ?? 0);
    if (!before) await file.write(`${headOf(key)}\n`);
    return new KeptRows(path, file, key, before?.count ?? 0, before?.unread ?? 0);
  }

  async append(rows: readonly Row[]): Promise<void> {
    await this.file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.count += rows.length;
    this.unread += rows.filter(isUnread).length;
  }

  read(): AsyncIterable<Row> {
    return rowsIn(this.path, this.key, this.count);
  }

  /** Every row is on the disk from here on. */
  async close(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }

  /** Gives the file the name of a finished part. */
  async rename(path: string): Promise<void> {
    await rename(this.path, path);
    this.path = path;
  }

  /** Removes the file, whose rows are elsewhere now. */
  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }
}

/** The rows of a finished part; undefined where it is not there, of another run, or not whole. */
export async function rowsOfPart(
  path: string,
  key: string,
  total: number,
): Promise<RowSet | undefined> {
  const found = await foundIn(path, key, total);
  if (found?.count !== total) return undefined;
  return { ...found, read: () => rowsIn(path, key, total) };
}

const headOf = (key: string) => JSON.stringify({ key });

async function* rowsIn(path: string, key: string, count: number): AsyncGenerator<Row> {
  let at = -1;
  for await (const { line } of wholeLines(path)) {
    if (at === -1 && line !== headOf(key)) return;
    if (at >= 0) yield JSON.parse(line);
    if (++at >= count) return;
  }
}

/**
 * How many rows stand before the first line that was cut off or is damaged, and their bytes with the line before them: all, or whole batches, so that the
 * others are scored in the batches of an uninterrupted run.
 *
 * @returns undefined where the file is not there, or of another run
 */
async function foundIn(
  path: string,
  key: string,
  total: number,
): Promise<
  { readonly count: number; readonly unread: number; readonly bytes: number } | undefined
> {
  let whole: { count: number; unread: number; bytes: number } | undefined;
  let [count, unread] = [0, 0];
  for await (const { line, end } of wholeLines(path)) {
    if (whole) {
      const row = parsed(line);
      if (!row) break;
      count += 1;
      unread += Number(isUnread(row));
    } else if (line !== headOf(key)) return undefined;
    if (count % BATCH === 0 || count === total) whole = { count, unread, bytes: end };
    if (count === total) break;
  }
  return whole;
}

function parsed(line: string): Row | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
