import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check } from './check.js';
import { floatPrecision } from './precision.js';

/** Checks that `value` is a tensor, or INVALID_OPTION. */
export function checkTensor(where: string, name: string, value: unknown, expected: string): void {
  check(
    value instanceof tf.Tensor,
    'INVALID_OPTION',
    () => `${where}: ${name} is ${value ? 'no tensor' : String(value)}; expected ${expected}.`,
  );
}

/**
 * Rows scaled to unit length: x / max(|x|, e), with e = 1e-6, or 1e-2 on a float16 device.
 *
 * A row shorter than e is scaled by 1/e instead, so a zero row stays zero and its gradient is finite
 * (`tf.norm` gives NaN there).
 *
 * @param rows [count, size].
 * @returns [count, size], rows of unit length.
 */
export function l2Normalize(rows: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const smallest = floatPrecision() === 16 ? 1e-4 : 1e-12;
    const squaredLength = tf.sum(tf.square(rows), 1, true);
    return tf.mul(rows, tf.rsqrt(tf.maximum(squaredLength, smallest)));
  });
}

/**
 * `tf.customGrad` with types: an operation whose gradient is written by hand.
 *
 * @param inputs what gradients are taken with respect to; `forward` uses the same tensors.
 * @param forward returns the value, and what `backward` needs of the way there.
 * @param backward returns one gradient per input, of its shape.
 */
export function withGradient<Value extends Tensor, Saved extends Tensor[]>(
  inputs: Tensor[],
  forward: () => { value: Value; saved: Saved },
  backward: (dy: Value, saved: Saved) => Tensor[],
): Value {
  const operation = tf.customGrad((...args) => {
    const save = args[inputs.length] as unknown as (tensors: Tensor[]) => void;
    const { value, saved } = forward();
    save(saved);
    return {
      value,
      gradFunc: (dy: Tensor, kept: Tensor[]) => backward(dy as Value, kept as Saved),
    };
  });
  return operation(...inputs) as Value;
}
