import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { enableNativeKernels } from '../../src/tensorflow/index.js';

afterEach(() => vi.restoreAllMocks());

const registered = () =>
  new Map(
    tf
      .getKernelsForBackend('tensorflow')
      .map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  );

// The order of these tests is that of an application's start.
describe('enableNativeKernels', () => {
  test('says what to import while no tensorflow backend is registered', () => {
    expect(() => enableNativeKernels()).toThrowError(
      "enableNativeKernels: no backend named 'tensorflow' is registered; import '@tensorflow/tfjs-node' before the call. [BACKEND_NOT_READY]",
    );
  });

  test('names the version of Node on which tfjs-node does not work', () => {
    // A backend without tfjs-node: its registry is all that these tests need.
    tf.registerBackend('tensorflow', () => ({}) as tf.KernelBackend);
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({} as never);
    expect(() => enableNativeKernels()).toThrowError(
      /^enableNativeKernels: Node \d+\.\d+\.\d+ has no util\.isNullOrUndefined.*expected Node 20 or 22.*\[BACKEND_NOT_READY\]$/,
    );
  });

  test('adds its kernels, takes over two stock ones, and a second call changes nothing', () => {
    const stock = () => tf.scalar(0);
    for (const kernelName of [tf.Prelu, tf.FusedConv2D, tf.Conv2D])
      tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc: stock });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const backend = tf.getBackend();
    enableNativeKernels();
    const once = registered();
    expect(once.get(tf.Conv2D)).toBe(stock);
    expect(once.get(tf.Prelu)).not.toBe(stock);
    expect(once.get(tf.FusedConv2D)).not.toBe(stock);
    expect([...once.keys()]).toEqual(
      expect.arrayContaining([
        'SaladAdam',
        'SaladBankSoftmax',
        'SaladDoubleBilinear',
        'SaladDoubleBilinearGrad',
        'SaladNormalizeActivate',
        'SaladNormalizeActivateGrad',
        'SaladWriteRows',
      ]),
    );
    enableNativeKernels();
    expect(registered()).toEqual(once);
    expect(tf.getBackend()).toBe(backend);
    expect(warn).not.toHaveBeenCalled();
  });
});
