import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraySource, subset } from '../../src/data/index.js';
import { differentiableScore } from '../../src/explain/differentiable-score.js';
import { scoreGradient } from '../../src/explain/gradient-map.js';
import { anomalyMaps } from '../../src/explain/index.js';
import { anomalyScore, bankAngles, MemoryBank, type SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { encoderAlone, large200, mixed, normals, SIDE, tinyModel } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';

const METHODS = ['gradient', 'reconstruction', 'occlusion'] as const;

describe('differentiableScore', () => {
  beforeAll(() => useBackend('cpu'));

  it.each(['relative', 'angular'] as const)('is the anomaly score: %s', (method) => {
    tf.tidy(() => {
      const bank = MemoryBank.random({ size: 12, dim: 6, seed: 1 });
      const embeddings = MemoryBank.random({ size: 4, dim: 6, seed: 2 }).rows;
      const discard = Array.from({ length: 12 }, (_, row) => row % 5 === 0);
      const options = { scoreNeighbors: 3, discard };
      const { indices: nearest } = bankAngles(embeddings, bank, options);
      const keep = tf.tensor1d(discard.map((out) => (out ? 0 : 1)));
      const scores = differentiableScore(embeddings, { method, rows: bank.rows, nearest, keep });
      const expected = anomalyScore(embeddings, bank, { ...options, method }).scores.dataSync();
      scores.dataSync().forEach((score, i) => {
        expect(score).toBeCloseTo(expected[i], 5);
      });
    });
  });
});

describe('anomalyMaps of large images', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  });

  it.each(['reconstruction', 'cells'] as const)(
    'of large images are those of each alone: %s',
    async (method) => {
      const large = tinyModel(large200);
      await large.fit(normals(12));
      const images = mixed(11, 1, 5);
      const options = { method, patch: 100 } as const;
      const together = await anomalyMaps(large, images, options);
      const [last] = await anomalyMaps(large, subset(images, [11]), options);
      expect(together[11].score).toBeCloseTo(last.score, 5);
      last.values.forEach((value, i) => {
        expect(Math.abs(together[11].values[i] - value)).toBeLessThan(1e-4);
      });
      large.dispose();
    },
  );
});

describe('anomalyMaps', () => {
  let model: SaladModel;
  beforeAll(async () => {
    await useBackend('cpu');
    model = tinyModel();
    await model.fit(normals(12));
  });
  afterAll(() => model.dispose());

  it('has the gradient of the score, by finite differences', async () => {
    const { pixels } = await mixed(1, 1, 5).read([0, 1]);
    const values = Float32Array.from(pixels);
    const scoresOf = async (changed: Float32Array) =>
      (await model.score(arraySource({ pixels: changed, shape: [SIDE, SIDE, 1] }))).scores;
    const gradient = tf.tidy(() =>
      scoreGradient(model, tf.tensor4d(values, [2, SIDE, SIDE, 1])).dataSync(),
    );
    const step = 0.01;
    for (const at of [3, 20, 77, 100]) {
      const [more, less] = [values.slice(), values.slice()];
      more[at] += step;
      less[at] -= step;
      const image = Math.floor(at / (SIDE * SIDE));
      const slope = ((await scoresOf(more))[image] - (await scoresOf(less))[image]) / (2 * step);
      expect(gradient[at]).toBeCloseTo(slope, 2);
    }
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('leaves nothing where the gradient fails on the way back', async () => {
    const engine = tf.engine();
    const { runKernel } = engine;
    engine.runKernel = (name, ...rest) => {
      if (name === tf.Conv2DBackpropInput) throw new Error('no memory');
      return runKernel.call(engine, name, ...rest) as never;
    };
    try {
      await expectNoLeak(() => {
        const images = tf.ones<tf.Rank.R4>([1, SIDE, SIDE, 1]);
        expect(() => scoreGradient(model, images)).toThrow('no memory');
        images.dispose();
      });
    } finally {
      engine.runKernel = runKernel;
    }
  });

  it.each(METHODS)(
    'gives each image a map of its own, and leaves nothing behind: %s',
    async (method) => {
      const images = mixed(2, 2, 3);
      const maps = await expectNoLeak(() => anomalyMaps(model, images, { method, patch: 3 }));
      const { scores } = await model.score(images);
      expect(maps.map(({ id }) => id)).toEqual(images.ids);
      maps.forEach((map, i) => {
        expect(map.score).toBeCloseTo(scores[i], 6);
        expect([map.height, map.width, map.values.length]).toEqual([SIDE, SIDE, SIDE * SIDE]);
        expect(map.values.every((value) => value >= 0)).toBe(true);
        expect(Math.max(...map.values)).toBeGreaterThan(0);
      });
      const [alone] = await anomalyMaps(model, subset(images, [2]), { method, patch: 3 });
      alone.values.forEach((value, i) => {
        expect(value).toBeCloseTo(maps[2].values[i], 5);
      });
    },
  );

  it('has the distance of each cell, brought to the size of the input, for a model that reads cells', async () => {
    const reading = tinyModel({ score: 'both', cells: { grid: [4, 4], coreset: 0.5 } });
    await reading.fit(normals(12));
    const images = mixed(2, 2, 3);
    const options = { method: 'cells', sigma: 0 } as const;
    const maps = await expectNoLeak(() => anomalyMaps(reading, images, options));
    const found = await reading.nearestCells(images, { count: 16 });
    const { scores, cells = [] } = await reading.score(images);
    maps.forEach((map, i) => {
      expect(map.score).toBe(scores[i]);
      const distances = found[i].map(({ distance }) => distance);
      expect(distances.reduce((a, b) => a + b, 0) / 16).toBeCloseTo(cells[i], 5);
      for (const { row, column, top, left, height, width, distance } of found[i]) {
        expect([top, left, height, width]).toEqual([2 * row, 2 * column, 2, 2]);
        // Corners of the map are the corner cells: bilinear, half-pixel centres, the border repeated.
        if (row % 3 === 0 && column % 3 === 0)
          expect(map.values[(row && 7) * SIDE + (column && 7)]).toBeCloseTo(distance, 5);
      }
    });
    for (const method of METHODS)
      expect(await anomalyMaps(reading, subset(images, [2]), { method })).toHaveLength(1);
    await expect(anomalyMaps(model, images, options)).rejects.toThrow("score is 'embedding'");
    reading.dispose();
  });

  it('occlusion by squares as large as the image is the fall of the score to that of the reconstruction', async () => {
    const image = subset(mixed(1, 1, 3), [1]);
    const [map] = await anomalyMaps(model, image, { method: 'occlusion', patch: SIDE, sigma: 0 });
    const { images: normalized } = model.preparation.apply(await image.read([0]));
    const again = await model.reconstruct(tf.tensor4d(normalized, [1, SIDE, SIDE, 1]));
    const scores = tf.tidy(() => {
      const { embeddings } = model.backbone.encode(again, false);
      const { method, scoreNeighbors } = model.settings;
      return anomalyScore(embeddings, model.bank, { method, scoreNeighbors }).scores.dataSync();
    });
    again.dispose();
    const fall = Math.max(0, map.score - scores[0]);
    for (const value of map.values) expect(value).toBeCloseTo(fall, 5);
  });

  it('works without a decoder but for the reconstruction error', async () => {
    const alone = tinyModel({ backbone: encoderAlone() });
    await alone.fit(normals(8));
    const images = mixed(1, 1, 3);
    for (const method of ['gradient', 'occlusion'] as const)
      expect(await anomalyMaps(alone, images, { method })).toHaveLength(2);
    await expect(anomalyMaps(alone, images, { method: 'reconstruction' })).rejects.toMatchObject({
      code: 'NO_DECODER',
    });
    alone.dispose();
  });

  it('refuses what it cannot do', async () => {
    const images = mixed(1, 1);
    const code = (options: object) =>
      anomalyMaps(model, images, options).then(
        () => 'no error',
        (error) => error.code,
      );
    expect(await code({ method: 'magic' })).toBe('INVALID_OPTION');
    expect(await code({ patch: SIDE + 1 })).toBe('INVALID_OPTION');
    expect(await code({ sigma: -1 })).toBe('INVALID_OPTION');
    expect(await code({ sigmas: 1 })).toBe('UNKNOWN_OPTION');
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(anomalyMaps(model, images, { signal: stop })).rejects.toThrow('enough');
  });
});
