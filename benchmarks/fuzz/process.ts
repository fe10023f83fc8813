import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './examiner.js';

/** What a process made of an order: its answer, or the input that it did not survive. */
export type Result =
  | { readonly answer: Answer }
  | { readonly index: number; readonly what: string };

/** Milliseconds that an input may take, on a machine that has other work too. */
export const LIMIT = 10_000;

/** Starting takes the time that many modules need. */
const START_LIMIT = 120_000;

type Message = { readonly begun?: number; readonly answer?: Answer; readonly ready?: true };

/** A process that examines inputs; a new one takes its place where it ends. */
export class Examiner {
  private child?: ChildProcess;
  private said = '';
  private orders = 0;

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
    return new Promise((resolve) => {
      let index = order.from;
      let timer: NodeJS.Timeout;
      const end = (result: Result) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (!('answer' in result)) this.stop();
        resolve(result);
      };
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(
          () => end({ index, what: `no end within ${this.limit} ms` }),
          this.limit,
        );
      };
      child.on('message', ({ begun, answer }: Message) => {
        if (answer) return end({ answer });
        index = begun ?? index;
        wait();
      });
      child.on('exit', (code, signal) =>
        end({ index, what: `the process ended with ${signal ?? code}: ${lastWords(this.said)}` }),
      );
      wait();
      child.send(order);
    });
  }

  stop(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(this.module), {
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
