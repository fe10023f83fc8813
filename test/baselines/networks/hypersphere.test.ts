import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { deepSvdd } from '../../../src/baselines/index.js';
import { semiSupervisedLoss } from '../../../src/baselines/networks/deep-sad.js';
import { radiusOf, softBoundaryLoss } from '../../../src/baselines/networks/deep-svdd.js';
import { centerAwayFromZero, Hypersphere } from '../../../src/baselines/networks/hypersphere.js';
import { arraySource, none, type SaladWarning } from '../../../src/index.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { mixed, normals } from '../../model/tiny.js';
import { describeOnBackends } from '../../support/backends.js';

const options = {
  inputShape: [8, 8, 1],
  channels: [4, 4],
  embeddingSize: 6,
  imageNormalization: none(),
  batchSize: 6,
} as const;

/** Central differences of a function of distances. */
function slopes(of: (distances: number[]) => number, at: number[], step: number): number[] {
  return at.map((_, i) => {
    const moved = (by: number) => of(at.map((value, j) => (i === j ? value + by : value)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

it('keeps the centre away from zero', () => {
  const center = centerAwayFromZero([0.5, -0.5, 0.09, -0.09, 0, 0.1]);
  expect(Array.from(center)).toEqual(Array.from(Float32Array.of(0.5, -0.5, 0.1, -0.1, 0.1, 0.1)));
});

it('puts a share nu of the distances outside the radius', () => {
  const distances = Array.from({ length: 101 }, (_, i) => ((i * 37) % 101) ** 2);
  expect(radiusOf(distances, 0.1)).toBeCloseTo(90, 10);
  expect(radiusOf(distances, 1)).toBe(0);
});

describeOnBackends('losses of Deep SVDD and Deep SAD', () => {
  const distances = [0.3, 1.2, 2.5, 4];

  it('soft boundary: R^2 + mean max(0, d - R^2) / nu, and its gradient', () => {
    const [radius, nu] = [1.25, 0.1];
    const naive = (d: number[]) =>
      radius ** 2 +
      d.reduce((sum, value) => sum + Math.max(0, value - radius ** 2), 0) / d.length / nu;
    tf.tidy(() => {
      const loss = (d: tf.Tensor) => softBoundaryLoss(d as tf.Tensor1D, tf.scalar(radius), nu);
      expect(loss(tf.tensor1d(distances)).dataSync()[0]).toBeCloseTo(naive(distances), 4);
      const gradient = Array.from(tf.grad(loss)(tf.tensor1d(distances)).dataSync());
      slopes(naive, distances, 1e-4).forEach((slope, i) => {
        expect(gradient[i]).toBeCloseTo(slope, 4);
      });
    });
  });

  it('Deep SAD: d, and eta / d for a known anomaly, and its gradient', () => {
    const known = [false, true, false, true];
    const eta = 3;
    const naive = (d: number[]) =>
      d.reduce((sum, value, i) => sum + (known[i] ? eta / (value + 1e-6) : value), 0) / d.length;
    tf.tidy(() => {
      const loss = (d: tf.Tensor) => semiSupervisedLoss(d as tf.Tensor1D, known, eta);
      expect(loss(tf.tensor1d(distances)).dataSync()[0]).toBeCloseTo(naive(distances), 4);
      const gradient = Array.from(tf.grad(loss)(tf.tensor1d(distances)).dataSync());
      slopes(naive, distances, 1e-4).forEach((slope, i) => {
        expect(gradient[i]).toBeCloseTo(slope, 4);
      });
      // An image on the centre is where its gradient must not be infinity times 0.
      const onCenter = tf
        .grad(loss)(tf.tensor1d([0, 1, 0, 1]))
        .dataSync();
      expect(Array.from(onCenter).every(Number.isFinite)).toBe(true);
    });
  });
});

describeOnBackends('a hypersphere', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await enableWasmTraining();
  });

  it('learns no bias, no scale and no offset: the constant network is out of reach', () => {
    const sphere = new Hypersphere({
      ...options,
      ...{ seed: 1, epochs: 1, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, weightDecay: 0 },
      ...{ keep: 'last', validateEvery: 1, pretrainEpochs: 0, activationSlope: 0.1 },
      augmentation: { shift: 0, rotation: 0, scale: 0 } as never,
      resize: undefined,
    });
    expect(sphere.trainable.map(({ rank }) => rank)).toEqual([4, 4, 2]);
    tf.dispose([...sphere.weights.trainable, ...sphere.weights.statistics]);
  });

  it('warns where all images get nearly one score, and not where they do not', async () => {
    const codes = async (images: Parameters<ReturnType<typeof deepSvdd>['fit']>[0]) => {
      const warnings: SaladWarning[] = [];
      const detector = deepSvdd({ ...options, epochs: 2, seed: 1 });
      await detector.fit(images, { onWarning: (warning) => warnings.push(warning) });
      detector.dispose();
      return warnings.map(({ code }) => code);
    };
    expect(await codes(mixed(12, 4))).toEqual(['TRAINS_ON_ABNORMAL']);
    const one = (await normals(1).read([0])).pixels;
    const pixels = Float32Array.from({ length: 12 * 64 }, (_, i) => one[i % 64]);
    expect(await codes(arraySource({ pixels, shape: [8, 8, 1] }))).toEqual(['SCORES_COLLAPSED']);
  });
});
