import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { check, checkNumber } from '../support/check.js';
import { missingPeer } from '../support/missing-peer.js';
import { ThreadWatch } from './watch-threads.js';
import { type Outcome, unpacked } from './worker-errors.js';

/** Options of `imagePool` and `scoringPool`. */
export interface ThreadOptions {
  /**
   * How many threads run.
   *
   * @defaultValue as many as the machine has cores
   */
  readonly concurrency?: number;
  /**
   * The file that a thread runs; needed only if a bundle includes this package.
   *
   * @defaultValue `dist/node-worker.js` of this package
   */
  readonly workerFile?: string | URL;
}

/** What every thread is given as it starts. */
export interface ThreadStart {
  readonly threads: number;
  /** What its task needs. */
  readonly data?: unknown;
}

/** Threads that all run one task. */
export interface Threads<Job, Result> {
  readonly concurrency: number;
  /** @throws what the task throws, with its code; THREAD_ENDED; what keeps threads from starting; DISPOSED once stopped */
  run(where: string, job: Job): Promise<Result>;
  stop(): Promise<void>;
}

/**
 * Starts threads.
 *
 * @param task the function of node-worker that they run
 * @param data what each is given as it starts
 * @param queued jobs that a thread is given at once: 2 where this thread may be too busy to give it the next in time
 * @throws MISSING_PEER | INVALID_OPTION
 */
export async function startThreads<Job, Result>(
  where: string,
  task: string,
  { concurrency = availableParallelism(), workerFile }: ThreadOptions,
  { data, queued }: { data?: unknown; queued: number },
): Promise<Threads<Job, Result>> {
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  const file = fileOf(where, workerFile);
  const { default: Tinypool } = await import('tinypool').catch(missingPeer(where, 'tinypool'));
  const pool = new Tinypool({
    filename: file.href,
    name: task,
    minThreads: concurrency,
    maxThreads: concurrency,
    concurrentTasksPerWorker: queued,
    workerData: { threads: concurrency, data } satisfies ThreadStart,
  });
  let stopped = false;
  let failure: unknown;
  const watch = new ThreadWatch(
    () => pool.threads,
    () => stopped,
  );
  // An error that belongs to no job. If no thread is left, none would ever take a job.
  pool.on('error', (error) => {
    if (pool.threads.length > 0) return process.emitWarning(error);
    failure ??= error;
    void pool.destroy();
  });
  const checkRunning = (caller: string) => {
    check(
      !stopped,
      'DISPOSED',
      () =>
        `${caller}: the threads of the pool have been stopped; expected dispose() of the pool after its last use; make another by ${where}.`,
    );
    if (failure) throw watch.explained(caller, failure);
  };
  return {
    concurrency,
    async run(caller, job) {
      checkRunning(caller);
      const outcome = await pool.run(job).catch((error) => {
        checkRunning(caller);
        throw watch.explained(caller, error);
      });
      return unpacked(outcome as Outcome<Result>);
    },
    async stop() {
      stopped = true;
      await pool.destroy();
    },
  };
}

function fileOf(where: string, given: string | URL | undefined): URL {
  const file =
    given === undefined
      ? new URL('./node-worker.js', import.meta.url)
      : /^file:/.test(String(given))
        ? new URL(given)
        : pathToFileURL(String(given));
  check(
    existsSync(file),
    'INVALID_OPTION',
    () =>
      `${where}: the file for its threads, '${fileURLToPath(file)}', does not exist; expected dist/node-worker.js of salad-ad; ` +
      'where the application is bundled, leave salad-ad out of the bundle, or give workerFile.',
  );
  return file;
}
