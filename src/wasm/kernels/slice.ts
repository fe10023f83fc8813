import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { after } from '../simd/address.js';
import type { Simd } from '../simd/simd.js';
import { simdOf } from '../simd/simd-of.js';

interface SliceAttributes {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/** tf.slice; the stock kernel first copies the whole tensor out of the backend's memory. */
export const sliceKernel: FasterKernel = {
  kernelName: tf.Slice,
  wrap: (stock) => (args) => {
    const x = args.inputs.x as tf.Tensor;
    const { begin, size } = args.attrs as unknown as SliceAttributes;
    const simd = simdOf(args.backend);
    if (!simd || (x.dtype !== 'float32' && x.dtype !== 'int32')) return stock(args);
    const [starts, sizes] = tf.slice_util.parseSliceParams(x, begin, size);
    tf.slice_util.assertParamsValid(x, starts, sizes);
    return slice(simd, x, x.dtype, starts, sizes) ?? stock(args);
  },
};

function slice(
  simd: Simd,
  x: tf.Tensor,
  dtype: 'float32' | 'int32',
  starts: number[],
  sizes: number[],
): tf.TensorInfo | undefined {
  // Whole axes at the end, and the one before them, are runs of values as they lie in memory.
  let axis = x.rank - 1;
  while (axis > 0 && sizes[axis] === x.shape[axis]) axis--;
  if (axis > 3) return undefined;
  const strides = x.shape.map((_, i) => 4 * tf.util.sizeFromShape(x.shape.slice(i + 1)));
  const y = simd.output(sizes, dtype);
  const first = starts.reduce((sum, start, i) => sum + start * strides[i], 0);
  const leading = (i: number): [count: number, step: number] =>
    i < axis ? [sizes[i], strides[i]] : [1, 0];
  simd.functions.slice(
    ...[after(simd.address(x), first), simd.address(y)],
    ...[...leading(0), ...leading(1), ...leading(2)],
    4 * tf.util.sizeFromShape(sizes.slice(axis)),
  );
  return y;
}
