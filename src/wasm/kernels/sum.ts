import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { sumOfEach } from '../../support/sums.js';
import { after } from '../simd/address.js';
import { passTime, share } from '../simd/share.js';
import type { Simd } from '../simd/simd.js';
import { withSimd } from '../simd/with-simd.js';

/*
 * tf.sum and tf.mean, and with them tf.moments, tf.losses and the gradients of what is broadcast, such as a bias.
 * The stock kernels add all values to one float32, and copy the tensor where other axes than the last ones go.
 */

type Attributes = { readonly axis?: number | number[]; readonly keepDims?: boolean };

/** The stock kernel is right, to six digits, for so many values. */
const FEW = 128;

export const sumKernel = reduction(tf.Sum, false);
export const meanKernel = reduction(tf.Mean, true);

function reduction(kernelName: string, mean: boolean): FasterKernel {
  return {
    kernelName,
    wrap: (stock) =>
      withSimd<'x', Attributes>(
        (simd, { inputs: { x }, attrs }) => reduced(simd, x, attrs, mean),
        (args) =>
          composed(args.inputs.x as tf.Tensor, args.attrs as Attributes, mean) ?? stock(args),
      ),
  };
}

/** Of an axis after the other, the last ones first; axes side by side are one. */
function reduced(simd: Simd, x: tf.Tensor, attributes: Attributes, mean: boolean): tf.TensorInfo {
  const { axes, shape } = reductionOf(x, attributes);
  const sizes = [...x.shape];
  let from: tf.TensorInfo = x;
  // Without an axis the values are copied, by a mean over an axis of one.
  let last = axes.length - 1;
  do {
    let first = last;
    while (first > 0 && axes[first - 1] === axes[first] - 1) first--;
    const [start, end] = last < 0 ? [0, 0] : [axes[first], axes[last] + 1];
    const [outer, count, inner] = [
      sizes.slice(0, start),
      sizes.slice(start, end),
      sizes.slice(end),
    ].map(tf.util.sizeFromShape);
    sizes.fill(1, start, end);
    const to = simd.output(first <= 0 ? shape : sizes);
    const [values, sums] = simd.addresses(from, to);
    share(simd, outer, passTime(outer * count * inner), (part, range) =>
      part.withScratch((own) =>
        part.functions.sums(
          after(values, range.first * count * inner * 4),
          after(sums, range.first * inner * 4),
          ...[range.count, count, inner],
          mean,
          own.take(part.functions.sumsScratch()),
        ),
      ),
    );
    if (from !== x) simd.dispose(from);
    from = to;
    last = first - 1;
  } while (last >= 0);
  return from;
}

/** Sums of runs, by the stock kernel; undefined where it does by itself. */
function composed(x: tf.Tensor, attributes: Attributes, mean: boolean): tf.Tensor | undefined {
  const { axes, shape, count } = reductionOf(x, attributes);
  if (x.dtype !== 'float32' || count <= FEW) return undefined;
  return tf.tidy(() => {
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const last = tf.transpose(x, [...kept, ...axes]);
    const sums = sumOfEach(tf.reshape(last, [x.size / count, count]));
    return tf.reshape(mean ? tf.div(sums, count) : sums, shape);
  });
}

function reductionOf(x: tf.Tensor, { axis, keepDims = false }: Attributes) {
  const axes = tf.util
    .parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape)
    .sort((a, b) => a - b);
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  return { axes, shape, count: tf.util.sizeFromShape(axes.map((i) => x.shape[i])) };
}
