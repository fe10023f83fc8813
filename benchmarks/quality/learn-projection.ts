import * as tf from '@tensorflow/tfjs-core';
import { aggregationLoss, findNeighborhoods, MemoryBank, sampleSpecificLoss } from 'salad-ad';
import { RandomStream } from 'salad-ad/data';
import { Adam } from '../../src/learning/adam.js';
import { l2Normalize } from '../../src/support/tensors.js';

const [DIM, BATCH, NEIGHBORS, NOISE, KEPT] = [64, 256, 10, 0.3, 0.9];

/** Cells of normal films that are classes of their own: values in deviations from the mean cell, and the film of each. */
export interface LearntCells {
  readonly values: tf.Tensor2D;
  readonly films: Int32Array;
}

/** How a projection is learnt. */
export interface ProjectionOptions {
  /** 0 leaves the projection as it was drawn. */
  readonly epochs: number;
  readonly temperature: number;
  /** Of the aggregation loss beside the sample-specific one, from the second epoch on. */
  readonly aggregation: number;
  readonly seed: number;
}

/**
 * A linear projection of cells to 64 numbers of unit length, learnt by Eq. 1 and 2 against a bank of cells: each cell is seen
 * with noise and a tenth of its numbers left out, and its neighbours are cells of other films.
 *
 * @returns weights [dim, 64] and what they project to; the caller disposes both.
 */
export async function learnProjection(
  { values, films }: LearntCells,
  { epochs, temperature, aggregation, seed }: ProjectionOptions,
): Promise<{ project(cells: tf.Tensor2D): tf.Tensor2D; dispose(): void }> {
  const [size, dim] = values.shape;
  const draw = new RandomStream(seed, ['projection']);
  const start = Float32Array.from(
    { length: dim * DIM },
    () => draw.gaussian() / Math.sqrt(3 * dim),
  );
  const weights = tf.tidy(() => tf.variable(tf.tensor2d(start, [dim, DIM])));
  const adam = new Adam([weights], {
    learningRate: 1e-3,
    beta1: 0.5,
    beta2: 0.999,
    weightDecay: 0,
  });
  const bank = MemoryBank.random({ size, dim: DIM, seed });
  const project = (cells: tf.Tensor2D) => l2Normalize(tf.matMul(cells, weights) as tf.Tensor2D);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const around = epoch > 0 && aggregation > 0 ? await othersAround(bank, films) : undefined;
    const order = draw.permutation(size);
    for (let first = 0; first < size; first += BATCH) {
      const rows = order.slice(first, first + BATCH);
      tf.tidy(() => {
        const seen = view(tf.gather(values, tf.tensor1d(rows, 'int32')), draw);
        let embeddings = tf.zeros([0, DIM]) as tf.Tensor2D;
        const { grads } = tf.variableGrads(() => {
          embeddings = tf.keep(project(seen));
          const own = tf.mean(sampleSpecificLoss(embeddings, bank, { rows, temperature }));
          if (!around) return own as tf.Scalar;
          const neighbors = Array.from(rows, (row) => around[row]);
          const near = aggregationLoss(embeddings, bank, { rows, neighbors, temperature });
          return tf.add(own, tf.mul(tf.mean(near), aggregation)) as tf.Scalar;
        }, [weights]);
        adam.apply(grads);
        bank.update(rows, embeddings);
        embeddings.dispose();
      });
    }
  }
  adam.dispose();
  bank.dispose();
  return { project: (cells) => tf.tidy(() => project(cells)), dispose: () => weights.dispose() };
}

/** Noise of .3 deviations; a tenth of the numbers at the mean. */
function view(cells: tf.Tensor2D, draw: RandomStream): tf.Tensor2D {
  const noise = tf.randomNormal(cells.shape, 0, NOISE, 'float32', draw.integer(2 ** 31));
  const kept = tf.less(tf.randomUniform(cells.shape, 0, 1, 'float32', draw.integer(2 ** 31)), KEPT);
  return tf.mul(tf.add(cells, noise), tf.cast(kept, 'float32')) as tf.Tensor2D;
}

/** [size][10]: the nearest rows of the bank that come from other films. */
async function othersAround(bank: MemoryBank, films: Int32Array): Promise<Int32Array[]> {
  const counts = new Map<number, number>();
  for (const film of films) counts.set(film, (counts.get(film) ?? 0) + 1);
  const neighborhoodSize = NEIGHBORS + Math.max(...counts.values()) - 1;
  const { neighbors } = await findNeighborhoods(bank, { neighborhoodSize });
  return neighbors.map((near, row) =>
    near.filter((other) => films[other] !== films[row]).slice(0, NEIGHBORS),
  );
}
