import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { searchStore } from '../../src/stores/search-store.js';
import { StoreSample } from '../../src/stores/store-sample.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { expectClose } from '../support/close.js';
import { codeOf } from '../support/code-of.js';
import { arrayStore, clusteredRows } from './array-store.js';

const DIM = 8;
const COUNT = 400;
const QUERIES = 12;
const random = new RandomStream(3, ['sample']);
const rows = clusteredRows(() => random.uniform(), COUNT, DIM);
const values = clusteredRows(() => random.uniform(), QUERIES, DIM);
const ids = Array.from({ length: COUNT }, (_, i) => 2 * i);

/** The sum of all angles, in float64. */
const sums = Array.from({ length: QUERIES }, (_, q) => {
  let total = 0;
  for (let row = 0; row < COUNT; row++) {
    let cosine = 0;
    for (let d = 0; d < DIM; d++) cosine += rows[row * DIM + d] * values[q * DIM + d];
    total += Math.acos(Math.min(1, Math.max(-1, cosine)));
  }
  return total;
});

async function filled(order = ids.map((_, i) => i)) {
  const store = arrayStore(DIM);
  for (const i of order)
    await store.add({ ids: [ids[i]], rows: rows.slice(i * DIM, (i + 1) * DIM) });
  return store;
}

async function estimated(count: number, seed: number, ownRows?: number[]) {
  const store = await filled();
  const sample = await StoreSample.draw('test', store, { count, seed });
  const searched = await searchStore('test', values, store, { k: 5, ownRows });
  const queries = tf.tensor2d(values, [QUERIES, DIM]);
  const found = await expectNoLeak(() => sample.totals(queries, searched, ownRows));
  queries.dispose();
  return found;
}

beforeAll(() => useBackend('cpu'));

describe('StoreSample', () => {
  it('of all rows leaves no error', async () => {
    const { totals, errors, kept } = await estimated(COUNT, 1);
    expectClose(totals, sums, 1e-3);
    expectClose(errors, new Array(QUERIES).fill(0), 1e-9);
    expect([...kept]).toEqual(new Array(QUERIES).fill(COUNT));
  });

  it('tells an error that covers the truth as often as it should', async () => {
    let within = 0;
    let errorSquares = 0;
    let toldSquares = 0;
    const seeds = 100;
    for (let seed = 0; seed < seeds; seed++) {
      const { totals, errors } = await estimated(60, seed);
      totals.forEach((total, q) => {
        errorSquares += (total - sums[q]) ** 2;
        toldSquares += errors[q] ** 2;
        if (Math.abs(total - sums[q]) <= 1.96 * errors[q]) within++;
      });
    }
    const trials = seeds * QUERIES;
    // 95% are expected of a large sample; of 60 rows whose residuals are skewed somewhat fewer.
    expect(within / trials).toBeGreaterThan(0.88);
    expect(within / trials).toBeLessThan(0.995);
    // The variance that is told has the true one as its mean, whatever the rows are (Cochran, theorem 2.4).
    expect(errorSquares / toldSquares).toBeGreaterThan(0.75);
    expect(errorSquares / toldSquares).toBeLessThan(1.33);
  });

  it('is far nearer than the mean angle of the sample would be', async () => {
    const { totals } = await estimated(40, 2);
    const worst = Math.max(...totals.map((total, q) => Math.abs(total - sums[q]) / COUNT));
    // The mean of 40 angles, whose standard deviation is about .5, is off by .08.
    expect(worst).toBeLessThan(0.03);
  });

  it('draws the same rows in whatever order they come, and others by another seed', async () => {
    const order = [...new RandomStream(9, ['order']).permutation(COUNT)];
    const draw = async (seed: number, places?: number[]) =>
      (await StoreSample.draw('test', await filled(places), { count: 30, seed })).ids;
    expect(await draw(4, order)).toEqual(await draw(4));
    expect(await draw(5)).not.toEqual(await draw(4));
    expect(new Set(await draw(4)).size).toBe(30);
  });

  it("leaves a query's own row out, drawn or not", async () => {
    const ownRows = Array.from({ length: QUERIES }, (_, q) => (q === 0 ? ids[17] : -1));
    const { totals, kept } = await estimated(COUNT, 1, ownRows);
    let cosine = 0;
    for (let d = 0; d < DIM; d++) cosine += rows[17 * DIM + d] * values[d];
    expect(totals[0]).toBeCloseTo(sums[0] - Math.acos(cosine), 3);
    expect(kept[0]).toBe(COUNT - 1);
    expect(kept[1]).toBe(COUNT);
  });
});

describe('a store that answers wrongly', () => {
  const search = async (nearest: Parameters<typeof arrayStore>[1]) => {
    const store = arrayStore(DIM, nearest);
    await store.add({ ids, rows });
    return codeOf(searchStore('test', values, store, { k: 5 }));
  };

  it('is told by its code', async () => {
    const one = { ids: [0, 2, 4, 6, 8], distances: [0, 0, 0, 0, 0] };
    const all = (answer: typeof one) => ({
      nearest: () => Array.from({ length: QUERIES }, () => answer),
    });
    expect(await search({ nearest: () => [] })).toBe('STORE_INVALID');
    expect(await search(all({ ids: [0], distances: [0] }))).toBe('STORE_INVALID');
    expect(await search(all({ ...one, ids: [0.5, 2, 4, 6, 8] }))).toBe('STORE_INVALID');
    expect(await search(all({ ...one, distances: [0, 0, 0, 0, Number.NaN] }))).toBe(
      'STORE_INVALID',
    );
    expect(await search(all({ ...one, distances: [0, 0, 0, 0, 4] }))).toBe('STORE_INVALID');
  });
});
