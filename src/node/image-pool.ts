import type { ImageJob, ImagePool, PreparedImages } from '../data/image-job.js';
import { checkKnownOptions } from '../support/check.js';
import { startThreads, type ThreadOptions } from './worker-threads.js';

/**
 * Threads that decode, prepare and vary training images while the network learns.
 *
 * What is learnt is the same to the bit for any number of threads, and for none. A
 * `customNormalization` cannot be sent to a thread: with one, images are prepared where they were.
 *
 * @param options.size threads; as many as the machine has cores unless told. One is enough wherever
 * preparing a batch takes less time than learning from it.
 * @throws MISSING_PEER without the optional package tinypool | INVALID_OPTION
 * @example
 * const pool = await imagePool({ size: 2 });
 * await model.fit(train, { validation, imagePool: pool });
 * await pool.dispose();
 */
export async function imagePool(
  options: ThreadOptions = {},
): Promise<ImagePool & { dispose(): Promise<void> }> {
  checkKnownOptions('imagePool', options, ['size', 'workerFile']);
  const threads = await startThreads<ImageJob, PreparedImages>('imagePool', 'prepare', options, {
    queued: 2,
  });
  const { size } = threads;
  return { size, run: (job) => threads.run(job), dispose: () => threads.stop() };
}
