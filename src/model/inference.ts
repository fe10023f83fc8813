import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import {
  angularScore,
  bankAngles,
  relativeScore,
  type SaladWarning,
} from '../core/anomaly-score.js';
import { checkSquaredLengths, squaredLengths } from '../core/check-embeddings.js';
import { type BankLike, bankRows } from '../core/similarity.js';
import type { ImageProblem } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { checkAllRead } from '../learning/arrivals.js';
import { forEachBatch, type ImageIntake } from '../learning/intake.js';

/** Images that go through the network at a time when nothing is learnt. */
export const INFERENCE_BATCH = 64;

/** A network with what is done to images before it. */
export interface Network extends ImageIntake {
  readonly backbone: Backbone;
}

/** Both scores of each image, and the rows it is nearest to. */
export interface RawScores {
  /** [images], Eq. 4, in [0, 1]. */
  readonly relative: Float32Array;
  /** [images], mean angle to the nearest rows over pi, in [0, 1]. */
  readonly angular: Float32Array;
  /** [images][K], rows of the bank, nearest first. */
  readonly nearest: readonly Int32Array[];
  /** [images][K], radians. */
  readonly angles: readonly Float32Array[];
  /** The K in force. */
  readonly scoreNeighbors: number;
}

/** Unit embeddings of the images of a source that could be read, in order. */
export interface Embedded {
  /** [readable, embeddingSize]; the caller disposes it. */
  readonly embeddings: Tensor2D;
  /** The others. */
  readonly problems: readonly ImageProblem[];
}

/** Unit embeddings of a whole source, in order. @returns [length, embeddingSize]; the caller disposes it. */
export async function embedAll(
  where: string,
  network: Network,
  source: ImageSource,
): Promise<Tensor2D> {
  const { embeddings, problems } = await embedReadable(where, network, source);
  if (problems.length > 0) embeddings.dispose();
  checkAllRead(where, problems);
  return embeddings;
}

/** Unit embeddings of what can be read of a source; one that raises such errors itself gives them all. */
export async function embedReadable(
  where: string,
  network: Network,
  source: ImageSource,
): Promise<Embedded> {
  const { backbone } = network;
  const parts: Tensor2D[] = [];
  try {
    const visit = async (images: tf.Tensor4D, indices: Int32Array) => {
      const [embeddings, lengths] = tf.tidy(() => {
        const encoded = backbone.encode(images, false).embeddings;
        return [encoded, squaredLengths(encoded)];
      }) as [Tensor2D, tf.Tensor1D];
      parts.push(embeddings);
      const squared = await lengths.data();
      lengths.dispose();
      checkSquaredLengths(where, squared, (row) => `image '${source.ids[indices[row]]}'`);
    };
    const problems = await forEachBatch(source, INFERENCE_BATCH, network, visit);
    const embeddings: Tensor2D =
      parts.length > 0 ? tf.concat(parts, 0) : tf.zeros([0, backbone.embeddingSize]);
    return { embeddings, problems };
  } finally {
    tf.dispose(parts);
  }
}

/** What is left out of a comparison with the bank, and how many rows count. */
export interface ScoringOptions {
  readonly scoreNeighbors: number;
  /** [N]: rows of known anomalies. */
  readonly discard?: ArrayLike<boolean | number>;
  /** [images]: the image's own row, or -1. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** Scores embeddings against a bank, a batch at a time. */
export async function scoreEmbeddings(
  embeddings: Tensor2D,
  bank: BankLike,
  options: ScoringOptions,
): Promise<RawScores> {
  const [count, dim] = embeddings.shape;
  const relative = new Float32Array(count);
  const angular = new Float32Array(count);
  const nearest: Int32Array[] = [];
  const angles: Float32Array[] = [];
  let scoreNeighbors = clampForOwnRows(bankRows('score', bank).shape[0], options);
  for (let first = 0; first < count; first += INFERENCE_BATCH) {
    const size = Math.min(INFERENCE_BATCH, count - first);
    const { ownRows: all } = options;
    const ownRows = all && Array.from({ length: size }, (_, i) => all[first + i]);
    const onWarning = first === 0 ? options.onWarning : undefined;
    const found = tf.tidy(() => {
      const batch = tf.slice(embeddings, [first, 0], [size, dim]);
      const { scoreNeighbors: inForce, ...tensors } = bankAngles(batch, bank, {
        discard: options.discard,
        scoreNeighbors,
        ownRows,
        onWarning,
      });
      scoreNeighbors = inForce;
      const angled = { ...tensors, scoreNeighbors: inForce };
      return {
        relative: relativeScore(angled),
        angular: angularScore(angled),
        nearest: tensors.nearest,
        indices: tensors.indices,
      };
    });
    relative.set(await found.relative.data(), first);
    angular.set(await found.angular.data(), first);
    const rows = (await found.indices.data()) as Int32Array;
    const values = (await found.nearest.data()) as Float32Array;
    tf.dispose(found);
    for (let i = 0; i < size; i++) {
      nearest.push(rows.slice(i * scoreNeighbors, (i + 1) * scoreNeighbors));
      angles.push(values.slice(i * scoreNeighbors, (i + 1) * scoreNeighbors));
    }
  }
  return { relative, angular, nearest, angles, scoreNeighbors };
}

/** One K for all samples, whether or not their own row is among the rows kept. */
function clampForOwnRows(size: number, options: ScoringOptions): number {
  const { scoreNeighbors, discard, ownRows, onWarning } = options;
  if (!ownRows) return scoreNeighbors;
  const limit = size - (discard ? Array.from(discard).filter(Boolean).length : 0) - 1;
  if (limit < 1 || scoreNeighbors <= limit) return scoreNeighbors;
  onWarning?.({
    code: 'SCORE_NEIGHBORS_CLAMPED',
    message: `score: scoreNeighbors is ${scoreNeighbors} but only ${limit} rows are kept beside an image's own; ${limit} is used.`,
  });
  return limit;
}

/** Steps of training mode after which running statistics no longer remember where they started. */
const SETTLING_STEPS = 64;

/** Runs images through an untrained network until its running statistics describe them. */
export async function settleStatistics(network: Network, source: ImageSource): Promise<void> {
  const { backbone } = network;
  if (backbone.statistics.length === 0) return;
  let steps = 0;
  while (steps < SETTLING_STEPS) {
    const before = steps;
    const problems = await forEachBatch(source, 16, network, (images) => {
      tf.tidy(() => {
        const encoded = backbone.encode(images, true);
        backbone.decode?.(encoded, true);
      });
      steps += 1;
    });
    if (steps === before) checkAllRead('SaladModel.fit', problems);
  }
}
