import type { PreparedImages } from '../data/image-job.js';
import type { ImageSource } from '../images/image-source.js';
import { type Arrivals, arrivals } from '../learning/arrivals.js';
import { EpochBatches } from '../learning/epoch-batches.js';
import { batchesAhead, type ImageIntake, readPrepared } from '../learning/intake.js';
import type { SaladSettings } from './options.js';

/** What a step learns from: the images that came, their views, and the rows that are theirs. */
export interface StepImages
  extends Arrivals,
    Pick<PreparedImages, 'images' | 'masks' | 'viewMasks'> {
  readonly views: Float32Array;
}

/**
 * The batches of a run, whether or not all their images can be read.
 *
 * Variations are drawn from streams named by seed and epoch, so what a step gets does not depend on how
 * many threads prepare.
 */
export function trainingBatches(
  source: ImageSource,
  { batchSize, seed, augmentation: limits }: SaladSettings,
  intake: ImageIntake,
  epochs: number,
): EpochBatches<StepImages> {
  const plan = { length: source.length, batchSize, seed, epochs, ahead: batchesAhead(intake) };
  return new EpochBatches(plan, async (rows, epoch) => {
    const prepared = await readPrepared(source, rows, intake, { limits, seed, epoch, rows });
    const { images, views, masks, viewMasks } = prepared as PreparedImages & {
      views: Float32Array;
    };
    return { images, views, masks, viewMasks, ...arrivals(source, rows, prepared) };
  });
}
