import * as tf from '@tensorflow/tfjs-core';

/**
 * Bits of a number on the backend in use, 16 or 32.
 *
 * Not `tf.backend().floatPrecision()` alone: tfjs's webgl (4.22) answers 16 just where its textures hold
 * 32 bits, and its `epsilon()` is 1e-4 there.
 */
export function floatPrecision(): 16 | 32 {
  if (tf.backend().floatPrecision() === 32) return 32;
  return tf.env().getFlags().WEBGL_RENDER_FLOAT32_ENABLED ? 32 : 16;
}

/** A small number that does not vanish beside 0 on the backend in use: 1e-7, or 1e-4 with 16 bits. */
export function epsilon(): number {
  return floatPrecision() === 32 ? 1e-7 : 1e-4;
}
