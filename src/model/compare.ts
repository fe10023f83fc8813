import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { angularScore, relativeScore } from '../core/anomaly-score.js';
import { bankAngles } from '../core/bank-angles.js';
import { type BankLike, bankRows } from '../core/bank-like.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { SaladWarning } from '../core/warning.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import { check } from '../support/check.js';
import { embedReadable, INFERENCE_BATCH } from './inference.js';
import type { Network } from './network.js';

/** Options of the calls that compare images with the bank. */
export interface ScoreOptions {
  /** [images]: the row of each image when training images are scored, which is then left out; -1 for none. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

export const scoreOptionNames = ['ownRows', 'onWarning'];

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

/** What is left out of a comparison with the bank, and how many rows count. */
export interface ScoringOptions {
  readonly scoreNeighbors: number;
  /** [N]: rows of known anomalies. */
  readonly discard?: ArrayLike<boolean | number>;
  /** [images]: the image's own row, or -1. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** What images are compared with, and by which network. */
export interface Reference {
  readonly network: Network;
  readonly bank: MemoryBank;
  /** [N]: rows of known anomalies. */
  readonly discard: readonly boolean[];
  readonly scoreNeighbors: number;
}

/** Images beside the bank. */
export interface Comparison {
  readonly source: ImageSource;
  /** Images that could be read. */
  readonly indices: readonly number[];
  /** Of these, in order. */
  readonly raw: RawScores;
  /** The others. */
  readonly unreadable: readonly ImageProblem[];
}

/** Embeds what can be read of a source, and compares it with the bank. */
export async function compareWithBank(
  where: string,
  source: ImageSource,
  { network, bank, discard, scoreNeighbors }: Reference,
  { ownRows, onWarning }: ScoreOptions,
): Promise<Comparison> {
  checkOwnRows(where, ownRows, source);
  const { embeddings, indices, problems } = await embedReadable(where, network, source);
  try {
    if (problems.length > 0) onWarning?.(unreadableWarning(where, problems, source));
    const raw = await scoreEmbeddings(where, embeddings, bank, {
      onWarning,
      ownRows: ownRows && indices.map((index) => ownRows[index]),
      scoreNeighbors,
      discard,
    });
    return { source, indices, raw, unreadable: problems };
  } finally {
    embeddings.dispose();
  }
}

/** Says that images have no score. */
export function unreadableWarning(
  where: string,
  problems: readonly ImageProblem[],
  { length }: Pick<ImageSource, 'length'>,
): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${problems.length} of ${length} images could not be read and have no score; see unreadable in the result.`,
  };
}

/** @throws SHAPE_MISMATCH unless there is a row for every image. */
export function checkOwnRows(
  where: string,
  ownRows: ArrayLike<number> | undefined,
  { length }: Pick<ImageSource, 'length'>,
): void {
  check(
    ownRows === undefined || ownRows.length === length,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ownRows has ${ownRows?.length} entries for ${length} images; expected one row, or -1, per image.`,
  );
}

/** Scores embeddings against a bank, a batch at a time. */
export async function scoreEmbeddings(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: ScoringOptions,
): Promise<RawScores> {
  const [count, dim] = embeddings.shape;
  const relative = new Float32Array(count);
  const angular = new Float32Array(count);
  const nearest: Int32Array[] = [];
  const angles: Float32Array[] = [];
  let scoreNeighbors = clampForOwnRows(where, bankRows(where, bank).shape[0], options);
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
function clampForOwnRows(where: string, size: number, options: ScoringOptions): number {
  const { scoreNeighbors, discard, ownRows, onWarning } = options;
  if (!ownRows) return scoreNeighbors;
  const limit = size - (discard ? Array.from(discard).filter(Boolean).length : 0) - 1;
  if (limit < 1 || scoreNeighbors <= limit) return scoreNeighbors;
  onWarning?.({
    code: 'SCORE_NEIGHBORS_CLAMPED',
    message: `${where}: scoreNeighbors is ${scoreNeighbors} but only ${limit} rows are kept beside an image's own; ${limit} is used.`,
  });
  return limit;
}
