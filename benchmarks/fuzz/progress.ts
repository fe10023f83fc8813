import { openSync, readFileSync, writeSync } from 'node:fs';

/** Which input is at work, in a file: messages wait for a turn of the process, which a hang never gives. */
export class Progress {
  private file?: number;

  constructor(private readonly path: string) {}

  begin(index: number): void {
    this.file ??= openSync(this.path, 'w');
    writeSync(this.file, String(index).padEnd(12), 0);
  }

  /** The input begun last. */
  get index(): number {
    return Number(readFileSync(this.path, 'latin1'));
  }
}
