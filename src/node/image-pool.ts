import type { ImageJob, ImagePool } from '../data/image-job.js';
import type { PreparedImages } from '../images/preparation.js';
import { checkKnownOptions } from '../support/check.js';
import { startThreads, type ThreadOptions } from './worker-threads.js';

/**
 * Starts threads that decode, prepare and vary training images while the network learns.
 *
 * What is learnt is the same to the bit for any number of threads, and for none. A
 * `customNormalization` cannot be sent to a thread: with one, images are prepared where they were.
 *
 * @param options `concurrency`, by default the number of cores: one thread is enough if preparing a batch takes less time
 *   than learning from it
 * @returns the pool; `dispose` ends its threads
 * @throws MISSING_PEER without the optional package tinypool | INVALID_OPTION | UNKNOWN_OPTION; its `run` throws DISPOSED
 *   after `dispose`, and THREAD_ENDED where a thread ends by itself
 * @example
 * const pool = await imagePool({ concurrency: 2 });
 * await model.fit(train, { validation, imagePool: pool });
 * await pool.dispose();
 */
export async function imagePool(
  options: ThreadOptions = {},
): Promise<ImagePool & { /** Ends the threads. */ dispose(): Promise<void> }> {
  checkKnownOptions('imagePool', options, { concurrency: true, workerFile: true });
  const threads = await startThreads<ImageJob, PreparedImages>('imagePool', 'prepare', options, {
    queued: 2,
  });
  const { concurrency } = threads;
  return {
    concurrency,
    run: (job) => threads.run(job.request?.where ?? 'ImagePool.run', job),
    dispose: () => threads.stop(),
  };
}
