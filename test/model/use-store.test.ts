import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SaladModel, type SaladWarning } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { arrayStore, nearestByLoop } from '../stores/array-store.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose } from '../support/close.js';
import { codeOf, memoryFile, mixed, normals, tinyBackbone, tinyModel } from './tiny.js';

const train = mixed(30, 4);
const films = mixed(5, 4, 7);
const models: SaladModel[] = [];

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

async function fitted(options: Parameters<typeof tinyModel>[0] = {}): Promise<SaladModel> {
  const model = tinyModel(options);
  models.push(model);
  await model.fit(train, { validation: normals(20, 2) });
  return model;
}

const loaded = async (file: ReturnType<typeof memoryFile>) => {
  const model = await SaladModel.load(file);
  models.push(model);
  return model;
};

describe('useStore', () => {
  it('scores as the bank in memory did, to 1e-5, and frees it', async () => {
    const model = await fitted();
    const before = await model.score(films);
    const nearest = await model.nearest(films, { count: 2 });
    const store = arrayStore(8);
    expect(await model.useStore(store)).toEqual({ size: 30, search: 'exact' });
    // Rows of known anomalies stay out.
    expect(Math.max(...store.stored.ids)).toBe(29);
    const after = await expectNoLeak(() => model.score(films));
    for (const name of ['scores', 'relative', 'angular'] as const)
      expectClose(after[name], before[name], 1e-5);
    expect(after.nearestRows).toEqual(before.nearestRows);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(after.threshold).toBe(before.threshold);
    expect(after.abnormal).toEqual(before.abnormal);
    expect(
      (await model.nearest(films, { count: 2 })).map((rows) => rows.map(({ id }) => id)),
    ).toEqual(nearest.map((rows) => rows.map(({ id }) => id)));
    expect(codeOf(() => model.bank)).toBe('BANK_IN_STORE');
    expect(await codeOf(model.extend(normals(2, 5)))).toBe('BANK_IN_STORE');
    expect(await codeOf(toOnnx(model))).toBe('BANK_IN_STORE');
  });

  it('leaves a training image without its own row', async () => {
    const model = await fitted();
    const images = normals(30, 1);
    const ownRows = Array.from({ length: 30 }, (_, i) => i);
    const before = await model.score(images, { ownRows });
    await model.useStore(arrayStore(8));
    const exact = await model.score(images, { ownRows });
    expectClose(exact.relative, before.relative, 1e-5);
    expectClose(exact.angular, before.angular, 1e-5);
    await model.useStore(await copyIn(model, 8), { search: 'index' });
    const searched = await model.score(images, { ownRows });
    expectClose(searched.relative, before.relative, 1e-5);
    expectClose(searched.angular, before.angular, 1e-5);
  });

  it('tells the error of sums that are estimated, and the recall of an index', async () => {
    const model = await fitted();
    const before = await model.score(films);
    const told = await model.useStore(arrayStore(8), { search: 'index', sample: 10 });
    expect(told).toEqual({ size: 30, search: 'index', recall: 1 });
    const after = await model.score(films);
    expectClose(after.angular, before.angular, 1e-5);
    expect(after.recall).toBe(1);
    const errors = after.relativeErrors as Float32Array;
    expect(errors.some((error) => error > 0)).toBe(true);
    after.relative.forEach((score, i) => {
      expect(Math.abs(score - before.relative[i])).toBeLessThan(6 * errors[i] + 1e-5);
    });
    const pieces = [];
    for await (const piece of model.scoreStream([films, films])) pieces.push(piece);
    expect(pieces[1].relativeErrors).toEqual(errors);
  });

  it('warns of an index that misses rows', async () => {
    const model = await fitted();
    const warnings: SaladWarning[] = [];
    // It never finds the nearest one but where only that is asked for.
    const lame = arrayStore(8, {
      nearest: (rows, queries, dim, k) =>
        k === 1
          ? nearestByLoop(rows, queries, dim, 1)
          : nearestByLoop(rows, queries, dim, 2 * k).map(({ ids, distances }) => ({
              ids: ids.slice(k),
              distances: distances.slice(k),
            })),
    });
    const { recall } = await model.useStore(lame, {
      search: 'index',
      onWarning: (warning) => warnings.push(warning),
    });
    expect(recall).toBeLessThan(0.5);
    expect(warnings.map(({ code }) => code)).toEqual(['STORE_RECALL_LOW']);
  });

  it('is saved without its rows, and knows its store again', async () => {
    const model = await fitted();
    const before = await model.score(films);
    const store = arrayStore(8);
    await model.useStore(store);
    const file = memoryFile();
    await model.save(file, { includeIds: true });
    expect(file.artifacts?.weightSpecs?.map(({ name }) => name)).not.toContain('bank');
    const again = await loaded(file);
    expect(await codeOf(again.score(films))).toBe('BANK_IN_STORE');
    await again.useStore(store);
    const after = await again.score(films);
    expectClose(after.relative, before.relative, 1e-5);
    expect(after.abnormal).toEqual(before.abnormal);
    expect((await again.nearest(films, { count: 1 }))[0][0].id).toMatch(/^image-|^train-/);

    const others = arrayStore(8);
    await (await fitted({ backbone: tinyBackbone(99) })).useStore(others);
    expect(await codeOf((await loaded(file)).useStore(others))).toBe('STORE_MISMATCH');
    expect(await codeOf((await loaded(file)).useStore(arrayStore(8)))).toBe('STORE_MISMATCH');
    expect(await codeOf((await loaded(file)).useStore(arrayStore(9)))).toBe('SHAPE_MISMATCH');
  });

  it('refuses a store that was filled in part', async () => {
    const model = await fitted();
    const store = arrayStore(8);
    const broken = { ...store, add: async () => Promise.reject(new Error('no room')) };
    await expect(model.useStore(broken)).rejects.toThrow('no room');
    expect((await model.score(films)).scores.length).toBe(9);
    await store.add({ ids: [0], rows: (await model.bank.rows.data<'float32'>()).slice(0, 8) });
    expect(await codeOf(model.useStore(store))).toBe('STORE_MISMATCH');
    expect(model.bank.size).toBe(34);
  });

  it('takes a store that was filled before, and rows that were added', async () => {
    const first = await fitted();
    const file = memoryFile();
    await first.save(file);
    const store = arrayStore(8);
    await first.useStore(store);
    const before = await first.score(films);
    const second = await loaded(file);
    await second.useStore(store);
    expectClose((await second.score(films)).scores, before.scores, 1e-5);
    const more = await second.embed(normals(3, 50));
    await store.add({ ids: [100, 101, 102], rows: await more.data<'float32'>() });
    more.dispose();
    const after = await second.score(films);
    after.angular.forEach((score, i) => {
      expect(score).toBeLessThanOrEqual(before.angular[i] + 1e-6);
    });
    await second.calibrate(normals(20, 2));
  });

  it('fills a store with a coreset', async () => {
    const model = await fitted();
    const chosen = await model.bank.coreset({
      size: 0.5,
      seed: model.settings.seed,
      discard: model.discard,
    });
    const store = arrayStore(8);
    expect((await model.useStore(store, { coreset: 0.5 })).size).toBe(15);
    expect(store.stored.ids).toEqual([...chosen].sort((a, b) => a - b));
  });

  it('scores by cells too, and gets a bank in memory back by refreshBank', async () => {
    const model = await fitted({ score: 'both', cells: { grid: [2, 2], coreset: 0.5 } });
    const before = await model.score(films);
    await model.useStore(arrayStore(8));
    expectClose((await model.score(films)).scores, before.scores, 1e-4);
    const file = memoryFile();
    await model.save(file);
    const again = await loaded(file);
    await again.useStore(await copyIn(model, 8));
    expectClose((await again.score(films)).scores, before.scores, 1e-4);
    await model.refreshBank(train);
    expect(model.bank.size).toBe(34);
    expectClose((await model.score(films)).scores, before.scores, 1e-4);
  });

  it('refuses options that are none', async () => {
    const model = await fitted();
    const store = arrayStore(8);
    expect(await codeOf(model.useStore(store, { search: 'fast' as never }))).toBe('INVALID_OPTION');
    expect(await codeOf(model.useStore(store, { coreset: 0 }))).toBe('INVALID_OPTION');
    expect(await codeOf(model.useStore({} as never))).toBe('INVALID_OPTION');
    expect(await codeOf(tinyModel().useStore(store))).toBe('NOT_FITTED');
  });
});

/** A store with the rows of the training images as a model encodes them. */
async function copyIn(model: SaladModel, dim: number) {
  const embeddings = await model.embed(train);
  const rows = (await embeddings.data<'float32'>()).slice(0, 30 * dim);
  embeddings.dispose();
  const store = arrayStore(dim);
  await store.add({ ids: Array.from({ length: 30 }, (_, i) => i), rows });
  return store;
}
