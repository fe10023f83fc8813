import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { anomalyScore } from '../../src/core/anomaly-score.js';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import {
  findNeighborhoods,
  ProgressiveNeighborhoodScheduler,
} from '../../src/core/neighborhoods.js';
import { reconstructionLoss } from '../../src/core/salad-loss.js';
import { localContrast } from '../../src/images/local-contrast.js';
import golden from '../fixtures/golden-cases.json';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';

// Cases worked out in float64 by an independent program; tolerances are those of golden-README.md.

type Case = { kind: string; name: string; inputs: any; expect: any };
const cases = golden.cases as Case[];
const ofKind = (kind: string) => cases.filter((one) => one.kind === kind);
const named = (kind: string): [string, Case][] => ofKind(kind).map((one) => [one.name, one]);

function expectClose(
  actual: ArrayLike<number>,
  expected: number[],
  relative = 1e-5,
  absolute = 1e-6,
) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = Math.max(absolute, relative * Math.abs(expected[i]));
    expect(
      Math.abs(actual[i] - expected[i]),
      `[${i}] ${actual[i]} against ${expected[i]}`,
    ).toBeLessThanOrEqual(allowed);
  }
}

/** Blocks of one row, of a few rows, and the whole bank at once must agree. */
const blockSizes = [1, 5, 4096];

it('covers every reference case', () => {
  const kinds = [
    'sampleSpecificLoss',
    'aggregationLoss',
    'latentLoss',
    'bankUpdate',
    'select',
    'anomalyScore',
    'reconstructionLoss',
    'localContrast',
  ];
  expect(kinds.reduce((count, kind) => count + ofKind(kind).length, 0)).toBe(121);
  expect(cases.length).toBe(121);
});

describeOnBackends('golden', () => {
  describe.each(blockSizes)('losses in blocks of %d rows', (blockSize) => {
    it.each([...named('sampleSpecificLoss'), ...named('aggregationLoss')])('%s', async (_, one) => {
      const { inputs } = one;
      const loss = one.kind === 'aggregationLoss' ? aggregationLoss : sampleSpecificLoss;
      const options = { ...inputs, blockSize };
      await expectNoLeak(() => {
        const z = tf.tensor2d(inputs.embeddings);
        const bank = tf.tensor2d(inputs.bank);
        const value = loss(z, bank, options);
        expectClose(value.dataSync(), one.expect.perSample);
        const gradient = tf.tidy(() =>
          tf.grad((x) => tf.sum(tf.mul(loss(x as tf.Tensor2D, bank, options), inputs.upstream)))(z),
        );
        expectClose(
          gradient.dataSync(),
          one.expect.gradient.flat(),
          1e-5,
          1e-6 / inputs.temperature,
        );
        tf.dispose([z, bank, value, gradient]);
      });
    });

    it.each(named('latentLoss'))('%s', async (_, { inputs, expect: expected }) => {
      await expectNoLeak(() => {
        for (const overlap of [false, true]) {
          const mean = tf.tidy(() =>
            tf.mean(
              latentLoss(tf.tensor2d(inputs.embeddings), tf.tensor2d(inputs.bank), {
                ...inputs,
                overlap,
                blockSize,
              }),
            ),
          );
          expectClose(mean.dataSync(), [overlap ? expected.overlap : expected.disjoint]);
          mean.dispose();
        }
      });
    });
  });

  it.each(named('bankUpdate'))('bankUpdate %s', async (_, { inputs, expect: expected }) => {
    await expectNoLeak(() => {
      const z = tf.tensor2d(inputs.embeddings);
      const rows = tf.tensor2d(inputs.bank);
      const bank = MemoryBank.from(rows);
      bank.update(inputs.rows, z, { momentum: inputs.momentum });
      expectClose(bank.rows.dataSync(), expected.bank.flat());
      expectClose(rows.dataSync(), inputs.bank.flat(), 0, 1e-7);
      bank.dispose();
      tf.dispose([z, rows]);
    });
  });

  describe.each(blockSizes)('select in blocks of %d rows', (blockSize) => {
    it.each(named('select'))('%s', async (_, { inputs, expect: expected }) => {
      await expectNoLeak(async () => {
        const bank = tf.tensor2d(inputs.bank);
        const { temperature, entropyIncludesSelf, neighborhoodSize, rounds } = inputs;
        const options = { temperature, entropyIncludesSelf, neighborhoodSize, blockSize };
        const found = await findNeighborhoods(bank, options);
        expectClose(found.entropies, expected.entropy);
        expect(found.neighbors.map((row) => Array.from(row))).toEqual(expected.neighbors);
        const scheduler = new ProgressiveNeighborhoodScheduler({ rounds, ...options });
        const sorted = [...expected.entropy].sort((a: number, b: number) => a - b);
        for (let round = 1; round <= rounds; round++) {
          const { anchors } = await scheduler.select(bank, round);
          const set = anchors.flatMap((anchor, row) => (anchor ? [row] : []));
          const wanted = [...expected.anchorsByRound[round - 1]].sort(
            (a: number, b: number) => a - b,
          );
          expect(set.length).toBe(wanted.length);
          const below = sorted[wanted.length - 1];
          const above = sorted[wanted.length];
          const clear =
            above === undefined ||
            below === undefined ||
            Math.abs(above - below) > 1e-5 * Math.abs(below);
          if (clear) expect(set).toEqual(wanted);
        }
        bank.dispose();
      });
    });
  });

  describe.each(blockSizes)('anomalyScore in blocks of %d rows', (blockSize) => {
    it.each(named('anomalyScore'))('%s', async (_, { inputs, expect: expected }) => {
      await expectNoLeak(() => {
        const z = tf.tensor2d(inputs.embeddings);
        const bank = tf.tensor2d(inputs.bank);
        for (const method of ['relative', 'angular'] as const) {
          const { scores, scoreNeighbors } = anomalyScore(z, bank, {
            method,
            scoreNeighbors: inputs.neighbors,
            discard: inputs.discard,
            ownRows: inputs.own,
            blockSize,
          });
          if (expected.clamped !== undefined) expect(scoreNeighbors).toBe(expected.clamped);
          expectClose(scores.dataSync(), expected[method]);
          scores.dispose();
        }
        tf.dispose([z, bank]);
      });
    });
  });

  it.each(named('reconstructionLoss'))(
    'reconstructionLoss %s',
    async (_, { inputs, expect: expected }) => {
      await expectNoLeak(() => {
        const forms = {
          mse: {},
          mae: { error: 'absolute' },
          mseSum: { reduction: 'sum' },
        } as const;
        for (const [name, options] of Object.entries(forms)) {
          if (!(name in expected)) continue;
          const mean = tf.tidy(() =>
            tf.mean(
              reconstructionLoss(
                tf.tensor4d(inputs.images),
                tf.tensor4d(inputs.reconstructions),
                options,
              ),
            ),
          );
          expectClose(mean.dataSync(), [expected[name]]);
          mean.dispose();
        }
      });
    },
  );
});

describe('golden on typed arrays', () => {
  it.each(named('localContrast'))('localContrast %s', (_, { inputs, expect: expected }) => {
    const images = inputs.images as number[][][][];
    const shape = [images.length, images[0].length, images[0][0].length, 1] as const;
    const result = localContrast({ radius: inputs.radius }).apply(
      Float32Array.from(images.flat(3)),
      shape,
    );
    expectClose(result, expected.images.flat(3));
  });
});
