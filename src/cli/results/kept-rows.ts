import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from './row.js';
import { BATCH } from './shard.js';

/**
 * Rows of a run that may be interrupted, in a file beside the result: a line that says which run it is, then a line for each row. A
 * later run of the same kind goes on after the last whole line; what stands before that is never written again.
 */
export class KeptRows {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    /** All rows so far. */
    readonly rows: Row[],
  ) {}

  /**
   * @param key what the rows depend on: the model, the files, the backend
   * @param total how many rows there will be
   */
  static async open(path: string, key: string, total: number): Promise<KeptRows> {
    await mkdir(dirname(path), { recursive: true });
    const before = await wholeLines(path, key, total);
    const file = await open(path, 'a');
    await file.truncate(before?.bytes ?? 0);
    if (!before) await file.write(`${JSON.stringify({ key })}\n`);
    return new KeptRows(path, file, before?.rows ?? []);
  }

  async append(rows: readonly Row[]): Promise<void> {
    await this.file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.rows.push(...rows);
  }

  /** Every row is on the disk from here on. */
  async close(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }

  /** Gives the file the name of a finished part. */
  rename(path: string): Promise<void> {
    return rename(this.path, path);
  }

  /** Removes the file, whose rows are elsewhere now. */
  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }
}

/** The whole rows of a file; undefined where it is not there or of another run. */
export async function readRows(path: string, key: string): Promise<Row[] | undefined> {
  return (await wholeLines(path, key))?.rows;
}

/**
 * Rows up to the first line that was cut off or is damaged, and how many bytes they take with the line before them.
 *
 * @param total of a run that goes on: rows end with a whole batch, so that the others are scored in the batches of an uninterrupted run
 */
async function wholeLines(
  path: string,
  key: string,
  total?: number,
): Promise<{ readonly rows: Row[]; readonly bytes: number } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // What stands behind the last line break was cut off.
  const [first, ...lines] = text?.split('\n').slice(0, -1) ?? [];
  if (first === undefined || first !== JSON.stringify({ key })) return undefined;
  const damaged = lines.findIndex((line) => parsed(line) === undefined);
  const whole = damaged === -1 ? lines.length : damaged;
  const count = total === undefined || whole === total ? whole : whole - (whole % BATCH);
  const kept = lines.slice(0, count);
  return {
    rows: kept.map((line) => parsed(line) as Row),
    bytes: Buffer.byteLength([first, ...kept, ''].join('\n')),
  };
}

function parsed(line: string): Row | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
