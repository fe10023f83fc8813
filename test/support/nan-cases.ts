import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import {
  anomalyScore,
  arraySource,
  customNormalization,
  findNeighborhoods,
  latentLoss,
  layersBackbone,
  MemoryBank,
  reconstructionLoss,
  type SaladModel,
} from '../../src/index.js';
import { l2Normalize } from '../../src/support/tensors.js';
import { codeOf, normals, pixelsOf, SIDE, tinyModel } from '../model/tiny.js';

const shape = [SIDE, SIDE, 1] as const;
const isNaNs = (tensor: tf.Tensor) => Array.from(tensor.dataSync(), Number.isNaN);

/** Three unit rows; the second holds a NaN where asked for. */
const rows = (broken = false) =>
  tf.tensor2d([1, 0, 0, 0.6, broken ? Number.NaN : 0.8, 0, 0, 0, 1], [3, 3]);

/** Two pixels and more; one of the second image is NaN. */
const images = () => {
  const pixels = pixelsOf([0, 0, 0]);
  pixels[SIDE * SIDE + 3] = Number.NaN;
  return tf.tensor4d(pixels, [3, ...shape]);
};

/** A network whose activations lose NaN on stock wasm. */
const clipped = () =>
  layersBackbone({
    encoder: sequential({
      layers: [
        layers.flatten({ inputShape: [...shape] }),
        layers.dense({ units: 8, kernelInitializer: 'ones' }),
        layers.reLU({ maxValue: 6 }),
      ],
    }),
  });

/**
 * A number that is none is refused, or makes what is computed with it none: never a score like any other.
 *
 * @param keeps whether the backend keeps NaN in every activation of a user's network
 */
export function nanCases(use: () => Promise<void>, keeps: boolean): void {
  let model: SaladModel;
  beforeAll(async () => {
    await use();
    model = tinyModel({ backbone: clipped(), latentWeight: 1, reconstructionWeight: 0 });
    await model.fit(normals(8));
    return () => model.dispose();
  });

  test('a pixel is refused', async () => {
    const pixels = pixelsOf([0, 0]);
    pixels[SIDE * SIDE + 3] = Number.NaN;
    const source = arraySource({ pixels, shape, ids: ['whole', 'broken'] });
    await expect(model.score(source)).rejects.toThrow(/^SaladModel.score: image 'broken' has NaN/);
    expect(await codeOf(() => model.score(source))).toBe('PIXEL_RANGE');
  });

  test('a pixel that a normalisation of the user makes is refused', async () => {
    const imageNormalization = customNormalization({
      name: 'spread',
      // 0 / 0 in an image of one grey.
      apply: (values) => {
        const [least, most] = [Math.min(...values), Math.max(...values)];
        return values.map((value) => (value - least) / (most - least));
      },
    });
    const own = tinyModel({ backbone: clipped(), imageNormalization, reconstructionWeight: 0 });
    await own.fit(normals(8));
    const grey = arraySource({ pixels: new Float32Array(SIDE * SIDE).fill(0.5), shape });
    expect(await codeOf(() => own.score(grey))).toBe('NOT_FINITE');
    own.dispose();
  });

  test.skipIf(!keeps)('a weight is found in the embedding', async () => {
    const [weight] = model.backbone.trainable;
    const good = tf.tidy(() => weight.clone());
    weight.assign(tf.fill(weight.shape, Number.NaN));
    expect(await codeOf(() => model.score(normals(2)))).toBe('INVALID_EMBEDDING');
    weight.assign(good);
    good.dispose();
  });

  test('an embedding has the score NaN, the others have theirs', () => {
    tf.tidy(() => {
      for (const method of ['relative', 'angular'] as const) {
        const { scores } = anomalyScore(rows(true), rows(), { method, scoreNeighbors: 2 });
        expect(isNaNs(scores), method).toEqual([false, true, false]);
      }
    });
  });

  test('a row of the bank makes every relative score NaN', () => {
    tf.tidy(() => {
      const { scores } = anomalyScore(rows(), rows(true), { scoreNeighbors: 1 });
      expect(isNaNs(scores)).toEqual([true, true, true]);
    });
  });

  test('losses, embeddings and rows of a bank keep it', () => {
    tf.tidy(() => {
      for (const error of ['squared', 'absolute'] as const)
        for (const reduction of ['mean', 'sum'] as const)
          for (const masks of [undefined, tf.ones([3, SIDE, SIDE, 1])]) {
            const options = { error, reduction, masks };
            const errors = reconstructionLoss(images(), tf.zeros([3, ...shape]), options);
            expect(isNaNs(errors)).toEqual([false, true, false]);
          }
      expect(isNaNs(tf.sum(l2Normalize(rows(true)), 1))).toEqual([false, true, false]);
      const options = { rows: [0, 1, 2], anchors: [true, true, true], neighbors: [[1], [2], [0]] };
      expect(isNaNs(latentLoss(rows(true), rows(), options))).toEqual([false, true, false]);
      const bank = MemoryBank.from(rows());
      bank.update([0, 1, 2], rows(true));
      expect(isNaNs(tf.sum(bank.rows, 1))).toEqual([false, true, false]);
      bank.dispose();
    });
  });

  test('neighbourhoods of a broken bank have entropies that are NaN', async () => {
    const bank = MemoryBank.from(rows(true));
    const found = await findNeighborhoods(bank, { neighborhoodSize: 1 });
    expect(Array.from(found.entropies, Number.isNaN)).toContain(true);
    bank.dispose();
  });
}
