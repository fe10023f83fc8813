import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from './row.js';

/**
 * Rows of a run that may be interrupted, in a file beside the result: a line that says which run it is, then a line for each row. A
 * later run of the same kind goes on after the last whole line.
 */
export class KeptRows {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    /** All rows so far. */
    readonly rows: Row[],
  ) {}

  /** @param key what the rows depend on: the model, the files, the backend */
  static async open(path: string, key: string): Promise<KeptRows> {
    await mkdir(dirname(path), { recursive: true });
    const before = await readRows(path, key);
    const file = await open(path, 'w');
    const kept = new KeptRows(path, file, []);
    await file.write(`${JSON.stringify({ key })}\n`);
    await kept.append(before ?? []);
    return kept;
  }

  async append(rows: readonly Row[]): Promise<void> {
    await this.file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.rows.push(...rows);
  }

  /** Keeps the file as it is. */
  async close(): Promise<void> {
    await this.file.close();
  }

  /** Ends the run: the file goes, or gets its name as a finished part. */
  async finish(renamed?: string): Promise<void> {
    await this.file.sync();
    await this.file.close();
    if (renamed) await rename(this.path, renamed);
    else await rm(this.path, { force: true });
  }
}

/** The whole rows of a file; undefined where it is not there or of another run. */
export async function readRows(path: string, key: string): Promise<Row[] | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // What stands behind the last line break was cut off.
  const [first, ...lines] = text?.split('\n').slice(0, -1) ?? [];
  if (first === undefined || first !== JSON.stringify({ key })) return undefined;
  return lines.map((line) => JSON.parse(line));
}
