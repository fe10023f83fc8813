import { Ahead } from '../support/ahead.js';
import { RandomStream } from '../support/random.js';

/** What `EpochBatches` are made of. */
export interface EpochPlan {
  /** Images of an epoch. */
  readonly length: number;
  readonly batchSize: number;
  /** Of the shuffles. */
  readonly seed: number;
  /** Of the whole run, those before a resumption counted. */
  readonly epochs: number;
  /** How many batches are on their way while one is learnt from. */
  readonly ahead: number;
}

/**
 * The batches of a run, on their way before their step.
 *
 * Shuffles are drawn from streams named by seed and epoch, so what a step gets does not depend on the
 * steps before it.
 */
export class EpochBatches<Batch> {
  readonly stepsPerEpoch: number;
  private readonly ahead: Ahead<Batch>;
  /** Of the epochs whose batches are on their way. */
  private readonly shuffled = new Map<number, Int32Array[]>();

  constructor(
    private readonly plan: EpochPlan,
    read: (rows: Int32Array, epoch: number, step: number) => Promise<Batch>,
  ) {
    const { length, batchSize, epochs, ahead } = plan;
    const stepsPerEpoch = Math.ceil(length / batchSize);
    const readAt = (index: number) => {
      const epoch = Math.floor(index / stepsPerEpoch);
      const step = index % stepsPerEpoch;
      return read(this.shuffledBatches(epoch)[step], epoch, step);
    };
    this.stepsPerEpoch = stepsPerEpoch;
    this.ahead = new Ahead(readAt, epochs * stepsPerEpoch, ahead);
  }

  /** The batch of a step; those after it are begun. */
  take(epoch: number, step: number): Promise<Batch> {
    for (const past of this.shuffled.keys()) if (past < epoch) this.shuffled.delete(past);
    return this.ahead.take(epoch * this.stepsPerEpoch + step);
  }

  private shuffledBatches(epoch: number): Int32Array[] {
    const known = this.shuffled.get(epoch);
    if (known) return known;
    const { length, batchSize, seed } = this.plan;
    const order = new RandomStream(seed, ['shuffle', epoch]).permutation(length);
    const batches = evenBatches(order, batchSize);
    this.shuffled.set(epoch, batches);
    return batches;
  }
}

/** An order cut into ceil(size / batchSize) batches of equal size within one, so that no last batch is tiny. */
function evenBatches(order: Int32Array, batchSize: number): Int32Array[] {
  const count = Math.ceil(order.length / batchSize);
  return Array.from({ length: count }, (_, i) =>
    order.slice(
      Math.floor((i * order.length) / count),
      Math.floor(((i + 1) * order.length) / count),
    ),
  );
}
