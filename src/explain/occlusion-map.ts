import { anomalyScore } from '../core/anomaly-score.js';
import type { ImageShape } from '../images/pixels.js';
import { toTensor } from '../learning/intake.js';
import { inferred } from '../model/inference.js';
import type { ScoringModel } from '../model/scoring-model.js';
import { hostTurns } from '../support/host.js';

/** Options of the occlusion method. */
export interface OcclusionOptions {
  /** Side of the square that is replaced, in pixels of the model's input. */
  readonly patch: number;
  /** From one square to the next, in pixels. */
  readonly stride: number;
  readonly signal?: AbortSignal;
}

/** An image that the model has scored, and what it would be if it were normal. */
export interface ScoredImage {
  /** [height, width, channels], flattened; normalised. */
  readonly image: Float32Array;
  /** Its normal version, alike. */
  readonly normal: Float32Array;
  readonly score: number;
}

/** Images with a square replaced that go through the network at a time. */
const BATCH = 64;

/**
 * By how much the score falls when a square of the image is as in its normal version.
 *
 *     map = mean over the squares that cover a pixel of max(0, score - score with the square replaced)
 *
 * @returns [height, width], flattened
 * @see Zeiler and Fergus 2014 (ECCV), section 4.2; grey squares and a class probability there.
 */
export async function occlusionMap(
  model: ScoringModel,
  scored: ScoredImage,
  { patch, stride, signal }: OcclusionOptions,
): Promise<Float32Array> {
  const [height, width] = model.backbone.inputShape;
  const tops = startsOf(height, patch, stride);
  const lefts = startsOf(width, patch, stride);
  const squares = tops.flatMap((top) => lefts.map((left) => ({ top, left })));
  const fall = new Float64Array(height * width);
  const covered = new Float64Array(height * width);
  const giveHostItsTurn = hostTurns(signal);
  for (let first = 0; first < squares.length; first += BATCH) {
    await giveHostItsTurn();
    const batch = squares.slice(first, first + BATCH);
    const scores = await scoresOf(model, replaced(scored, batch, patch, model.backbone.inputShape));
    batch.forEach(({ top, left }, i) => {
      for (let y = top; y < Math.min(height, top + patch); y++) {
        for (let x = left; x < Math.min(width, left + patch); x++) {
          fall[y * width + x] += Math.max(0, scored.score - scores[i]);
          covered[y * width + x] += 1;
        }
      }
    });
  }
  return Float32Array.from(fall, (sum, i) => sum / covered[i]);
}

interface Square {
  readonly top: number;
  readonly left: number;
}

/** Where squares begin along a line, so that every pixel is covered. */
function startsOf(length: number, patch: number, stride: number): number[] {
  const last = Math.max(0, length - patch);
  const starts = Array.from({ length: Math.ceil(last / stride) }, (_, i) => i * stride);
  return [...starts, last];
}

/** The image once for each square, the square as in its normal version. */
function replaced(
  { image, normal }: ScoredImage,
  squares: readonly Square[],
  patch: number,
  [height, width, channels]: ImageShape,
): Float32Array {
  const values = new Float32Array(squares.length * image.length);
  squares.forEach(({ top, left }, i) => {
    const start = i * image.length;
    values.set(image, start);
    for (let y = top; y < Math.min(height, top + patch); y++) {
      const from = (y * width + left) * channels;
      const to = (y * width + Math.min(width, left + patch)) * channels;
      values.set(normal.subarray(from, to), start + from);
    }
  });
  return values;
}

async function scoresOf(model: ScoringModel, values: Float32Array): Promise<ArrayLike<number>> {
  const images = toTensor(values, model.preparation);
  const scores = await inferred(model.backbone, images, ({ embeddings }) => {
    const { method, scoreNeighbors } = model.settings;
    const options = { method, scoreNeighbors, discard: model.discard };
    return anomalyScore(embeddings, model.bank, options).scores;
  }).finally(() => images.dispose());
  const result = await scores.data();
  scores.dispose();
  return result;
}
