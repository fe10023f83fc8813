import { scoreNeighborsClamped } from '../../core/warning.js';
import { check, checkKnownOptions, checkNumber } from '../../support/check.js';
import { atOnce, type InPieces } from '../../support/in-turns.js';
import type { SaladWarning } from '../../support/warning.js';
import {
  checkImages,
  checkSameSize,
  featureCount,
  type PixelBlock,
} from '../detector/pixel-block.js';
import { rowProducts } from './row-products.js';

/**
 * Anomaly scores of raw pixels: the memory bank's scores without a network.
 *
 * u = (x - mean(x)) / |x - mean(x)| takes the place of the embedding, of training and test images
 * alike; with a_j = arccos(u . u_j) over the N training images,
 * relative = mean of the K smallest a / mean of all a, and angular = mean of the K smallest / pi.
 * Give normal training images only: known anomalies are left out of the bank at scoring.
 *
 * @param train The bank: [N, height, width, channels].
 * @param test [count, height, width, channels], prepared in the same way.
 * @param options `scoreNeighbors`, `onWarning`
 * @returns One entry per number of neighbours, in the order asked for, with scores of [count]; higher = more anomalous.
 * @throws SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE, INVALID_OPTION, UNKNOWN_OPTION;
 * INVALID_IMAGES for an image of one value, which has no direction
 * @example
 * const images = (values: number[], count: number) => ({
 *   values: Float32Array.from(values), shape: [count, 1, 3, 1] as const });
 * const [nearest] = pixelBankScores(images([0, 0, 1, 0, 1, 0], 2), images([0, 0, 1], 1), {
 *   scoreNeighbors: [1] });
 * nearest.angular; // near 0: the first training image
 */
export function pixelBankScores(
  train: PixelBlock,
  test: PixelBlock,
  options: {
    /** The numbers of nearest training images to score by. @defaultValue [1, 10, 100] */
    readonly scoreNeighbors?: readonly number[];
    /** Called where there are fewer training images than were asked for. @defaultValue no warnings */
    readonly onWarning?: (warning: SaladWarning) => void;
  } = {},
): {
  /** K in force: what was asked for, or all training images where there are fewer. */
  scoreNeighbors: number;
  /** [count], Eq. 4, in [0, 1]. */
  relative: Float64Array;
  /** [count], mean of the K smallest angles over pi, in [0, 1]. */
  angular: Float64Array;
}[] {
  return atOnce(pixelBankInPieces(train, test, options));
}

/** `pixelBankScores`, which may be interrupted. */
export function* pixelBankInPieces(
  train: PixelBlock,
  test: PixelBlock,
  options: NonNullable<Parameters<typeof pixelBankScores>[2]>,
): InPieces<ReturnType<typeof pixelBankScores>> {
  const where = 'pixelBankScores';
  checkKnownOptions(where, options, { scoreNeighbors: true, onWarning: true });
  checkImages(where, 'train', train);
  checkImages(where, 'test', test);
  checkSameSize(where, train, test);
  const size = train.shape[0];
  const count = test.shape[0];
  const results = (options.scoreNeighbors ?? [1, 10, 100]).map((asked) => {
    checkNumber(where, 'scoreNeighbors', asked, { min: 1, integer: true });
    if (asked > size)
      options.onWarning?.(scoreNeighborsClamped(where, asked, size, 'training images are given'));
    return {
      scoreNeighbors: Math.min(asked, size),
      relative: new Float64Array(count),
      angular: new Float64Array(count),
    };
  });

  const dim = featureCount(train);
  const bank = new Float64Array(size * dim);
  for (let start = 0; start < size; start += BLOCK) {
    const rows = unitRows(where, 'train', train, start, Math.min(start + BLOCK, size));
    bank.set(rows, start * dim);
    yield;
  }
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    const cosines = yield* rowProducts(unitRows(where, 'test', test, start, end), bank, dim);
    for (let i = start; i < end; i++) {
      const row = cosines.subarray((i - start) * size, (i - start + 1) * size);
      const angles = row.map((cosine) => Math.acos(Math.max(-1, Math.min(1, cosine)))).sort();
      const meanOfAll = sumOf(angles, size) / size;
      for (const { scoreNeighbors, relative, angular } of results) {
        const meanOfNearest = sumOf(angles, scoreNeighbors) / scoreNeighbors;
        relative[i] = meanOfAll === 0 ? 0 : Math.min(1, meanOfNearest / meanOfAll);
        angular[i] = meanOfNearest / Math.PI;
      }
    }
  }
  return results;
}

/** Images taken at once: bounds the table of cosines, and the time of a piece, for large sets. */
const BLOCK = 8;

/** Images `start` to `end` as rows of mean 0 and length 1. */
function unitRows(
  where: string,
  name: string,
  images: PixelBlock,
  start: number,
  end: number,
): Float64Array {
  const dim = featureCount(images);
  const rows = Float64Array.from(images.values.subarray(start * dim, end * dim));
  for (let i = start; i < end; i++) {
    const row = rows.subarray((i - start) * dim, (i - start + 1) * dim);
    const mean = sumOf(row, dim) / dim;
    let squares = 0;
    for (let d = 0; d < dim; d++) {
      row[d] -= mean;
      squares += row[d] * row[d];
    }
    const length = Math.sqrt(squares);
    check(
      length > 1e-6,
      'INVALID_IMAGES',
      () =>
        `${where}: image ${i} of ${name} has one value all over, so that nothing is left of it ` +
        'once its mean is taken away; expected some contrast; leave the image out.',
      { image: i, set: name },
    );
    for (let d = 0; d < dim; d++) row[d] /= length;
  }
  return rows;
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}
