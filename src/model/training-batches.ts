import type { ImageSource } from '../images/image-source.js';
import type { PreparedImages } from '../images/preparation.js';
import { EpochBatches } from '../learning/epoch-batches.js';
import { batchesAhead, type ImageIntake, readPrepared } from '../learning/intake.js';
import type { SaladSettings } from './options.js';

/** What a step learns from: the images that came, whose indices are their rows, and their views. */
export type StepImages = PreparedImages & Required<Pick<PreparedImages, 'views'>>;

/**
 * The batches of a run, whether or not all their images can be read.
 *
 * Variations are drawn from streams named by seed and epoch, so what a step gets does not depend on how
 * many threads prepare.
 */
export function trainingBatches(
  where: string,
  source: ImageSource,
  { batchSize, seed }: SaladSettings,
  intake: ImageIntake,
  epochs: number,
): EpochBatches<StepImages> {
  const plan = { length: source.length, batchSize, seed, epochs, ahead: batchesAhead(intake) };
  return new EpochBatches(plan, async (rows, epoch) => {
    const prepared = await readPrepared(where, source, rows, intake, { seed, epoch });
    return prepared as StepImages;
  });
}
