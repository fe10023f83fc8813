import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { aText, fields } from '../support/json-rules.js';

/** By what a file is known again: another one under its name has another mark. */
export interface FileMark {
  readonly inode: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** What a line says of a file: where it was, where it goes, and why. */
export interface QuarantineLine {
  readonly path: string;
  readonly name: string;
  readonly copy: boolean;
  /** Absent in lines of version 0.1. */
  readonly file?: FileMark;
}

const lineRule = fields({ path: aText, name: aText });

/** `quarantine.jsonl`: a line for each file, on disk before the file is moved. */
export class QuarantineLog {
  private readonly lines = new Map<string, QuarantineLine>();
  /** Bytes of the file that have been read or written here. */
  private known = 0;

  constructor(private readonly path: string) {}

  /** The last line of an image, another process's too. */
  async find(path: string): Promise<QuarantineLine | undefined> {
    if ((await this.size()) !== this.known) await this.read();
    return this.lines.get(path);
  }

  /** Writes a line down. @returns takes it back, for a move that failed */
  async add(line: QuarantineLine): Promise<() => Promise<void>> {
    if ((await this.size()) !== this.known) await this.read();
    const before = this.known;
    const text = `${JSON.stringify({ ...line, when: new Date().toISOString() })}\n`;
    const after = before + Buffer.byteLength(text);
    const takeBack = async () => {
      // Where somebody else has written since, the line stays.
      if ((await this.size()) > after) return;
      await truncate(this.path, before);
      this.known = before;
      this.lines.delete(line.path);
    };
    try {
      await appendFile(this.path, text, { flush: true });
    } catch (error) {
      await takeBack().catch(() => {});
      throw error;
    }
    this.known = after;
    this.lines.set(line.path, line);
    return takeBack;
  }

  private async size(): Promise<number> {
    return stat(this.path).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0;
        throw error;
      },
    );
  }

  /** Reads all lines. A last one that a dying process cut short goes: nothing was moved for it yet. */
  private async read(): Promise<void> {
    const bytes = await readFile(this.path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    const rest = bytes.subarray(whole).toString('utf8');
    this.lines.clear();
    for (const text of bytes.subarray(0, whole).toString('utf8').split('\n')) this.take(text);
    this.known = whole;
    if (rest === '') return;
    if (this.take(rest)) {
      await appendFile(this.path, '\n', { flush: true });
      this.known = bytes.length + 1;
    } else await truncate(this.path, whole);
  }

  private take(text: string): boolean {
    try {
      const line = JSON.parse(text);
      if (lineRule(line, '') !== undefined) return false;
      this.lines.set(line.path, line);
      return true;
    } catch {
      return false;
    }
  }
}
