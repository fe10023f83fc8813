import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check } from './check.js';
import { fasterKernel } from './kernels.js';
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
 * Kernels that a backend's entry may register for `l2Normalize`: of `rows`, and of `rows` and `dy`.
 * Attribute of both: `smallest`, the squared length that a shorter row is taken to have.
 */
export const L2_NORMALIZE = 'SaladL2Normalize';
export const L2_NORMALIZE_GRAD = 'SaladL2NormalizeGrad';

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
  const smallest = floatPrecision() === 16 ? 1e-4 : 1e-12;
  return tf.tidy(() =>
    withGradient(
      [rows],
      () => {
        const [unit] = fasterKernel(L2_NORMALIZE, { rows }, { smallest }) ?? [
          tf.mul(rows, inverseLengths(rows, smallest).inverse),
        ];
        return { value: unit as Tensor2D, saved: [rows] };
      },
      (dy, [x]) =>
        fasterKernel(L2_NORMALIZE_GRAD, { rows: x, dy }, { smallest }) ?? [
          l2NormalizeGradient(x as Tensor2D, dy, smallest),
        ],
    ),
  );
}

function inverseLengths(rows: Tensor2D, smallest: number) {
  const squares = tf.sum(tf.square(rows), 1, true);
  return { squares, inverse: tf.rsqrt(tf.maximum(squares, smallest)) };
}

/** (dy - u (u . dy)) / |x| with u = x / |x|; a row that is too short is only scaled. */
function l2NormalizeGradient(x: Tensor2D, dy: Tensor2D, smallest: number): Tensor2D {
  const { squares, inverse } = inverseLengths(x, smallest);
  const unit = tf.mul(x, inverse);
  const turns = tf.cast(tf.greaterEqual(squares, smallest), 'float32');
  const along = tf.mul(tf.sum(tf.mul(unit, dy), 1, true), turns);
  return tf.mul(tf.sub(dy, tf.mul(unit, along)), inverse);
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
