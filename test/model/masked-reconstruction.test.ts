import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { Adam } from '../../src/learning/adam.js';
import { resolveSettings } from '../../src/model/options.js';
import { trainStep } from '../../src/model/train-step.js';
import { useBackend } from '../support/backends.js';
import { halfMasked } from './masked.js';
import { mixed, outcome, pixelsOf, tinyBackbone, tinyModel } from './tiny.js';

const validation = mixed(4, 4, 9);

async function trained(source = mixed(20, 2), options = {}) {
  const model = tinyModel(options);
  await model.fit(source, { validation });
  const result = await outcome(model, validation);
  model.dispose();
  return result;
}

describe('training with masks', () => {
  beforeAll(() => useBackend('cpu'));

  it('learns nothing from what the masks leave out', async () => {
    const views = tf.tensor4d(pixelsOf([0, 0, 0, 0]), [4, 8, 8, 1]);
    const ones: tf.Tensor4D = tf.ones([4, 8, 8, 1]);
    const upper: tf.Tensor4D = tf.concat([tf.ones([4, 4, 8, 1]), tf.zeros([4, 4, 8, 1])], 1);
    const otherBelow: tf.Tensor4D = tf.add(tf.mul(views, upper), tf.sub(1, upper));
    const settings = resolveSettings('test', { latentWeight: 0, lossScale: 'paper' });
    const after = (targets: tf.Tensor4D, masks: tf.Tensor4D) => {
      const backbone = tinyBackbone();
      const bank = MemoryBank.random({ size: 4, dim: 8, seed: 1 });
      const optimizer = new Adam(backbone.trainable, settings);
      const batch = {
        views,
        targets,
        masks,
        rows: [0, 1, 2, 3],
        anchors: new Array<boolean>(4).fill(false),
        neighbors: new Array<number[]>(4).fill([]),
      };
      const losses = trainStep(backbone, { bank, optimizer, pixelVariance: 1 }, batch, settings);
      const weights = backbone.trainable.map((variable) => Array.from(variable.dataSync()));
      tf.dispose(Object.values(losses));
      for (const one of [backbone, bank, optimizer]) one.dispose();
      return weights;
    };
    expect(after(otherBelow, upper)).toEqual(after(views, upper));
    expect(after(otherBelow, ones)).not.toEqual(after(views, ones));
    tf.dispose([views, ones, upper, otherBelow]);
  });

  it('is training without them where every pixel counts', async () => {
    const source = mixed(20, 2);
    const whole = {
      ...source,
      async read(indices: ArrayLike<number>) {
        const batch = await source.read(indices);
        return { ...batch, masks: new Uint8Array(indices.length * 64).fill(255) };
      },
    };
    const [plain, masked] = [await trained(source), await trained(whole)];
    plain.scores.forEach((score, i) => {
      expect(masked.scores[i]).toBeCloseTo(score, 3);
    });
    expect(await trained(halfMasked(source))).not.toEqual(plain);
  });

  it('takes an image of which nothing counts, and refuses a set of them', async () => {
    const source = mixed(20, 2);
    const masked = (level: (index: number) => number) => ({
      ...source,
      async read(indices: ArrayLike<number>) {
        const batch = await source.read(indices);
        const levels = Array.from(indices, level);
        return {
          ...batch,
          masks: Uint8Array.from({ length: 64 * levels.length }, (_, i) => levels[i >> 6]),
        };
      },
    });
    const { scores } = await trained(masked((index) => (index < 3 ? 0 : 255)));
    expect(Array.from(scores).every(Number.isFinite)).toBe(true);
    // However faint, a mask that is the same everywhere changes no mean.
    const [plain, faint] = [await trained(source), await trained(masked(() => 51))];
    plain.scores.forEach((score, i) => {
      expect(faint.scores[i]).toBeCloseTo(score, 3);
    });
    const model = tinyModel();
    await expect(model.fit(masked(() => 0))).rejects.toThrow(
      /masks of all 22 images.*INVALID_IMAGES/,
    );
    model.dispose();
  });
});
