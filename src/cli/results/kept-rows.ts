import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from './row.js';

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

  /** @param key what the rows depend on: the model, the files, the backend */
  static async open(path: string, key: string): Promise<KeptRows> {
    await mkdir(dirname(path), { recursive: true });
    const before = await wholeLines(path, key);
    const file = await open(path, 'a');
    await file.truncate(before?.bytes ?? 0);
    if (!before) await file.write(`${JSON.stringify({ key })}\n`);
    return new KeptRows(path, file, before?.rows ?? []);
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
  return (await wholeLines(path, key))?.rows;
}

/** Rows up to the first line that was cut off or is damaged, and how many bytes they take with the line before them. */
async function wholeLines(
  path: string,
  key: string,
): Promise<{ readonly rows: Row[]; readonly bytes: number } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // What stands behind the last line break was cut off.
  const [first, ...lines] = text?.split('\n').slice(0, -1) ?? [];
  if (first === undefined || first !== JSON.stringify({ key })) return undefined;
  const rows: Row[] = [];
  let bytes = Buffer.byteLength(first) + 1;
  for (const line of lines) {
    const row = parsed(line);
    if (!row) break;
    rows.push(row);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { rows, bytes };
}

function parsed(line: string): Row | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
