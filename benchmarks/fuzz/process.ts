import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './examiner.js';
import { Progress } from './progress.js';

/** What a process made of an order: its answer, or the input that it did not survive. */
export type Result =
  | { readonly answer: Answer }
  | { readonly index: number; readonly what: string };

/** Milliseconds that an input may take, on a machine that has other work too. */
export const LIMIT = 10_000;

/** Starting takes the time that many modules need. */
const START_LIMIT = 120_000;

type Message = { readonly answer?: Answer; readonly ready?: true };

/** A process that examines inputs; a new one takes its place where it ends. */
export class Examiner {
  private child?: ChildProcess;
  private said = '';
  private orders = 0;
  private readonly file = join(tmpdir(), `salad-ad-fuzz-${randomUUID()}`);
  private readonly progress = new Progress(this.file);

  /**
   * @param module what the process runs
   * @param limit milliseconds that an input may take
   */
  constructor(
    private readonly module = new URL('./examiner.ts', import.meta.url),
    private readonly limit = LIMIT,
  ) {}

  async run(order: Order): Promise<Result> {
    // A process keeps what its codecs took.
    if (this.orders++ % 100 === 99) this.stop();
    const child = this.child ?? (await this.start());
    const { progress, limit } = this;
    progress.begin(order.from);
    return new Promise((resolve) => {
      let index = order.from;
      let since = performance.now();
      const end = (result: Result) => {
        clearInterval(watch);
        child.removeAllListeners();
        if (!('answer' in result)) this.stop();
        resolve(result);
      };
      const watch = setInterval(() => {
        const now = progress.index;
        if (now !== index) since = performance.now();
        index = now;
        if (performance.now() - since > limit) end({ index, what: `no end within ${limit} ms` });
      }, 250);
      child.on('message', ({ answer }: Message) => answer && end({ answer }));
      child.on('exit', (code, signal) => {
        const what = `the process ended with ${signal ?? code}: ${lastWords(this.said)}`;
        end({ index: progress.index, what });
      });
      child.send(order);
    });
  }

  stop(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = undefined;
    rmSync(this.file, { force: true });
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(this.module), [this.file], {
      execArgv: ['--import', 'tsx', '--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.said = '';
    child.stderr?.on('data', (text) => {
      this.said = `${this.said}${text}`.slice(-4000);
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('it does not start')), START_LIMIT);
      child.once('message', () => {
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`it ends with ${code}: ${this.said}`)));
    });
    child.removeAllListeners();
    this.child = child;
    return child;
  }
}

function lastWords(said: string): string {
  return said.trim().split('\n').slice(-3).join(' | ').slice(-400);
}
