import type Tinypool from 'tinypool';
import { SaladError } from '../support/errors.js';

type Thread = Tinypool['threads'][number];

/**
 * Watches the threads of a pool of tinypool, which hears of an error within a thread and not of an end without one, by
 * `process.exit()` say: the jobs of that thread would wait for ever. Here such an end is told to the pool as an error, so that it
 * fails those jobs and starts another thread.
 */
export class ThreadWatch {
  private readonly seen = new WeakSet<Thread>();
  /** Errors that ended a thread. */
  private readonly fatal = new WeakSet<object>();

  /** @param stopped whether the threads are being ended on purpose. */
  constructor(
    private readonly threads: () => readonly Thread[],
    private readonly stopped: () => boolean,
  ) {
    this.look();
  }

  /** Watches threads that were started since. */
  look(): void {
    for (const thread of this.threads()) {
      if (this.seen.has(thread)) continue;
      this.seen.add(thread);
      let failed = false;
      thread.once('error', (error: object) => {
        failed = true;
        if (typeof error === 'object' && error !== null) this.fatal.add(error);
        // The pool has started another one.
        this.look();
      });
      thread.once('exit', (exitCode: number) => {
        if (!failed && !this.stopped())
          thread.emit('error', new Error(`it left with exit code ${exitCode}`));
      });
    }
  }

  /** What a job failed of, as THREAD_ENDED where its thread ended; any other error as it is. */
  explained(where: string, error: unknown): unknown {
    if (typeof error !== 'object' || error === null || !this.fatal.has(error)) return error;
    const { message, code } = error as Error & { code?: string };
    const advice =
      code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? 'give Node more memory (--max-old-space-size), or the pool fewer threads'
        : 'look for process.exit() and uncaught errors in the modules that it imports, those of the backend and of locate';
    return new SaladError(
      'THREAD_ENDED',
      `${where}: a thread of the pool ended before its work was done (${message}); expected threads that run until dispose(); ${advice}.`,
      { reason: message },
      { cause: error },
    );
  }
}
