import type { PreparedImages } from '../data/image-job.js';
import type { ImageSource } from '../images/image-source.js';
import { type Arrivals, arrivals } from '../learning/arrivals.js';
import { evenBatches } from '../learning/even-batches.js';
import { batchesAhead, type ImageIntake, readPrepared } from '../learning/intake.js';
import { Ahead } from '../support/ahead.js';
import { RandomStream } from '../support/random.js';
import type { SaladSettings } from './options.js';

/** What a step learns from: the images that came, their views, and the rows that are theirs. */
export interface StepImages
  extends Arrivals,
    Pick<PreparedImages, 'images' | 'masks' | 'viewMasks'> {
  readonly views: Float32Array;
}

/**
 * The batches of a run, on their way before their step.
 *
 * Shuffles and variations are drawn from streams named by seed and epoch, so what a step gets does not
 * depend on the steps before it, nor on how many threads prepare.
 */
export class TrainingBatches {
  readonly stepsPerEpoch: number;
  private readonly ahead: Ahead<PreparedImages>;
  /** Of the epochs whose batches are on their way. */
  private readonly shuffled = new Map<number, Int32Array[]>();

  constructor(
    private readonly source: ImageSource,
    private readonly settings: SaladSettings,
    private readonly intake: ImageIntake,
    epochs: number,
  ) {
    this.stepsPerEpoch = Math.ceil(source.length / settings.batchSize);
    const count = epochs * this.stepsPerEpoch;
    this.ahead = new Ahead((index) => this.read(index), count, batchesAhead(intake));
  }

  /** The rows of a step, whether or not their images can be read. */
  private rows(epoch: number, step: number): Int32Array {
    const known = this.shuffled.get(epoch);
    if (known) return known[step];
    const { seed, batchSize } = this.settings;
    const order = new RandomStream(seed, ['shuffle', epoch]).permutation(this.source.length);
    const batches = evenBatches(order, batchSize);
    this.shuffled.set(epoch, batches);
    return batches[step];
  }

  /** The images of a step, their views and rows; the batches after it are begun. */
  async take(epoch: number, step: number): Promise<StepImages> {
    for (const past of this.shuffled.keys()) if (past < epoch) this.shuffled.delete(past);
    const prepared = await this.ahead.take(epoch * this.stepsPerEpoch + step);
    const { images, views, masks, viewMasks } = prepared as PreparedImages & {
      views: Float32Array;
    };
    return {
      images,
      views,
      masks,
      viewMasks,
      ...arrivals(this.source, this.rows(epoch, step), prepared),
    };
  }

  private read(index: number): Promise<PreparedImages> {
    const epoch = Math.floor(index / this.stepsPerEpoch);
    const rows = this.rows(epoch, index % this.stepsPerEpoch);
    const { seed, augmentation: limits } = this.settings;
    return readPrepared(this.source, rows, this.intake, { limits, seed, epoch, rows });
  }
}
