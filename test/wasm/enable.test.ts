import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { describe, expect, test, vi } from 'vitest';
import { checkCanTrain, missingTrainingKernels } from '../../src/support/train-check.js';
import { enableWasmTraining } from '../../src/wasm/index.js';

const registered = () =>
  new Map(
    tf.getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  );

/** Shape of a convolution's filter gradient. */
const trainOnce = () => {
  const gradient = tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([2, 6, 6, 2]);
    const loss = (filter: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(x, filter as tf.Tensor4D, 2, 'same')));
    return tf.grad(loss)(tf.ones([3, 3, 2, 3]));
  });
  gradient.dispose();
  return gradient.shape;
};

// The order of these tests is that of an application's start.
describe('enableWasmTraining', () => {
  test('says what to import while no wasm backend is registered', () => {
    expect(() => enableWasmTraining()).toThrowError(
      "enableWasmTraining: no backend named 'wasm' is registered; import '@tensorflow/tfjs-backend-wasm' before the call. [BACKEND_NOT_READY]",
    );
  });

  test('training before any backend has started says to await tf.setBackend()', async () => {
    expect(() => checkCanTrain('fit')).toThrowError(
      /^fit: .*await tf\.setBackend\('wasm'\).*\[BACKEND_NOT_READY\]$/,
    );
    await import('@tensorflow/tfjs-backend-wasm');
    expect(() => checkCanTrain('fit')).toThrowError(/\[BACKEND_NOT_READY\]$/);
  });

  test('the stock backend cannot train, and the error says why', async () => {
    await tf.setBackend('wasm');
    expect(missingTrainingKernels([tf.Conv2D, tf.Conv2DBackpropFilter])).toEqual([
      tf.Conv2DBackpropFilter,
    ]);
    expect(() => checkCanTrain('fit')).toThrowError(
      /^fit: the backend 'wasm' lacks Conv2DBackpropFilter, .*enableWasmTraining\(\) from 'salad-ad\/wasm'.*\[BACKEND_CANNOT_TRAIN\]$/,
    );
    expect(trainOnce).toThrowError(/Conv2DBackpropFilter/);
  });

  test('a started backend trains after the call, silently, and keeps its other kernels', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const before = registered();
    enableWasmTraining();
    const after = registered();
    expect(tf.getBackend()).toBe('wasm');
    expect(() => checkCanTrain('fit')).not.toThrow();
    const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
    expect(changed.sort()).toEqual(
      [
        tf.BatchMatMul,
        tf.ClipByValue,
        tf.Conv2D,
        tf.Conv2DBackpropFilter,
        tf.Conv2DBackpropInput,
        tf.DepthwiseConv2dNative,
        tf.DepthwiseConv2dNativeBackpropFilter,
        tf.DepthwiseConv2dNativeBackpropInput,
        tf.Exp,
        tf.FusedConv2D,
        tf.FusedDepthwiseConv2D,
        tf.GatherV2,
        tf.Identity,
        tf.LeakyRelu,
        tf.Maximum,
        tf.Mean,
        tf.Minimum,
        tf.Relu,
        tf.Relu6,
        tf.Slice,
        tf.Sum,
        tf.Tile,
        tf.UnsortedSegmentSum,
        tf._FusedMatMul,
        'SaladAdam',
        'SaladBankNeighbors',
        'SaladBankScan',
        'SaladBankSoftmax',
        'SaladConvolveNormalized',
        'SaladDoubleBilinear',
        'SaladDoubleBilinearGrad',
        'SaladInvertedBottleneck',
        'SaladL2Normalize',
        'SaladL2NormalizeGrad',
        'SaladNearestRows',
        'SaladNormalizeActivate',
        'SaladNormalizeActivateGrad',
        'SaladWriteRows',
      ].sort(),
    );
    expect(trainOnce()).toEqual([3, 3, 2, 3]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('a second call, also of another copy of the library, changes nothing', async () => {
    const before = registered();
    enableWasmTraining();
    vi.resetModules();
    const copy = await import('../../src/wasm/index.js');
    expect(copy.enableWasmTraining).not.toBe(enableWasmTraining);
    copy.enableWasmTraining();
    expect(registered()).toEqual(before);
  });

  test('the engine, asked to check each kernel for leaks, finds none', () => {
    tf.env().set('IS_TEST', true);
    expect(trainOnce()).toEqual([3, 3, 2, 3]);
    tf.env().set('IS_TEST', false);
  });

  test('options are threads alone; the package, handed over by import().then(), is none', async () => {
    const enable = enableWasmTraining as (options?: unknown) => void;
    for (const threads of [0, 1.5, '2', Number.NaN])
      expect(() => enable({ threads })).toThrowError(/threads is .*\[INVALID_OPTION\]$/);
    expect(() => enable({ thread: 2 })).toThrowError(/\[UNKNOWN_OPTION\]$/);
    expect(() => enable(null)).toThrowError(/\[INVALID_OPTION\]$/);
    await import('@tensorflow/tfjs-backend-wasm').then(enable);
  });
});
