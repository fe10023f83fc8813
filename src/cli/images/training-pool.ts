import { availableParallelism } from 'node:os';
import type { ImagePool } from 'salad-ad/data';
import type { Speaker } from '../frame/command.js';
import { library } from '../frame/library.js';

/** Fewer images are read sooner than threads start. */
const WORTH_THREADS = 64;

/** Threads that read, prepare and vary images while this one learns; what they cannot read is told by its name. */
export interface TrainingPool {
  /** Absent where this thread does it all. */
  readonly imagePool?: ImagePool;
  end(): Promise<void>;
}

/** @param threads default one for each core but that which learns */
export async function trainingPool(
  images: number,
  threads: number | undefined,
  say: Speaker,
): Promise<TrainingPool> {
  const none = { end: async () => {} };
  const concurrency = threads ?? Math.max(1, availableParallelism() - 1);
  if (images < WORTH_THREADS && threads === undefined) return none;
  try {
    const pool = await library('salad-ad/node').imagePool({ concurrency });
    const run: ImagePool['run'] = async (job) => {
      const prepared = await pool.run(job);
      for (const { id, code, message } of prepared.problems)
        say.warning({ code: `${code} ${id}`, message: `'${id}': ${message}` });
      return prepared;
    };
    return { imagePool: { concurrency, run }, end: () => pool.dispose() };
  } catch (error) {
    if ((error as { code?: string }).code !== 'MISSING_PEER') throw error;
    say.note(
      'images are read on the core that learns, since the package tinypool is not installed; run `npm install tinypool` to use another',
    );
    return none;
  }
}
