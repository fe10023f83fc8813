import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore } from '../core/anomaly-score.js';
import type { ScoringModel } from '../model/scoring-model.js';

/** Options of the occlusion method. */
export interface OcclusionOptions {
  /** Side of the square that is replaced, in pixels of the model's input. */
  readonly patch: number;
  /** From one square to the next, in pixels. */
  readonly stride: number;
}

/** Images with a square replaced that go through the network at a time. */
const BATCH = 64;

/**
 * By how much the score falls when a square of the image is as in its normal version.
 *
 *     map = mean over the squares that cover a pixel of max(0, score - score with the square replaced)
 *
 * @param image [height, width, channels], normalised
 * @returns [height, width], flattened
 * @param image [height, width, channels], normalised. @param normal its normal version
 * @see Zeiler and Fergus 2014 (ECCV), section 4.2; grey squares and a class probability there.
 */
export async function occlusionMap(
  model: ScoringModel,
  image: Float32Array,
  normal: Float32Array,
  shape: readonly [height: number, width: number, channels: number],
  score: number,
  { patch, stride }: OcclusionOptions,
): Promise<Float32Array> {
  const [height, width] = shape;
  const tops = startsOf(height, patch, stride);
  const lefts = startsOf(width, patch, stride);
  const squares = tops.flatMap((top) => lefts.map((left) => ({ top, left })));
  const fall = new Float64Array(height * width);
  const covered = new Float64Array(height * width);
  for (let first = 0; first < squares.length; first += BATCH) {
    const batch = squares.slice(first, first + BATCH);
    const scores = await scoresReplaced(model, image, normal, shape, batch, patch);
    batch.forEach(({ top, left }, i) => {
      for (let y = top; y < Math.min(height, top + patch); y++) {
        for (let x = left; x < Math.min(width, left + patch); x++) {
          fall[y * width + x] += Math.max(0, score - scores[i]);
          covered[y * width + x] += 1;
        }
      }
    });
  }
  return Float32Array.from(fall, (sum, i) => sum / covered[i]);
}

/** Where squares begin along a line, so that every pixel is covered. */
function startsOf(length: number, patch: number, stride: number): number[] {
  const last = Math.max(0, length - patch);
  const starts = Array.from({ length: Math.ceil(last / stride) }, (_, i) => i * stride);
  return [...starts, last];
}

async function scoresReplaced(
  model: ScoringModel,
  image: Float32Array,
  normal: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  squares: readonly { top: number; left: number }[],
  patch: number,
): Promise<ArrayLike<number>> {
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
  const scores = tf.tidy(() => {
    const images: Tensor4D = tf.tensor4d(values, [squares.length, height, width, channels]);
    const { embeddings } = model.backbone.encode(images, false);
    const { method, scoreNeighbors } = model.settings;
    const options = { method, scoreNeighbors, discard: model.discard };
    return anomalyScore(embeddings, model.bank, options).scores;
  });
  const result = await scores.data();
  scores.dispose();
  return result;
}
