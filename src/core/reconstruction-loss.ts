import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkChoice, checkKnownOptions } from '../support/check.js';
import { meanOfEach, sumOfEach } from '../support/sums.js';
import { checkTensor } from '../support/tensors.js';

/** How an image's reconstruction error is measured and reduced. */
export interface ReconstructionLossOptions {
  /** `squared` is the paper's, `absolute` that of the authors' later code. @defaultValue 'squared' */
  readonly error?: 'squared' | 'absolute';
  /** Over an image's pixels: the paper's words say mean, its formula says sum. @defaultValue 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /**
   * [batch, height, width, 1]: how much each pixel counts, 0 to 1. The mean is then over what counts, and
   * 0 for an image of which nothing does.
   *
   * @defaultValue none: every pixel counts
   */
  readonly masks?: Tensor;
}

/**
 * Reconstruction error of each image, reduced over its pixels.
 *
 * error_i = mean over pixels of (x^ - x)^2; with masks w it is sum(w * error) / (channels * sum(w)).
 *
 * @param images x: [batch, height, width, channels].
 * @param reconstructions x^: the same [batch, height, width, channels].
 * @returns [batch], in squared (or absolute) pixel units; its mean is the loss of the batch.
 * @throws SHAPE_MISMATCH | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 3, first term. At 256 x 256 mean and sum differ by a factor of 65,536.
 * @example
 * const perImage = reconstructionLoss(images, backbone.decode(encoded, true));
 */
export function reconstructionLoss(
  images: Tensor,
  reconstructions: Tensor,
  options: ReconstructionLossOptions = {},
): Tensor1D {
  checkKnownOptions('reconstructionLoss', options, { error: true, reduction: true, masks: true });
  const { error = 'squared', reduction = 'mean', masks } = options;
  checkChoice('reconstructionLoss', 'error', error, ['squared', 'absolute']);
  checkChoice('reconstructionLoss', 'reduction', reduction, ['mean', 'sum']);
  for (const [name, tensor] of Object.entries({ images, reconstructions }))
    checkTensor('reconstructionLoss', name, tensor, 'a tensor [batch, height, width, channels]');
  check(
    images.rank > 1 && tf.util.arraysEqual(images.shape, reconstructions.shape),
    'SHAPE_MISMATCH',
    () =>
      `reconstructionLoss: images has shape [${images.shape}] but reconstructions has shape [${reconstructions.shape}]; ` +
      'expected the same [batch, height, width, channels].',
  );
  if (masks) checkMasks(masks, images);
  return tf.tidy(() => {
    const difference = tf.sub(reconstructions, images);
    const errors = error === 'squared' ? tf.mul(difference, difference) : tf.abs(difference);
    if (masks) return masked(errors, masks, reduction);
    return reduction === 'mean' ? meanOfEach(errors) : sumOfEach(errors);
  });
}

function checkMasks(masks: Tensor, images: Tensor): void {
  checkTensor('reconstructionLoss', 'masks', masks, 'a tensor [batch, height, width, 1]');
  const expected = [...images.shape.slice(0, -1), 1];
  check(
    tf.util.arraysEqual(masks.shape, expected),
    'SHAPE_MISMATCH',
    () =>
      `reconstructionLoss: masks has shape [${masks.shape}] for images of shape [${images.shape}]; expected [${expected}].`,
  );
}

/** The errors of each image, as far as its pixels count. */
function masked(errors: Tensor, masks: Tensor, reduction: 'mean' | 'sum'): Tensor1D {
  const sums = sumOfEach(tf.mul(errors, masks));
  if (reduction === 'sum') return sums;
  const counted = tf.mul(sumOfEach(masks), errors.shape[errors.rank - 1]);
  // Where nothing counts the sum is 0 too, whatever it is divided by.
  return tf.div(sums, tf.maximum(counted, 1e-6));
}
