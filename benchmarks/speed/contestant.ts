import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that repeats one piece of work on demand, in a process of its own. */
export interface Contestant {
  readonly command: readonly string[];
  /** Environment variables beside those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Working directory; that of this process without it. */
  readonly cwd?: string;
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

/** Seconds after which a program that has not answered is given up, so that a run comes to its end. */
const LONGEST_ANSWER = 300;

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
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  /** The end of what it complained of. */
  private complaints = '';

  constructor({ command, env, cwd }: Contestant) {
    const [program, ...args] = command;
    this.child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    const complain = (words: unknown) => {
      this.complaints = `${this.complaints}${words}`.slice(-2000);
    };
    this.child.stderr.on('data', complain);
    this.child.on('error', complain);
    // A program that ended is told of by what it failed to answer.
    this.child.stdin.on('error', () => {});
    this.facts = this.answer();
  }

  /** Does the work once. @returns what it took, in the contestant's unit (default milliseconds). */
  async measure(): Promise<number> {
    this.child.stdin.write('measure\n');
    return (await this.answer()).value as number;
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  private async answer(): Promise<Line> {
    const timer = setTimeout(() => {
      this.complaints = `it has not answered for ${LONGEST_ANSWER} s`;
      this.child.kill('SIGKILL');
    }, 1000 * LONGEST_ANSWER);
    try {
      return await this.nextLine();
    } finally {
      clearTimeout(timer);
    }
  }

  private async nextLine(): Promise<Line> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done && this.child.pid === undefined) {
        throw new Missing(this.child.spawnfile, 'install it, or see README.md');
      }
      if (done) throw new Error(`the program ended early: ${this.complaints.trim()}`);
      if (!value.startsWith(MARK)) continue;
      const line = JSON.parse(value.slice(MARK.length)) as Line;
      if (line.missing) throw new Missing(line.missing, line.remedy ?? '');
      if (line.error) throw new Error(line.error);
      return line;
    }
  }
}
