import type { ImageSource } from '../images/image-source.js';
import type { PreparedImages } from '../images/preparation.js';
import { Ahead } from '../support/ahead.js';
import { hostTurns } from '../support/host.js';
import { RandomStream } from '../support/random.js';
import { unlessAborted } from '../support/unless-aborted.js';
import { batchesAhead, type ImageIntake, readPrepared } from './intake.js';

/** How the batches of a run are drawn. */
export interface EpochPlan {
  readonly batchSize: number;
  /** Of the shuffles and variations. */
  readonly seed: number;
  /** Of the whole run, those before a resumption counted. */
  readonly epochs: number;
}

/** What a step learns from: the images that came, and their views. */
export type StepImages = PreparedImages & Required<Pick<PreparedImages, 'views'>>;

/**
 * The batches of a run, on their way before their step, whether or not all their images can be read.
 *
 * Shuffles and variations are drawn from streams named by seed and epoch, so what a step gets depends neither on the
 * steps before it nor on how many threads prepare.
 */
export class EpochBatches {
  readonly stepsPerEpoch: number;
  private readonly ahead: Ahead<StepImages>;
  /** Of the epochs whose batches are on their way. */
  private readonly shuffled = new Map<number, Int32Array[]>();
  private readonly giveHostItsTurn: () => Promise<void>;

  constructor(
    where: string,
    private readonly source: ImageSource,
    private readonly intake: ImageIntake,
    private readonly plan: EpochPlan,
  ) {
    const { batchSize, seed, epochs } = plan;
    const stepsPerEpoch = Math.ceil(source.length / batchSize);
    const read = async (index: number) => {
      const epoch = Math.floor(index / stepsPerEpoch);
      const rows = this.shuffledBatches(epoch)[index % stepsPerEpoch];
      return (await readPrepared(where, source, rows, intake, { seed, epoch })) as StepImages;
    };
    this.stepsPerEpoch = stepsPerEpoch;
    this.giveHostItsTurn = hostTurns(intake.signal);
    this.ahead = new Ahead(read, epochs * stepsPerEpoch, batchesAhead(intake));
  }

  /** The batch of a step; those after it are begun. The host has its turn before. @throws the reason of the intake's signal */
  async take(epoch: number, step: number): Promise<StepImages> {
    await this.giveHostItsTurn();
    for (const past of this.shuffled.keys()) if (past < epoch) this.shuffled.delete(past);
    const index = epoch * this.stepsPerEpoch + step;
    return unlessAborted(this.intake.signal, () => this.ahead.take(index));
  }

  private shuffledBatches(epoch: number): Int32Array[] {
    const known = this.shuffled.get(epoch);
    if (known) return known;
    const { batchSize, seed } = this.plan;
    const order = new RandomStream(seed, ['shuffle', epoch]).permutation(this.source.length);
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
