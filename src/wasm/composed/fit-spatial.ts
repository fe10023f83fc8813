import * as tf from '@tensorflow/tfjs-core';

type HeightWidth = readonly [height: number, width: number];

type Window = { readonly before: HeightWidth; readonly length: HeightWidth };

/** The part of the padded input that a convolution's filter passes over. */
export function filterReach(info: tf.backend_util.Conv2DInfo): Window {
  return {
    before: [info.padInfo.top, info.padInfo.left],
    length: [
      (info.outHeight - 1) * info.strideHeight + info.filterHeight,
      (info.outWidth - 1) * info.strideWidth + info.filterWidth,
    ],
  };
}

/** The padding that a convolution is to add to what `fitSpatial` has cropped. */
export type Padding = tf.backend_util.ExplicitPadding | 'valid';

/**
 * Fits images to a window that starts `before` rows and columns ahead of their first and has
 * `length` of them: what lies outside the window is cropped, what is missing is left to a
 * convolution's padding, which costs no copy.
 *
 * @param images Shape [batch, height, width, channels].
 * @param window `before` may be negative, which crops.
 * @returns The cropped images, of one row and column at least, and the padding to convolve them with.
 */
export function fitSpatial(
  images: tf.Tensor4D,
  window: Window,
): { cropped: tf.Tensor4D; padding: Padding } {
  const [batch, height, width, channels] = images.shape;
  const rows = fitAxis(height, window.before[0], window.length[0]);
  const columns = fitAxis(width, window.before[1], window.length[1]);
  if (rows.size <= 0 || columns.size <= 0) {
    // The window lies beside the images and sees nothing but zeros.
    return { cropped: tf.zeros([batch, ...window.length, channels]), padding: 'valid' };
  }
  const whole = rows.size === height && columns.size === width;
  return {
    cropped: whole
      ? images
      : tf.slice(
          images,
          [0, rows.start, columns.start, 0],
          [batch, rows.size, columns.size, channels],
        ),
    padding: [[0, 0], rows.padding, columns.padding, [0, 0]],
  };
}

function fitAxis(
  size: number,
  before: number,
  length: number,
): { start: number; size: number; padding: [number, number] } {
  const start = Math.max(0, -before);
  const end = Math.min(size, length - before);
  const leading = Math.max(0, before);
  return {
    start,
    size: end - start,
    padding: [leading, length - leading - (end - start)],
  };
}
