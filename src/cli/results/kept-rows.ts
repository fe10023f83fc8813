import { constants, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unusable } from '../frame/failure.js';
import { type FileState, sameState, stateOf } from '../images/film-facts.js';
import { absent } from './absent.js';
import type { Row } from './row.js';
import { isUnread, type RowSet } from './row-set.js';
import { wholeLines } from './whole-lines.js';

/** A row as it is kept, with the state of its file: by that a film that changed is noticed. */
export interface KeptRow extends Row {
  readonly was?: FileState;
}

/** A line that is no row; rows that no such line follows are of a chunk that was cut off. */
export interface Note {
  /** False where the run ended in order. */
  readonly running: boolean;
  /** The one film at hand, where films are read one by one. */
  readonly at?: string;
  /** Whether all results are in the archive. */
  readonly sent?: boolean;
}

/** Files whose states are asked for at a time. */
const SOME = 64;

/**
 * Rows of a run that may be interrupted, in a file beside the result: a line that says which run it is, then a line for each row, in the order in which they
 * came. Of a film with several the last one counts; what was written is never written again. A later run of the same kind goes on with the films that have none.
 * However many rows there are, memory holds those of a chunk, and where each lies.
 */
export class KeptRows implements RowSet {
  count = 0;
  unread = 0;
  last: Note = { running: false };
  /** Where rows of another run are now that were in the way. */
  before?: string;
  private bytes = 0;
  private readonly index: ReadonlyMap<string, number>;
  /** Of each film: where its line begins, or -1, and its bytes; negative for a film that could not be read. */
  private readonly starts: Float64Array;
  private readonly lengths: Int32Array;

  private constructor(
    private path: string,
    private readonly file: FileHandle,
    private readonly files: readonly string[],
  ) {
    this.index = new Map(files.map((file, i) => [file, i]));
    this.starts = new Float64Array(files.length).fill(-1);
    this.lengths = new Int32Array(files.length);
  }

  /**
   * @param key what every row depends on: the model, the backend
   * @param files that have a row in the end, in the order of the table
   */
  static async open(path: string, key: string, files: readonly string[]): Promise<KeptRows> {
    const found = await KeptRows.find(path, key, files, true);
    if (found) return found;
    await mkdir(dirname(path), { recursive: true });
    // A line with a slip, such as another model, takes no rows from the right one.
    const before = (await isEmpty(path)) ? undefined : `${path}.before`;
    if (before) await rename(path, before);
    const kept = new KeptRows(path, await open(path, 'a+'), files);
    kept.before = before;
    await kept.write([headOf(key), JSON.stringify(kept.last)]);
    return kept;
  }

  /**
   * @param adds whether rows will be added, before which what was cut off goes
   * @returns undefined where it is not there, or of another run
   */
  static async find(
    path: string,
    key: string,
    files: readonly string[],
    adds = false,
  ): Promise<KeptRows | undefined> {
    const file = await open(path, constants.O_RDWR | constants.O_APPEND).catch(absent);
    if (!file) return undefined;
    const kept = new KeptRows(path, file, files);
    const known = await kept.scan(key);
    if (known && adds && (await file.stat()).size > kept.bytes) await file.truncate(kept.bytes);
    if (known) return kept;
    await file.close();
    return undefined;
  }

  /** Adds rows, and says in the same breath that they are whole. */
  async append(rows: readonly KeptRow[], note: Note = this.last): Promise<void> {
    const lines = [...rows, note].map((one) => JSON.stringify(one));
    let start = await this.write(lines);
    for (const [i, row] of rows.entries()) {
      const length = Buffer.byteLength(lines[i]) + 1;
      this.place(row, start, length);
      start += length;
    }
    this.last = note;
  }

  /** Films without a row, in order. */
  missing(): string[] {
    return this.files.filter((_, i) => this.starts[i] < 0);
  }

  lacks(file: string): boolean {
    const at = this.index.get(file);
    return at !== undefined && this.starts[at] < 0;
  }

  /** Rows of films that could not be read count no longer. */
  forgetUnread(): void {
    for (const i of this.files.keys()) if (this.lengths[i] < 0) this.forget(i);
  }

  /** Rows of files that have changed count no longer. */
  async forgetChanged(): Promise<void> {
    for (let from = 0; from < this.files.length; from += SOME) {
      const some = this.files.slice(from, from + SOME);
      const states = await Promise.all(some.map(stateOf));
      for (const [i, state] of states.entries()) {
        const at = from + i;
        if (this.starts[at] >= 0 && !sameState((await this.rowAt(at)).was, state)) this.forget(at);
      }
    }
  }

  async *read(): AsyncGenerator<Row> {
    for (const i of this.files.keys()) {
      const { was, ...row } = await this.rowAt(i);
      yield row;
    }
  }

  /** Every row is on the disk from here on. */
  sync(): Promise<void> {
    return this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async rename(path: string): Promise<void> {
    if (path !== this.path) await rename(this.path, path);
    this.path = path;
  }

  /** Removes the file, whose rows are elsewhere now. */
  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }

  private async scan(key: string): Promise<boolean> {
    let waiting: [row: Row, start: number, length: number][] = [];
    let before = 0;
    for await (const { line, end } of wholeLines(this.path)) {
      if (before === 0 && line !== headOf(key)) return false;
      const value = before === 0 ? undefined : parsed(line);
      if (value && 'file' in value) waiting.push([value, before, end - before]);
      if (value && 'running' in value) {
        for (const [row, start, length] of waiting) this.place(row, start, length);
        [waiting, this.last, this.bytes] = [[], value, end];
      }
      before = end;
    }
    return this.bytes > 0;
  }

  private place(row: Row, start: number, length: number): void {
    const at = this.index.get(row.file);
    if (at === undefined) return;
    this.forget(at);
    this.starts[at] = start;
    this.lengths[at] = isUnread(row) ? -length : length;
    this.count += 1;
    this.unread += Number(isUnread(row));
  }

  private forget(at: number): void {
    if (this.starts[at] < 0) return;
    this.count -= 1;
    this.unread -= Number(this.lengths[at] < 0);
    this.starts[at] = -1;
    this.lengths[at] = 0;
  }

  private async rowAt(at: number): Promise<KeptRow> {
    const bytes = Buffer.alloc(Math.abs(this.lengths[at]));
    const place = this.starts[at];
    const found = place < 0 ? 0 : (await this.file.read(bytes, 0, bytes.length, place)).bytesRead;
    const row = found === bytes.length ? parsed(bytes.toString()) : undefined;
    if (row && 'file' in row && row.file === this.files[at]) return row;
    throw unusable(
      `'${this.path}' lacks a row that was there: something else has written to it; give the same line again`,
    );
  }

  /**
   * All bytes, or an error: a disk that is nearly full takes some.
   *
   * @returns where they begin: behind all that is there, also where something else has written to it
   */
  private async write(lines: readonly string[]): Promise<number> {
    const { size } = await this.file.stat();
    // What a full disk has cut off ends here.
    const start = size > this.bytes ? size + 1 : size;
    const text = lines.map((line) => `${line}\n`).join('');
    await this.file.appendFile(start > size ? `\n${text}` : text);
    this.bytes = start + Buffer.byteLength(text);
    return start;
  }
}

const headOf = (key: string) => JSON.stringify({ key });

const isEmpty = async (path: string): Promise<boolean> => !(await stat(path).catch(absent))?.size;

function parsed(line: string): KeptRow | Note | undefined {
  try {
    return Object(JSON.parse(line));
  } catch {
    return undefined;
  }
}
