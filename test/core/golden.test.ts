import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { anomalyScore } from '../../src/core/anomaly-score.js';
import { aggregationLoss, latentLoss, sampleSpecificLoss } from '../../src/core/losses.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { ProgressiveNeighborhoodScheduler } from '../../src/core/neighborhood-scheduler.js';
import { findNeighborhoods } from '../../src/core/neighborhoods.js';
import { reconstructionLoss } from '../../src/core/reconstruction-loss.js';
import { localContrast } from '../../src/images/local-contrast.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import type { GoldenCase, GoldenLoss } from '../support/golden-cases.js';

// Tolerances are those of golden-README.md.

type Kind = GoldenCase['kind'];

const file = new URL('../fixtures/golden-cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] };

function named<K extends Kind>(kind: K): [string, Extract<GoldenCase, { kind: K }>][] {
  type One = Extract<GoldenCase, { kind: K }>;
  return cases.filter((one): one is One => one.kind === kind).map((one) => [one.name, one]);
}

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

/** Blocks of a few rows and the whole bank at once must agree. */
const blockSizes = [5, 4096];

it('covers every reference case', () => {
  const kinds: Kind[] = [
    'sampleSpecificLoss',
    'aggregationLoss',
    'latentLoss',
    'bankUpdate',
    'select',
    'anomalyScore',
    'reconstructionLoss',
    'localContrast',
  ];
  expect(kinds.flatMap((kind) => named(kind)).length).toBe(121);
  expect(cases.length).toBe(121);
});

describeOnBackends('golden', () => {
  describe.each(blockSizes)('losses in blocks of %d rows', (blockSize) => {
    const perSample: [string, { kind: Kind } & GoldenLoss][] = [
      ...named('sampleSpecificLoss'),
      ...named('aggregationLoss'),
    ];
    it.each(perSample)('%s', async (_, one) => {
      const { inputs } = one;
      const { rows, temperature, neighbors, includeSelf } = inputs;
      const common = { rows, temperature, blockSize };
      const loss = (z: tf.Tensor2D, bank: tf.Tensor2D) =>
        one.kind === 'aggregationLoss'
          ? aggregationLoss(z, bank, { ...common, neighbors, includeSelf })
          : sampleSpecificLoss(z, bank, common);
      await expectNoLeak(() => {
        const z = tf.tensor2d(inputs.embeddings);
        const bank = tf.tensor2d(inputs.bank);
        const value = loss(z, bank);
        expectClose(value.dataSync(), one.expect.perSample);
        const gradient = tf.tidy(() =>
          tf.grad((x) => tf.sum(tf.mul(loss(x as tf.Tensor2D, bank), inputs.upstream)))(z),
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
        const { rows, temperature, neighbors, anchors } = inputs;
        for (const overlap of [false, true]) {
          const mean = tf.tidy(() =>
            tf.mean(
              latentLoss(tf.tensor2d(inputs.embeddings), tf.tensor2d(inputs.bank), {
                rows,
                temperature,
                neighbors,
                anchors,
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
        const sorted = [...expected.entropy].sort((a, b) => a - b);
        for (let round = 1; round <= rounds; round++) {
          const { anchors } = await scheduler.select(bank, round);
          const set = anchors.flatMap((anchor, row) => (anchor ? [row] : []));
          const wanted = [...expected.anchorsByRound[round - 1]].sort((a, b) => a - b);
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
          const value = expected[name as keyof typeof forms];
          if (value === undefined) continue;
          const mean = tf.tidy(() =>
            tf.mean(
              reconstructionLoss(
                tf.tensor4d(inputs.images),
                tf.tensor4d(inputs.reconstructions),
                options,
              ),
            ),
          );
          expectClose(mean.dataSync(), [value]);
          mean.dispose();
        }
      });
    },
  );
});

describe('golden on typed arrays', () => {
  it.each(named('localContrast'))('localContrast %s', (_, { inputs, expect: expected }) => {
    const { images } = inputs;
    const shape = [images.length, images[0].length, images[0][0].length, 1] as const;
    const result = localContrast({ radius: inputs.radius }).apply(
      Float32Array.from(images.flat(3)),
      shape,
    );
    expectClose(result, expected.images.flat(3));
  });
});
