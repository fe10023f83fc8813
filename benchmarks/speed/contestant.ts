import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that repeats one piece of work on demand, in a process of its own. */
export interface Contestant {
  readonly command: readonly string[];
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a contestant tells of itself once it stands ready. */
export interface Facts {
  readonly versions?: Readonly<Record<string, string>>;
  /** For the table: what a figure alone does not tell. */
  readonly note?: string;
  readonly [name: string]: unknown;
}

/** A contestant lacks something that this machine has not: its ratio is skipped, by name. */
export class Missing extends Error {
  constructor(
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`${what} is missing`);
  }
}

/** Marks a line of the protocol among whatever else a program prints. */
const MARK = '@speed ';

type Line = { missing?: string; remedy?: string; error?: string } & Record<string, unknown>;

/**
 * A started contestant. Both sides speak lines: ours are words on its standard input, its answers are
 * JSON behind `@speed ` on its standard output.
 *
 *     -> {"ready": true, ...facts}
 *     measure  -> {"value": 12.3}
 *     end of input: it ends
 */
export class Running {
  readonly facts: Promise<Facts>;
  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.facts = this.answer();
    // Awaited by whoever asks for it; a contestant that is stopped earlier is no error.
    this.facts.catch(() => {});
  }

  static start({ command, env }: Contestant): Running {
    const [program, ...args] = command;
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
    const running = new Running(child);
    child.stderr.on('data', (data) => {
      running.complaints = (running.complaints + data).slice(-2000);
    });
    child.on('error', (error) => {
      running.complaints += error.message;
    });
    return running;
  }

  private complaints = '';

  /** Does the work once. @returns what it took, in the contestant's unit (milliseconds unless told). */
  async measure(): Promise<number> {
    this.child.stdin.write('measure\n');
    return (await this.answer()).value as number;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  private async answer(): Promise<Line> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`the program ended early: ${this.complaints.trim()}`);
      if (!value.startsWith(MARK)) continue;
      const line = JSON.parse(value.slice(MARK.length)) as Line;
      if (line.missing) throw new Missing(line.missing, line.remedy ?? '');
      if (line.error) throw new Error(line.error);
      return line;
    }
  }
}
