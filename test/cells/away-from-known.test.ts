import { beforeAll, describe, expect, it } from 'vitest';
import { coresetAwayFrom } from '../../src/cells/away-from-known.js';
import { CellBank } from '../../src/cells/cell-bank.js';
import { SaladModel } from '../../src/index.js';
import { trainOn } from '../model/held-models.js';
import { codeOf, memoryFile, mixed, normals, tinyModel } from '../model/tiny.js';
import { expectNoLeak } from '../support/backends.js';

/** Cells of one number, of two films. */
const onLine = (values: readonly number[]) => ({
  rows: Float32Array.from(values),
  dim: 1,
  films: values.map((_, i) => i % 2),
  places: values.map((_, i) => i),
});
const known = (...values: number[]) => ({ rows: Float32Array.from(values), dim: 1 });

async function rowsOf(size: number, discard: number, near?: ReturnType<typeof known>) {
  const cells = onLine([0, 1, 2, 3, 10, 11, 12, 13, 20, 21]);
  const bank = await coresetAwayFrom(cells, near, { size, discard, seed: 1 });
  const rows = Array.from(await bank.rows.data());
  for (const [i, place] of bank.places.entries()) expect(rows[i]).toBe(cells.rows[place]);
  bank.dispose();
  return rows.sort((a, b) => a - b);
}

describe('coresetAwayFrom', () => {
  beforeAll(() => trainOn('wasm'));

  it('leaves out the rows that are nearest to cells of known anomalies', async () => {
    await expectNoLeak(async () => {
      // All ten rows are chosen; 20 and 21 are .5 away, 13 is 7.5 away.
      expect(await rowsOf(1, 0.2, known(20.5))).toEqual([0, 1, 2, 3, 10, 11, 12, 13]);
      expect(await rowsOf(1, 0.4, known(0, 20.5))).toEqual(
        [3, 2, 10, 11, 12, 13].sort((a, b) => a - b),
      );
    });
  });

  it('has as many rows as without, as far as there are cells', async () => {
    expect(await rowsOf(4, 0.5, known(-5))).toHaveLength(4);
    // Eight are chosen, and the four nearest to -5 go: of 0 to 3 at most two can be left.
    expect((await rowsOf(4, 0.5, known(-5))).filter((row) => row < 4).length).toBeLessThan(3);
    expect(await rowsOf(8, 0.5, known(-5))).toHaveLength(5);
  });

  it('is the coreset itself without known anomalies, and where nothing is to be left out', async () => {
    const bank = await CellBank.coreset(onLine([0, 1, 2, 3, 10, 11, 12, 13, 20, 21]), {
      size: 4,
      seed: 1,
    });
    const plain = Array.from(await bank.rows.data()).sort((a, b) => a - b);
    bank.dispose();
    for (const [discard, near] of [
      [0.5, undefined],
      [0.5, known()],
      [0, known(20)],
    ] as const)
      expect(await rowsOf(4, discard, near)).toEqual(plain);
  });
});

describe('a model with known anomalies', () => {
  beforeAll(() => trainOn('wasm'));

  const cells = { levels: [1], grid: [4, 4], coreset: 0.5 } as const;
  const short = { pretrainEpochs: 1, rounds: 0, score: 'cells' } as const;

  it('scores beside fewer rows that are like them, and alike where there are none', async () => {
    const make = (discard: number) => tinyModel({ ...short, cells: { ...cells, discard } });
    const films = mixed(6, 6, 9);
    const scores: Float32Array[] = [];
    for (const [discard, train] of [
      [0, mixed(12, 3)],
      [0.4, mixed(12, 3)],
      [0, normals(12)],
      [0.4, normals(12)],
    ] as const) {
      const model = make(discard);
      await model.fit(train);
      const result = await model.score(films);
      scores.push(result.cells as Float32Array);
      if (train.length === 15) {
        const file = memoryFile();
        await model.save(file);
        const loaded = await SaladModel.load(file);
        expect(loaded.settings.cells.discard).toBe(discard);
        expect((await loaded.score(films)).scores).toEqual(result.scores);
        loaded.dispose();
        await model.refreshBank(train);
        expect((await model.score(films)).scores).toEqual(result.scores);
      }
      model.dispose();
    }
    expect(scores[1]).not.toEqual(scores[0]);
    expect(scores[3]).toEqual(scores[2]);
  });

  it('standardises the sum by held-out films beside banks that are made alike', async () => {
    const sums: number[] = [];
    for (const discard of [0, 0.4]) {
      const train = mixed(24, 3);
      const model = tinyModel({ ...short, score: 'both', cells: { ...cells, discard } });
      await model.fit(train);
      const own = await model.score(normals(24), {
        ownRows: Array.from({ length: 24 }, (_, i) => i),
      });
      sums.push(own.scores.reduce((sum, score) => sum + score, 0) / 24);
      model.dispose();
    }
    // Normal films lie around 0 either way; beside the other bank they would be off by more than the bank differs.
    for (const mean of sums) expect(Math.abs(mean)).toBeLessThan(0.8);
    expect(sums[0]).not.toBe(sums[1]);
  });

  it.each([-0.1, 1, Number.NaN, '0.2'])('refuses to leave out %s', async (discard) => {
    const make = () => tinyModel({ ...short, cells: { ...cells, discard: discard as number } });
    expect(await codeOf(make)).toBe('INVALID_OPTION');
  });
});
