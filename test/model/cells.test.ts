import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { subset } from '../../src/data/index.js';
import {
  cellsOf,
  combinedScore,
  SaladModel,
  type SaladOptions,
  type ScoreResult,
} from '../../src/index.js';
import { joinResults } from '../../src/model/results.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { encoderAlone, memoryFile, mixed, normals, tinyBackbone, tinyModel } from './tiny.js';

const bySum: Partial<SaladOptions> = {
  score: 'both',
  cells: { grid: [4, 4], coreset: 0.5 },
  seed: 5,
};

async function fitted(options: Partial<SaladOptions> = bySum, count = 24): Promise<SaladModel> {
  const model = tinyModel(options);
  await model.fit(normals(count));
  return model;
}

describe('a model that reads cells', () => {
  beforeAll(() => useBackend('cpu'));

  it('scores by the mean distance to cells of training images', async () => {
    const model = await fitted({ ...bySum, score: 'cells', cells: { grid: [4, 4], coreset: 1 } });
    const test = mixed(3, 2, 9);
    const { scores, cells, relative, angular } = await model.score(test);
    expect(cells).toBe(scores);
    const { images } = await tensorsOf(model, test);
    const training = (await tensorsOf(model, normals(24))).images;
    const expected = tf.tidy(() => {
      const of = (x: tf.Tensor4D) =>
        cellsOf(model.backbone.encode(x, false).maps ?? [], { grid: [4, 4] }).arraySync();
      const bank = of(training).flat();
      return of(images).map((own) => {
        const distances = own.map((cell) =>
          Math.min(...bank.map((row) => Math.hypot(...row.map((v, i) => v - cell[i])))),
        );
        return distances.reduce((a, b) => a + b, 0) / distances.length;
      });
    });
    expected.forEach((value, i) => {
      expect(scores[i]).toBeCloseTo(value, 5);
    });
    // The embedding's scores are told as ever.
    const plain = await fitted({ ...bySum, score: 'embedding' });
    const beside = await plain.score(test);
    expect(relative).toEqual(beside.relative);
    expect(angular).toEqual(beside.angular);
    expect(beside.cells).toBeUndefined();
    tf.dispose([images, training]);
    model.dispose();
    plain.dispose();
  });

  it('adds both, each standardised on validation normals', async () => {
    const model = tinyModel(bySum);
    const validation = mixed(21, 5, 4);
    await model.fit(normals(24), { validation });
    const test = mixed(6, 6, 9);
    const [{ scores, angular, cells }, own] = [
      await model.score(test),
      await model.score(mixed(21, 0, 4)),
    ];
    const terms = [
      { scores: angular, normals: own.angular },
      { scores: cells as Float32Array, normals: own.cells as Float32Array },
    ];
    combinedScore(terms).forEach((value, i) => {
      expect(scores[i]).toBeCloseTo(value, 4);
    });
    expect(model.decisionThreshold).toMatchObject({ chosenBy: 'falseAlarmRate', normalCount: 21 });
    expect(model.history.every(({ validationAuc }) => validationAuc !== undefined)).toBe(true);
    model.dispose();
  });

  it('standardises on training images beside banks of the others where there is no validation', async () => {
    const model = await fitted();
    const other = await fitted();
    const test = mixed(12, 4, 9);
    const { scores } = await model.score(test);
    expect((await other.score(test)).scores).toEqual(scores);
    const ofNormals = Array.from(scores.subarray(0, 12));
    const mean = ofNormals.reduce((a, b) => a + b, 0) / 12;
    // Two terms of mean 0 and deviation 1 on normal images, if fresh ones are like those held out.
    expect(Math.abs(mean)).toBeLessThan(2);
    expect(Math.min(...scores.subarray(12))).toBeGreaterThan(mean);
    model.dispose();
    other.dispose();
  });

  it("leaves a training image's own cells out", async () => {
    const model = await fitted({ ...bySum, score: 'cells', cells: { grid: [4, 4], coreset: 1 } });
    const training = normals(24);
    const rows = Array.from({ length: 24 }, (_, i) => i);
    const { scores: own } = await model.score(training);
    const { scores: others } = await model.score(training, { ownRows: rows });
    expect(Math.max(...own)).toBeLessThan(1e-3);
    expect(Math.min(...others)).toBeGreaterThan(Math.max(...own));
    model.dispose();
  });

  it('is saved and loaded whole', async () => {
    const model = await fitted();
    const test = mixed(5, 5, 9);
    const before = await model.score(test);
    const file = memoryFile();
    await model.save(file);
    const again = await SaladModel.load(file);
    expect(await again.score(test)).toEqual(before);
    expect(again.settings).toEqual(model.settings);
    expect(again.config).toEqual(model.config);
    model.dispose();
    again.dispose();
  });

  it('is refused where its bank of cells was damaged', async () => {
    const model = await fitted();
    const file = memoryFile();
    await model.save(file);
    model.dispose();
    const saved = file.artifacts as tf.io.ModelArtifacts;
    const load = (artifacts: tf.io.ModelArtifacts) =>
      SaladModel.load({ load: async () => artifacts });
    const names = (saved.weightSpecs ?? []).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['cells', 'cells/films', 'cells/places']));
    const { saladAd } = saved.userDefinedMetadata as { saladAd: object };
    // Without its checksum, so that only what is checked by type and range is found.
    const changed = (name: string, value: number, from = saladAd) => {
      let at = 0;
      const specs = saved.weightSpecs as tf.io.WeightsManifestEntry[];
      for (const spec of specs.slice(0, names.indexOf(name)))
        at += tf.util.sizeFromShape(spec.shape);
      const weightData = (saved.weightData as ArrayBuffer).slice(0);
      if (name !== '') new (name === 'cells' ? Float32Array : Int32Array)(weightData)[at] = value;
      return { ...saved, weightData, userDefinedMetadata: { saladAd: from } };
    };
    const whole = await load(changed('', 0));
    expect(whole.settings.score).toBe('both');
    whole.dispose();
    const bits = new Uint8Array((saved.weightData as ArrayBuffer).slice(0));
    bits[bits.length - 5] ^= 4;
    await expectNoLeak(async () => {
      const damaged = { code: 'MODEL_DAMAGED' };
      await expect(load({ ...saved, weightData: bits.buffer })).rejects.toMatchObject(damaged);
      await expect(load(changed('cells', 3))).rejects.toThrow("row 0 of 'cells' has length");
      await expect(load(changed('cells', Number.NaN))).rejects.toMatchObject(damaged);
      await expect(load(changed('cells/films', 24))).rejects.toThrow('beyond the 24');
      await expect(load(changed('cells/films', -1))).rejects.toMatchObject(damaged);
      await expect(load(changed('cells/places', 16))).rejects.toThrow('grid of 4 x 4');
      const without = { ...saladAd, spreads: undefined };
      await expect(load(changed('', 0, without))).rejects.toThrow('how they are standardised');
      const none = { ...saladAd, spreads: { embedding: { mean: 0, deviation: 0 } } };
      await expect(load(changed('', 0, none))).rejects.toMatchObject(damaged);
      const specs = saved.weightSpecs?.filter(({ name }) => name !== 'cells');
      await expect(load({ ...changed('', 0), weightSpecs: specs })).rejects.toMatchObject({
        code: 'TRUNCATED_MODEL',
      });
    });
  });

  it('of a file from before cells scores by its embedding, as it did', async () => {
    const model = await fitted({ score: 'embedding', seed: 5 }, 12);
    const file = memoryFile();
    await model.save(file);
    const { saladAd } = (file.artifacts as tf.io.ModelArtifacts).userDefinedMetadata as {
      saladAd: { settings: object };
    };
    const { score: _, cells: __, ...settings } = saladAd.settings as Record<string, unknown>;
    const earlier = {
      ...file.artifacts,
      userDefinedMetadata: { saladAd: { ...saladAd, settings } },
    };
    const again = await SaladModel.load({ load: async () => earlier });
    expect(again.settings.score).toBe('embedding');
    const test = mixed(3, 3, 9);
    expect(await again.score(test)).toEqual(await model.score(test));
    model.dispose();
    again.dispose();
  });

  it('is scored alike in pieces that are joined', async () => {
    const model = await fitted();
    const test = mixed(5, 4, 9);
    const whole = await model.score(test);
    const pieces: ScoreResult[] = [];
    const parts = [subset(test, [0, 1, 2, 3]), subset(test, [4, 5, 6, 7, 8])];
    for await (const piece of model.scoreStream(parts)) pieces.push(piece);
    const { scores, cells } = joinResults(pieces);
    const close = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
      Array.from(found).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 4);
      });
    close(scores, whole.scores);
    close(cells as Float32Array, whole.cells as Float32Array);
    model.dispose();
  });

  it('grows, and is refreshed', async () => {
    const model = await fitted();
    const test = mixed(4, 2, 9);
    const before = await model.score(test);
    await model.refreshBank(normals(24));
    expect((await model.score(test)).scores).toEqual(before.scores);
    const fresh = normals(6, 33);
    const distances = (await model.score(fresh)).cells as Float32Array;
    await model.extend(fresh);
    const nearer = (await model.score(fresh)).cells as Float32Array;
    distances.forEach((value, i) => {
      expect(nearer[i]).toBeLessThan(value);
    });
    const own = await model.score(fresh, { ownRows: [24, 25, 26, 27, 28, 29] });
    expect(Math.min(...(own.cells as Float32Array))).toBeGreaterThan(Math.min(...nearer));
    model.dispose();
  });

  it('tells where an image is least like normal ones, and which film comes nearest', async () => {
    const model = await fitted({ ...bySum, score: 'cells', cells: { grid: [4, 4], coreset: 1 } });
    const training = normals(24);
    const rows = Array.from({ length: 24 }, (_, i) => i);
    const [[own], [other]] = [
      await model.nearestCells(subset(training, [7]), { count: 16 }),
      await model.nearestCells(subset(training, [7]), { count: 16, ownRows: [7] }),
    ];
    for (const { row, column, distance, nearest } of own) {
      expect(distance).toBeLessThan(1e-3);
      if (nearest.image !== 7) continue;
      expect([nearest.row, nearest.column, nearest.id]).toEqual([row, column, 'train-7']);
    }
    expect(own.filter(({ nearest }) => nearest.image === 7).length).toBeGreaterThan(8);
    expect(other.every(({ nearest }) => nearest.image !== 7)).toBe(true);
    expect(other.map(({ distance }) => distance)).toEqual(
      other.map(({ distance }) => distance).sort((a, b) => b - a),
    );
    const { scores } = await model.score(training, { ownRows: rows });
    const mean = other.reduce((sum, { distance }) => sum + distance, 0) / 16;
    expect(mean).toBeCloseTo(scores[7], 5);
    model.dispose();
    const plain = await fitted({ score: 'embedding' }, 12);
    await expect(plain.nearestCells(training)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    plain.dispose();
  });

  it('scores by the embedding alone where its backbone shows no maps and nobody asked', () => {
    const [without, withMaps] = [encoderAlone(), tinyBackbone()].map((backbone) =>
      SaladModel.create({ backbone }),
    );
    expect(without.settings.score).toBe('embedding');
    expect(withMaps.settings.score).toBe('both');
    without.dispose();
    withMaps.dispose();
  });

  it('leaves no tensor behind, also where it fails', async () => {
    await fitted(bySum, 8).then((model) => model.dispose());
    await expectNoLeak(async () => {
      const model = tinyModel(bySum);
      await model.fit(normals(24), { validation: mixed(4, 4, 4) });
      await model.score(mixed(3, 3, 9), { ownRows: [0, 1, 2, -1, -1, -1] });
      await model.refreshBank(normals(24));
      await model.extend(normals(4, 33));
      const broken = {
        ...normals(3),
        read: async () => {
          throw new Error('broken');
        },
      };
      await expect(model.score(broken)).rejects.toThrow('broken');
      await expect(model.extend(broken)).rejects.toThrow('broken');
      await expect(model.refreshBank(broken)).rejects.toThrow('broken');
      model.dispose();
    });
  });

  it('refuses a backbone without maps, before anything is learnt', async () => {
    const model = tinyModel({ ...bySum, backbone: encoderAlone(), latentWeight: 1 });
    await expect(model.fit(normals(12))).rejects.toThrow('shows no maps');
    expect(model.history).toEqual([]);
    model.dispose();
    expect(() => tinyModel({ cells: { grid: [0, 1] } })).toThrow('cells: grid is 0');
    expect(() => tinyModel({ cells: { share: 1 } as never })).toThrow('cells');
    expect(() => tinyModel({ score: 'sum' as never })).toThrow('"both"');
  });

  it('never takes an image with a NaN for normal', async () => {
    const model = tinyModel(bySum);
    await model.fit(normals(24), { validation: normals(20, 4, 'val') });
    const pixels = tf.buffer([2, 8, 8, 1]);
    pixels.set(Number.NaN, 1, 3, 3, 0);
    const images = pixels.toTensor() as tf.Tensor4D;
    await expect(model.score(images)).rejects.toMatchObject({
      code: expect.stringMatching(/^(NOT_FINITE|PIXEL_RANGE|INVALID)/),
    });
    images.dispose();
    model.dispose();
  });
});

/** Images as the network gets them. */
async function tensorsOf(model: SaladModel, source: ReturnType<typeof normals>) {
  const all = Array.from({ length: source.length }, (_, i) => i);
  const { images } = model.preparation.apply(await source.read(all, 'test'));
  return { images: tf.tensor4d(images, [source.length, 8, 8, 1]) };
}

describe('what is saved of a model that scores by a sum can be loaded', () => {
  beforeAll(() => useBackend('cpu'));

  it('after the end of a run failed, which goes on then', async () => {
    const model = tinyModel({ ...bySum, pretrainEpochs: 1, rounds: 0 });
    const validation = mixed(4, 4, 5);
    let broken = false;
    const read: typeof validation.read = (indices) => {
      if (broken) throw new Error('the disk is gone');
      return validation.read(indices);
    };
    const trainer = await model.trainer(normals(12), { validation: { ...validation, read } });
    while (!trainer.done) await trainer.step();
    broken = true;
    await expect(trainer.finish()).rejects.toThrow('the disk is gone');
    const file = memoryFile();
    await model.save(file, { includeTraining: true });
    const loaded = await SaladModel.load(file);
    await loaded.fit(normals(12), { resume: true });
    broken = false;
    await trainer.finish();
    const test = mixed(2, 2, 9);
    expect((await loaded.score(test)).cells).toEqual((await model.score(test)).cells);
    loaded.dispose();
    model.dispose();
  });

  it('of banks alone, without a run', async () => {
    const model = tinyModel(bySum);
    await model.refreshBank(normals(12));
    const file = memoryFile();
    await model.save(file);
    const loaded = await SaladModel.load(file);
    const test = mixed(2, 2, 9);
    expect((await loaded.score(test)).scores).toEqual((await model.score(test)).scores);
    loaded.dispose();
    model.dispose();
  });

  it('unless no normal image can be read', async () => {
    const source = mixed(6, 3, 5);
    const read: typeof source.read = async (indices) => {
      const all = Array.from(indices);
      const positions = [...all.keys()].filter((at) => source.labels?.[all[at]] === 1);
      const problems = all
        .filter((index) => source.labels?.[index] !== 1)
        .map((index) => ({
          index,
          id: source.ids[index],
          code: 'IMAGE_UNREADABLE' as const,
          message: 'gone',
        }));
      return { ...(await source.read(positions.map((at) => all[at]))), positions, problems };
    };
    const model = tinyModel({ ...bySum, pretrainEpochs: 1, rounds: 0 });
    await expect(model.fit({ ...source, read })).rejects.toMatchObject({ code: 'NO_ROWS_KEPT' });
    model.dispose();
  });
});
