import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';
import { simdOf } from '../simd/simd-of.js';

interface GatherAttributes {
  readonly axis: number;
  readonly batchDims: number;
}

/** tf.gather of float32 values by copying whole blocks; the stock kernel works out every element's place. */
export const gatherKernel: FasterKernel = {
  kernelName: tf.GatherV2,
  wrap: (stock) => (args) => {
    const { x, indices } = args.inputs as { x: tf.Tensor; indices: tf.Tensor };
    const { axis: signed, batchDims } = args.attrs as unknown as GatherAttributes;
    const simd = simdOf(args.backend);
    if (!simd || x.dtype !== 'float32' || indices.dtype !== 'int32' || batchDims !== 0)
      return stock(args);
    const axis = signed < 0 ? signed + x.rank : signed;
    const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    const y = simd.output([...outer, ...indices.shape, ...inner]);
    const found = simd.functions.gather(
      ...simd.addresses(x, y),
      ...[tf.util.sizeFromShape(outer), x.shape[axis], 4 * tf.util.sizeFromShape(inner)],
      ...[simd.address(indices), indices.size],
    );
    if (found) return y;
    (args.backend as tf.KernelBackend).disposeData(y.dataId);
    return stock(args);
  },
};
