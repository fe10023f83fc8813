import * as tf from '@tensorflow/tfjs-core';
import { aggregationLoss, findNeighborhoods, MemoryBank, sampleSpecificLoss } from 'salad-ad';
import { RandomStream } from 'salad-ad/data';
import { Adam } from '../../src/learning/adam.js';
import { l2Normalize } from '../../src/support/tensors.js';

const [DIM, BATCH, NEIGHBORS, NOISE, KEPT] = [64, 256, 10, 0.3, 0.9];

/** Cells of normal films, some of which are classes of their own. */
export interface LearntCells {
  /** [films * height * width, dim], in deviations from the mean cell. */
  readonly all: tf.Tensor2D;
  /** [height, width] of a film's cells. */
  readonly grid: readonly [number, number];
  /** Those that are learnt. */
  readonly drawn: Int32Array;
}

/** What stands for a cell in a step: itself with noise, itself or a neighbouring place, itself or the mirrored place; all of its film. */
export const views = ['noise', 'neighbor', 'mirror'] as const;

/** How a projection is learnt. */
export interface ProjectionOptions {
  /** 0 leaves the projection as it was drawn. */
  readonly epochs: number;
  readonly temperature: number;
  /** Of the aggregation loss beside the sample-specific one, from the second epoch on. */
  readonly aggregation: number;
  readonly view: (typeof views)[number];
  readonly seed: number;
}

/**
 * A linear projection of cells to 64 numbers of unit length, learnt by Eq. 1 and 2 against a bank of cells: each cell is seen
 * by a view of it, and its neighbours are cells of other films.
 *
 * @returns weights [dim, 64] and what they project to; the caller disposes both.
 */
export async function learnProjection(
  cells: LearntCells,
  { epochs, temperature, aggregation, view, seed }: ProjectionOptions,
): Promise<{ project(cells: tf.Tensor2D): tf.Tensor2D; dispose(): void }> {
  const { all, grid, drawn } = cells;
  const [size, dim] = [drawn.length, all.shape[1]];
  const films = drawn.map((cell) => Math.floor(cell / (grid[0] * grid[1])));
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
        const seen = viewOf(
          cells,
          rows.map((row) => drawn[row]),
          view,
          draw,
        );
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

/** [chosen, dim]. Noise is of .3 deviations, and leaves a tenth of the numbers at the mean. */
function viewOf(
  { all, grid: [height, width] }: LearntCells,
  chosen: Int32Array,
  view: (typeof views)[number],
  draw: RandomStream,
): tf.Tensor2D {
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  const seen = chosen.map((cell) => {
    const [row, column] = [Math.floor(cell / width) % height, cell % width];
    const film = cell - row * width - column;
    if (view === 'neighbor') {
      const y = within(row + draw.integer(3) - 1, height);
      return film + y * width + within(column + draw.integer(3) - 1, width);
    }
    return view === 'mirror' && draw.uniform() < 0.5 ? cell + width - 1 - 2 * column : cell;
  });
  const cells = tf.gather(all, tf.tensor1d(seen, 'int32'));
  if (view !== 'noise') return cells;
  const seed = () => draw.integer(2 ** 31);
  const noise = tf.randomNormal(cells.shape, 0, NOISE, 'float32', seed());
  const kept = tf.less(tf.randomUniform(cells.shape, 0, 1, 'float32', seed()), KEPT);
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
