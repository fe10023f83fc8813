import { describe, expect, it } from 'vitest';
import {
  readOtherLibraries,
  withOtherLibraries,
} from '../../benchmarks/quality/other-libraries/library-results.js';
import { type ExperimentResults, summarize } from '../../src/experiments/index.js';

const dataSet = 'cxr-pneumonia';
const libraries = await readOtherLibraries(dataSet);
if (!libraries) throw new Error(`no results of the Python tools on ${dataSet}`);

const none = { ratio: 0, form: 'added' } as const;
const known = { ratio: 0.05, form: 'added' } as const;
const seeds = [1, 2];

function resultsWith(hash: string): ExperimentResults {
  const { val, test } = (libraries as NonNullable<typeof libraries>).labels;
  const counts = (labels: readonly number[]) => ({
    images: labels.length,
    abnormal: labels.filter(Boolean).length,
  });
  const own = { dataSet, detector: 'own', choice: 'labelFree', seed: 1, id: '' } as const;
  return {
    config: {
      dataSets: [dataSet],
      inputShape: [32, 32, 1],
      detectors: [{ name: 'own', kind: 'any' }],
      anomalies: [none, known],
      seeds,
    },
    data: {
      [dataSet]: {
        formatVersion: 1,
        name: dataSet,
        hash,
        train: { images: 9, abnormal: 3 },
        validation: counts(val),
        test: {
          ...counts(test),
          labels: test,
          hash: 'fedcba9876543210',
          texture: test.map(() => 0),
          brightness: test.map(() => 0),
          shortcuts: [],
        },
      },
    },
    cells: [
      { ...own, anomalies: none },
      { ...own, anomalies: known },
    ],
  };
}

describe('withOtherLibraries', () => {
  it('adds the Python tools where no anomaly is known, after the own detectors', async () => {
    const { cells } = await withOtherLibraries(resultsWith(libraries.dataHash));
    const added = cells.filter(({ detector }) => detector !== 'own');
    expect(added.length).toBeGreaterThan(0);
    expect(added.every(({ anomalies }) => anomalies.ratio === 0)).toBe(true);
    expect(cells[0].detector).toBe('own');
    expect(cells.at(-1)).toMatchObject({ detector: 'own', anomalies: known });
  });

  it('finds the validation areas that scikit-learn found', async () => {
    const rows = summarize(await withOtherLibraries(resultsWith(libraries.dataHash)));
    for (const { name, random, tried } of libraries.tools) {
      const [shipped] = tried;
      if (random || 'failed' in shipped) continue;
      const row = rows.find((one) => one.detector === name && one.choice === 'labelFree');
      expect(row?.validationAuc?.mean).toBeCloseTo(shipped.validationAuc, 9);
      expect(row?.seeds.map(({ seed }) => seed)).toEqual(seeds);
    }
  });

  it('refuses results of other films', async () => {
    await expect(withOtherLibraries(resultsWith('feed'))).rejects.toThrow('which is now feed');
  });
});
