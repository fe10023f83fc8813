import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anomalyScore,
  arraySource,
  type ImageSource,
  type SaladModel,
  type SaladWarning,
} from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose } from '../support/close.js';
import { codeOf, mixed, normals, pixelsOf, SIDE, tinyModel } from './tiny.js';

const train = mixed(10, 2);
const test = mixed(3, 3, 7);
let model: SaladModel;

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
  model = tinyModel();
  await model.fit(train, { validation: normals(20, 2) });
});
afterAll(() => model.dispose());

const slice = (source: ImageSource, from: number, to: number): ImageSource => ({
  length: to - from,
  ids: source.ids.slice(from, to),
  read: (indices) => source.read(Array.from(indices, (i) => i + from)),
});

describe('score', () => {
  it("is the primitive's score of the embeddings, both methods, with anomalies' rows discarded", async () => {
    const result = await model.score(test);
    const embeddings = await model.embed(test);
    for (const method of ['relative', 'angular'] as const) {
      const options = { method, scoreNeighbors: 3, discard: model.discard };
      const { scores } = anomalyScore(embeddings, model.bank, options);
      expectClose(result[method], await scores.data(), 1e-6);
      scores.dispose();
    }
    embeddings.dispose();
    expect(result.scores).toEqual(result.angular);
    expect(result.ids).toEqual(test.ids);
    expect(result.nearestRows.flatMap((rows) => Array.from(rows)).every((row) => row < 10)).toBe(
      true,
    );
    for (const [i, angles] of result.nearestAngles.entries()) {
      expect([...angles]).toEqual([...angles].sort((a, b) => a - b));
      const mean = angles.reduce((a, b) => a + b, 0) / 3;
      expect(result.angular[i]).toBeCloseTo(mean / Math.PI, 6);
    }
  });

  it('agrees with itself: threshold, flags and shares of normals', async () => {
    const { scores, abnormal, threshold, normalized } = await model.score(test);
    expect(threshold).toBe(model.threshold);
    expect(abnormal).toEqual(Array.from(scores, (score) => score >= threshold!));
    const validation = (await model.score(normals(20, 2))).scores;
    const share = (score: number) => validation.filter((one) => one < score).length / 20;
    expectClose(normalized!, Array.from(scores, share), 1e-6);
    // 20 normals promise 1 in 21: the threshold lies just above the highest. ceil(21 * .95) = 20.
    const highest = Math.max(...validation);
    expect(threshold).toBeGreaterThan(highest);
    expect(threshold).toBeCloseTo(highest, 12);
  });

  it('leaves the own row of a training image out', async () => {
    const own = await model.score(train, { ownRows: train.ids.map((_, i) => i) });
    for (const [i, rows] of own.nearestRows.entries()) expect(Array.from(rows)).not.toContain(i);
    const plain = await model.score(train);
    for (let i = 0; i < 10; i++) {
      expect(plain.nearestRows[i][0]).toBe(i);
      expect(own.scores[i]).toBeGreaterThan(plain.scores[i]);
    }
    const none = await model.score(train, { ownRows: train.ids.map(() => -1) });
    expect(none.scores).toEqual(plain.scores);
  });

  it('clamps K to the rows kept, for every image alike, and says so', async () => {
    const wide = tinyModel({ scoreNeighbors: 100 });
    await wide.fit(train);
    const warnings: SaladWarning[] = [];
    const onWarning = (warning: SaladWarning) => void warnings.push(warning);
    const { scoreNeighbors, relative } = await wide.score(test, { onWarning });
    expect(scoreNeighbors).toBe(10);
    expectClose(relative, Array(6).fill(1), 1e-5);
    expect(warnings.map(({ code }) => code)).toEqual([
      'SCORE_NEIGHBORS_CLAMPED',
      'SCORE_IS_CONSTANT',
    ]);
    const ownRows = [0, -1, -1, -1, -1, -1];
    const own = await wide.score(test, { ownRows, onWarning });
    expect(own.scoreNeighbors).toBe(9);
    expect(own.nearestRows.map((rows) => rows.length)).toEqual(Array(6).fill(9));
    wide.dispose();
  });

  it('of one image, and of many in blocks, is the same', async () => {
    const many = normals(70, 5);
    const all = await model.score(many);
    const last = await model.score(slice(many, 69, 70));
    expectClose(last.scores, all.scores.subarray(69), 1e-6);
    expect(all.nearestRows.length).toBe(70);
  });

  it('takes a tensor, 8 bits and 16 bits alike', async () => {
    const bytes = Uint8Array.from(pixelsOf([0, 1], 4), (value) => Math.round(255 * value));
    const shape = [SIDE, SIDE, 1] as const;
    const expected = (await model.score(arraySource({ pixels: bytes, shape }))).scores;
    await expectNoLeak(async () => {
      const floats = tf.tensor4d(
        Float32Array.from(bytes, (v) => v / 255),
        [2, SIDE, SIDE, 1],
      );
      expect((await model.score(floats)).scores).toEqual(expected);
      floats.dispose();
    });
    const words = Uint16Array.from(bytes, (v) => v * 16);
    const twelve = arraySource({ pixels: words, shape, bitsStored: 12 });
    expectClose((await model.score(twelve)).scores, expected, 0.02);
  });

  it('streams: one result a batch', async () => {
    const whole = await model.score(test);
    async function* batches() {
      yield slice(test, 0, 2);
      yield slice(test, 2, 6);
    }
    const scores: number[] = [];
    const sizes: number[] = [];
    for await (const result of model.scoreStream(batches())) {
      sizes.push(result.scores.length);
      scores.push(...result.scores);
    }
    expect(sizes).toEqual([2, 4]);
    expectClose(scores, whole.scores, 1e-6);
  });

  it('names the nearest training images', async () => {
    const { nearestRows, nearestAngles } = await model.score(test);
    const nearest = await model.nearest(test, { count: 2 });
    expect(nearest).toEqual(
      nearestRows.map((rows, image) =>
        [0, 1].map((i) => ({
          row: rows[i],
          id: train.ids[rows[i]],
          angle: nearestAngles[image][i],
        })),
      ),
    );
    expect((await model.nearest(test))[0].length).toBe(3);
  });
});

describe('embed and reconstruct', () => {
  it('give unit rows, and images of the shape that went in', async () => {
    await expectNoLeak(async () => {
      const embeddings = await model.embed(test);
      expect(embeddings.shape).toEqual([6, 8]);
      for (const row of await embeddings.array()) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      const images = await model.reconstruct(test);
      expect(images.shape).toEqual([6, SIDE, SIDE, 1]);
      tf.dispose([embeddings, images]);
    });
  });

  it('give errors that are the mean squared difference of what went in and came out', async () => {
    await expectNoLeak(async () => {
      const made = await model.reconstruct(test);
      const came = await made.data();
      const { pixels } = await test.read([0, 1, 2, 3, 4, 5]);
      const batch = [6, SIDE, SIDE, 1] as const;
      const went = model.imageNormalization.apply(pixels as Float32Array, batch);
      const size = SIDE * SIDE;
      const expected = Array.from({ length: 6 }, (_, image) => {
        let sum = 0;
        for (let i = image * size; i < (image + 1) * size; i++) sum += (went[i] - came[i]) ** 2;
        return sum / size;
      });
      expectClose(await model.reconstructionErrors(test), expected, 1e-5);
      made.dispose();
    });
  });
});

describe('extend, refreshBank, calibrate', () => {
  it('extend equals a bank made anew of both', async () => {
    const more = normals(5, 3, 'more');
    const [extended, refreshed] = [tinyModel(), tinyModel()];
    for (const one of [extended, refreshed]) await one.fit(train);
    await extended.extend(more);
    await refreshed.refreshBank({
      length: 17,
      ids: [...train.ids, ...more.ids],
      labels: [...Array.from(train.labels!), 0, 0, 0, 0, 0],
      read: async (indices) => {
        const parts = await Promise.all(
          Array.from(indices, (i) => (i < 12 ? train.read([i]) : more.read([i - 12]))),
        );
        const pixels = Float32Array.from(parts.flatMap((part) => Array.from(part.pixels)));
        return { pixels, shape: parts[0].shape };
      },
    });
    expect(extended.bank.size).toBe(17);
    expect(extended.discard).toEqual(refreshed.discard);
    expectClose(await extended.bank.rows.data(), await refreshed.bank.rows.data(), 1e-6);
    expectClose((await extended.score(test)).scores, (await refreshed.score(test)).scores, 1e-6);
    const [[nearest]] = await extended.nearest(slice(more, 4, 5), { count: 1 });
    expect(nearest).toMatchObject({ row: 16, id: 'more-4' });
    expect(await codeOf(extended.extend(mixed(1, 1)))).toBe('LABELS_MISMATCH');
    expect(extended.bank.size).toBe(17);
    for (const one of [extended, refreshed]) one.dispose();
  });

  it('extend sets the threshold by the same images, each without its own row', async () => {
    const local = normals(24, 5, 'local');
    const [inOne, inTwo] = [tinyModel(), tinyModel()];
    for (const one of [inOne, inTwo]) await one.fit(train);
    await inOne.extend(local, { calibrate: { quantile: 0.9 } });
    await inTwo.extend(local);
    expect(inTwo.threshold).toBeUndefined();
    const ownRows = Array.from({ length: 24 }, (_, i) => 12 + i);
    const sorted = (await inTwo.score(local, { ownRows })).scores.sort();
    // Rank ceil(25 * .9) = 23 of 24.
    expect(inOne.threshold).toBeGreaterThan(sorted[22]);
    expect(inOne.threshold).toBeLessThanOrEqual(sorted[23]);
    expect(inOne.threshold).toBeCloseTo(sorted[22], 10);
    expect(inOne.decisionThreshold).toMatchObject({ chosenBy: 'falseAlarmRate', normalCount: 24 });
    const warned: string[] = [];
    const onWarning = ({ code }: SaladWarning) => warned.push(code);
    await inTwo.extend(normals(4, 6, 'few'), { calibrate: true, onWarning });
    expect(warned).toContain('FEW_VALIDATION_NORMALS');
    expect(inTwo.decisionThreshold).toMatchObject({ quantile: 0.95, normalCount: 4 });
    for (const [options, code] of [
      [{ calibrate: 'yes' }, 'INVALID_OPTION'],
      [{ calibrate: { quantile: 2 } }, 'INVALID_OPTION'],
      [{ calibrate: { sensitivity: 0.9 } }, 'UNKNOWN_OPTION'],
      [{ onWarning: 3 }, 'INVALID_OPTION'],
    ] as const)
      expect(await codeOf(inOne.extend(local, options as never))).toBe(code);
    expect(inOne.bank.size).toBe(36);
    for (const one of [inOne, inTwo]) one.dispose();
  });

  it('a fit that resumes drops the rows that extend added', async () => {
    const own = tinyModel();
    await own.fit(train);
    const { scores } = await own.score(test);
    await own.extend(normals(5, 3, 'more'));
    expect(own.bank.size).toBe(17);
    await own.fit(train, { resume: true });
    expect(own.bank.size).toBe(12);
    expect((await own.score(test)).scores).toEqual(scores);
    own.dispose();
  });

  it('calibrate goes by normals, its quantile and its form', async () => {
    const own = tinyModel();
    await own.fit(normals(12));
    expect(own.threshold).toBeUndefined();
    const { scores, ...rest } = await own.score(normals(8, 2));
    expect(rest).not.toHaveProperty('abnormal');
    const codes: string[] = [];
    let said = '';
    const onWarning = ({ code, message }: SaladWarning) => {
      codes.push(code);
      said = message;
    };
    await own.calibrate(normals(8, 2), { quantile: 0.5, normalizer: 'minMax', onWarning });
    expect(codes).toEqual([]);
    const sorted = [...scores].sort((a, b) => a - b);
    // ceil(9 * .5) = 5.
    expect(own.threshold).toBeCloseTo(sorted[4], 12);
    const { normalized } = await own.score(normals(8, 2));
    expect([Math.min(...normalized!), Math.max(...normalized!)]).toEqual([0, 1]);
    await own.calibrate(normals(8, 2), { onWarning });
    expect(codes).toEqual(['FEW_VALIDATION_NORMALS']);
    expect(said).toMatch(/^SaladModel.calibrate: 8 normal images .* smallest is 11.1%; use 19 /);
    expect(await codeOf(own.calibrate(mixed(0, 3)))).toBe('LABELS_MISMATCH');
    const misspelt = { quantil: 0.9 } as object;
    expect(await codeOf(own.calibrate(normals(3), misspelt))).toBe('UNKNOWN_OPTION');
    own.dispose();
  });
});
