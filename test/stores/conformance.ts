import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bankAngles, relativeScore } from '../../src/index.js';
import { type BankStore, storeRecall } from '../../src/stores/index.js';
import { scanStore } from '../../src/stores/scan-store.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose } from '../support/close.js';
import { codeOf } from '../support/code-of.js';
import { clusteredRows, nearestByLoop } from './array-store.js';

/** A store that the suite tries. */
export interface TriedStore {
  /** An empty store of rows of 16 numbers. */
  readonly make: () => Promise<BankStore>;
  /** The same rows by another object, as another program would see them; absent where they are in memory alone. */
  readonly again?: () => Promise<BankStore>;
  /** Builds an index that may miss rows; absent where it has one from the start. */
  readonly index?: () => Promise<void>;
  /** The least recall of that index on the rows of the suite. */
  readonly leastRecall: number;
  /** Empties what `make` made. */
  readonly clear?: () => Promise<void>;
}

const DIM = 16;
const COUNT = 500;
const K = 10;

const random = new RandomStream(11, ['stores']);
const rows = clusteredRows(() => random.uniform(), COUNT, DIM);
const queries = clusteredRows(() => random.uniform(), 20, DIM);
// Out of order, with gaps, up to the last one that there may be.
const ids = Array.from({ length: COUNT }, (_, i) => (i === 7 ? 2 ** 31 - 1 : 3 * (COUNT - i)));
const bank = { ids, rows };

/** The suite that every store passes: it gives rows as they were added, and finds those that a plain loop finds. */
export function describeStore(
  name: string,
  { make, again, index, leastRecall, clear }: TriedStore,
) {
  describe(name, () => {
    let store: BankStore;

    beforeAll(() => useBackend('wasm'));
    beforeEach(async () => {
      store = await make();
    });
    afterEach(async () => {
      await store.close();
      await clear?.();
    });

    /** In two parts, the second of one row. */
    const filled = async () => {
      const most = COUNT - 1;
      await store.add({ ids: ids.slice(0, most), rows: rows.slice(0, most * DIM) });
      await store.add({ ids: ids.slice(most), rows: rows.slice(most * DIM) });
    };

    it('is empty at first', async () => {
      expect(await store.size()).toBe(0);
      expect(store.dim).toBe(DIM);
      for await (const block of store.blocks()) expect(block.ids.length).toBe(0);
      expect((await store.nearest(queries.slice(0, DIM), 1)).map(({ ids }) => ids.length)).toEqual([
        0,
      ]);
    });

    it('gives every row once, to the bit', async () => {
      await filled();
      expect(await store.size()).toBe(COUNT);
      const found = new Map<number, Float32Array>();
      for await (const block of store.blocks())
        for (let i = 0; i < block.ids.length; i++) {
          expect(found.has(block.ids[i])).toBe(false);
          found.set(block.ids[i], block.rows.slice(i * DIM, (i + 1) * DIM));
        }
      expect(found.size).toBe(COUNT);
      ids.forEach((id, i) => {
        expect(found.get(id)).toEqual(rows.slice(i * DIM, (i + 1) * DIM));
      });
    });

    it('is compared as a bank in memory is, to 1e-5', async () => {
      await filled();
      const tensors = [tf.tensor2d(queries, [20, DIM]), tf.tensor2d(rows, [COUNT, DIM])];
      const [asked, inMemory] = tensors;
      // The own row of the third query; the others have none.
      const ownRows = Array.from({ length: 20 }, (_, i) => (i === 2 ? 40 : -1));
      const own = ownRows.map((row) => (row < 0 ? -1 : ids[row]));
      const angles = bankAngles(asked, inMemory, { scoreNeighbors: K, ownRows });
      const relative = relativeScore(angles);
      const found = await expectNoLeak(() =>
        scanStore('test', asked, store, { k: K, ownRows: own }),
      );
      expectClose(found.totals, await angles.total.data(), 1e-3);
      expect([...found.kept]).toEqual(own.map((id) => (id < 0 ? COUNT : COUNT - 1)));
      const truth = (await angles.nearest.array()) as number[][];
      found.nearest.forEach(({ angles: near, ids: which }, query) => {
        expectClose(near, truth[query], 1e-5);
        expect([...which]).not.toContain(query === 2 ? own[2] : -1);
      });
      const scores = found.nearest.map(
        ({ angles: near }, i) =>
          (near.reduce((a, b) => a + b, 0) / K / found.totals[i]) * found.kept[i],
      );
      expectClose(scores, await relative.data(), 1e-5);
      tf.dispose([...tensors, relative]);
      tf.dispose({ ...angles });
    });

    it('finds the nearest rows, and tells how far they are', async () => {
      await filled();
      const found = await store.nearest(queries, K);
      const truth = nearestByLoop(bank, queries, DIM, K);
      let right = 0;
      found.forEach(({ ids: which, distances }, query) => {
        expect(which.length).toBe(K);
        Array.from(which).forEach((id, i) => {
          const row = ids.indexOf(id);
          const [{ distances: own }] = nearestByLoop(
            { ids: [id], rows: rows.slice(row * DIM, (row + 1) * DIM) },
            queries.slice(query * DIM, (query + 1) * DIM),
            DIM,
            1,
          );
          expect(distances[i]).toBeCloseTo(own[0], 5);
          if (i > 0) expect(distances[i]).toBeGreaterThanOrEqual(distances[i - 1]);
          if (truth[query].ids.includes(id)) right++;
        });
      });
      expect(right / (20 * K)).toBeGreaterThanOrEqual(index ? 1 : leastRecall);
    });

    it('tells its recall with an index as a plain loop does', async () => {
      await filled();
      await index?.();
      const asked = tf.tensor2d(queries, [20, DIM]);
      const recall = await storeRecall(store, asked, { k: K });
      asked.dispose();
      const truth = nearestByLoop(bank, queries, DIM, K);
      const found = await store.nearest(queries, K);
      let right = 0;
      found.forEach(({ ids: which }, query) => {
        right += Array.from(which).filter((id) => truth[query].ids.includes(id)).length;
      });
      console.log(`${name}: recall at ${K} is ${recall}`);
      expect(recall).toBeCloseTo(right / (20 * K), 10);
      expect(recall).toBeGreaterThanOrEqual(leastRecall);
    });

    it('finds a row itself at no distance, and all rows where all are asked for', async () => {
      await filled();
      const [{ ids: itself, distances }] = await store.nearest(rows.slice(5 * DIM, 6 * DIM), 1);
      expect(itself[0]).toBe(ids[5]);
      expect(distances[0]).toBeLessThan(1e-6);
      const [all] = await store.nearest(queries.slice(0, DIM), COUNT);
      expect(all.ids.length).toBeLessThanOrEqual(COUNT);
      expect(new Set(Array.from(all.ids)).size).toBe(all.ids.length);
    });

    it('refuses an id that it has, and adds nothing then', async () => {
      await filled();
      const two = rows.slice(0, 2 * DIM);
      expect(await codeOf(store.add({ ids: [1, ids[3]], rows: two }))).toBe('INDEX_OUT_OF_RANGE');
      expect(await codeOf(store.add({ ids: [1, 1], rows: two }))).toBe('INDEX_OUT_OF_RANGE');
      expect(await store.size()).toBe(COUNT);
      await store.add({ ids: [1, 2], rows: two });
      expect(await store.size()).toBe(COUNT + 2);
    });

    it('refuses what is no row', async () => {
      const one = rows.slice(0, DIM);
      expect(await codeOf(store.add({ ids: [1], rows: rows.slice(0, 5) }))).toBe('SHAPE_MISMATCH');
      expect(await codeOf(store.add({ ids: [-1], rows: one }))).toBe('INDEX_OUT_OF_RANGE');
      expect(await codeOf(store.add({ ids: [2 ** 31], rows: one }))).toBe('INDEX_OUT_OF_RANGE');
      expect(await codeOf(store.add({ ids: [1], rows: one.map((x) => 2 * x) }))).toBe(
        'INVALID_EMBEDDING',
      );
      expect(await codeOf(store.add({ ids: [1], rows: one.map(() => Number.NaN) }))).toBe(
        'INVALID_EMBEDDING',
      );
      expect(await store.size()).toBe(0);
    });

    it.skipIf(!again)('keeps its rows for another program', async () => {
      await filled();
      const other = (await again?.()) as BankStore;
      expect(await other.size()).toBe(COUNT);
      const [found] = await other.nearest(rows.slice(0, DIM), 1);
      expect(found.ids[0]).toBe(ids[0]);
      await other.close();
    });
  });
}
