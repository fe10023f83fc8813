import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { wholeLines } from './whole-lines.js';

/** What went back into an archive: names of films there, and what was said of them, as a hash. Nothing of a patient. */
interface Sent {
  readonly film: string;
  readonly said: string;
}

/** A list on the disk of what a server has taken, so that a later run sends the rest and nothing twice. */
export class SentList {
  private constructor(
    private readonly file: FileHandle,
    private readonly known: Set<string>,
  ) {}

  static async open(path: string): Promise<SentList> {
    await mkdir(dirname(path), { recursive: true });
    const known = new Set<string>();
    let bytes = 0;
    for await (const { line, end } of wholeLines(path)) {
      const sent = parsed(line);
      if (sent) known.add(nameOf(sent));
      bytes = end;
    }
    const file = await open(path, 'a');
    await file.truncate(bytes);
    return new SentList(file, known);
  }

  has(sent: Sent): boolean {
    return this.known.has(nameOf(sent));
  }

  /** Is on the disk from here on. */
  async add(sent: readonly Sent[]): Promise<void> {
    if (sent.length === 0) return;
    const lines = sent.map(({ film, said }) => `${JSON.stringify({ film, said })}\n`);
    // All bytes, or an error: a disk that is nearly full takes some.
    await this.file.appendFile(lines.join(''));
    await this.file.datasync();
    for (const one of sent) this.known.add(nameOf(one));
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

const nameOf = ({ film, said }: Sent) => `${film} ${said}`;

function parsed(line: string): Sent | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
