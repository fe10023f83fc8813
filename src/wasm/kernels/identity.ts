import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../../support/register-kernels.js';

/**
 * A tensor with the same values, which the two share: tfjs clones whatever a gradient keeps, and the stock
 * kernel copies it. Tensors do not change, so the other backends share them too.
 */
export const identityKernel: FasterKernel = {
  kernelName: tf.Identity,
  wrap: (stock) => (args) => {
    const { inputs, backend } = args;
    const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
    if (dtype === 'string') return stock(args);
    (backend as tf.KernelBackend).incRef(dataId);
    return { dataId, shape, dtype };
  },
};
