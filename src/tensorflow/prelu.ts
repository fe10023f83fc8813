import type { KernelBackend, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../support/register-kernels.js';
import { executeOn, leaky } from './kernel.js';

/*
 * The library's leaky ReLU is a PReLU with one slope for all channels, the form that every backend
 * fuses. The stock PReLU here is six passes over the map; LeakyRelu is one.
 */

/** tf.prelu, where all channels have one slope. */
export const preluKernel: FasterKernel = {
  kernelName: tf.Prelu,
  wrap: (stock) => (args) => {
    const { x, alpha } = args.inputs as Record<'x' | 'alpha', TensorInfo>;
    const slope = oneSlope(args.backend as KernelBackend, alpha);
    if (slope === undefined || x.dtype !== 'float32') return stock(args);
    return leaky(executeOn(args.backend), x, slope);
  },
};

/** tf.fused.conv2d with a bias and such a PReLU, or with a bias alone. */
export const fusedConv2dKernel: FasterKernel = {
  kernelName: tf.FusedConv2D,
  wrap: (stock) => (args) => {
    const { bias, preluActivationWeights, ...inputs } = args.inputs as Record<string, TensorInfo>;
    const { activation } = args.attrs as { activation?: string };
    const linear = activation === undefined || activation === 'linear';
    const slope =
      activation === 'prelu' && preluActivationWeights
        ? oneSlope(args.backend as KernelBackend, preluActivationWeights)
        : linear
          ? 1
          : undefined;
    if (bias?.shape.length !== 1 || slope === undefined) return stock(args);
    const convolved = convolve(stock, { ...args, inputs });
    const execute = executeOn(args.backend);
    const [biased] = execute('BiasAdd', [convolved, bias], { strings: { data_format: 'NHWC' } });
    convolved.dispose();
    if (slope === 1) return biased;
    const y = leaky(execute, biased, slope);
    biased.dispose();
    return y;
  },
};

function convolve(stock: KernelFunc, args: Parameters<KernelFunc>[0]): Tensor {
  return stock({ ...args, attrs: { ...args.attrs, activation: 'linear' } }) as Tensor;
}

/** The slope that all channels share, if they do. */
function oneSlope(backend: KernelBackend, slopes: TensorInfo): number | undefined {
  if (slopes.shape.length !== 1) return undefined;
  const values = backend.readSync(slopes.dataId) as Float32Array;
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
