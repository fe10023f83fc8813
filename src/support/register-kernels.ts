import * as tf from '@tensorflow/tfjs-core';

/** A kernel that a backend lacks. */
export interface MissingKernel {
  readonly kernelName: string;
  readonly kernelFunc: tf.KernelFunc;
}

/** A kernel that takes the slow cases of a stock one and leaves the others to it. */
export interface FasterKernel {
  readonly kernelName: string;
  readonly wrap: (stock: tf.KernelFunc) => tf.KernelFunc;
}

/**
 * Registers kernels for a backend: missing ones where there is none, faster ones in front of the stock ones. A
 * second call, of any copy of the library, changes nothing.
 */
export function registerKernels(
  backendName: string,
  missing: readonly MissingKernel[],
  faster: readonly FasterKernel[],
): void {
  // Of the registry, which the copies of the library share.
  const mark = Symbol.for(`salad-ad/${backendName}/faster`);
  for (const { kernelName, kernelFunc } of missing) {
    if (tf.getKernel(kernelName, backendName)) continue;
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
  for (const { kernelName, wrap } of faster) {
    const stock = tf.getKernel(kernelName, backendName);
    if (!stock || mark in stock.kernelFunc) continue;
    const kernelFunc = Object.assign(wrap(stock.kernelFunc), { [mark]: true });
    tf.unregisterKernel(kernelName, backendName);
    // The stock kernel's set-up comes along: it runs when the backend starts.
    tf.registerKernel({ ...stock, kernelFunc });
  }
}
