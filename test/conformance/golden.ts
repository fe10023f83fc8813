import * as tf from '@tensorflow/tfjs-core';
import {
  aggregationLoss,
  anomalyScore,
  findNeighborhoods,
  latentLoss,
  MemoryBank,
  reconstructionLoss,
  sampleSpecificLoss,
} from '../../src/index.js';
import type { GoldenCase, GoldenLoss } from '../support/golden-cases.js';
import { type ConformanceCase, read, type Values } from './case.js';

/** Rows looked at at a time: fewer than most of the banks have, so that blocks are folded too. */
const blockSize = 5;

/** The independent reference values, for all that runs on tensors. */
export function goldenCases(cases: readonly GoldenCase[]): ConformanceCase[] {
  return cases.flatMap((one) => {
    const found = caseOf(one);
    return found ? [{ name: `golden ${one.kind} ${one.name}`, ...found }] : [];
  });
}

function caseOf(one: GoldenCase): Pick<ConformanceCase, 'run' | 'expected'> | undefined {
  switch (one.kind) {
    case 'sampleSpecificLoss':
      return lossCase(one, (z, bank, { rows, temperature }) =>
        sampleSpecificLoss(z, bank, { rows, temperature, blockSize }),
      );
    case 'aggregationLoss':
      return lossCase(one, (z, bank, { rows, temperature, neighbors, includeSelf }) =>
        aggregationLoss(z, bank, { rows, temperature, neighbors, includeSelf, blockSize }),
      );
    case 'latentLoss': {
      const { embeddings, bank, ...options } = one.inputs;
      const mean = (overlap: boolean) =>
        tf.tidy(() => {
          const [z, rows] = [tf.tensor2d(embeddings), tf.tensor2d(bank)];
          return tf.mean(latentLoss(z, rows, { ...options, overlap, blockSize }));
        });
      return {
        run: () => read({ disjoint: mean(false), overlap: mean(true) }),
        expected: { disjoint: [one.expect.disjoint], overlap: [one.expect.overlap] },
      };
    }
    case 'bankUpdate': {
      const { embeddings, bank, rows, momentum } = one.inputs;
      return {
        async run() {
          const [z, start] = [tf.tensor2d(embeddings), tf.tensor2d(bank)];
          const moved = MemoryBank.from(start);
          moved.update(rows, z, { momentum });
          const { values } = await read({ values: tf.clone(moved.rows) });
          moved.dispose();
          z.dispose();
          return { bank: values, ...(await read({ start })) };
        },
        expected: { bank: one.expect.bank.flat(), start: bank.flat() },
      };
    }
    case 'select': {
      const { bank, rounds: _, ...options } = one.inputs;
      return {
        async run() {
          const rows = tf.tensor2d(bank);
          const found = await findNeighborhoods(rows, { ...options, blockSize });
          rows.dispose();
          const neighbors = found.neighbors.flatMap((row) => Array.from(row));
          return { entropy: found.entropies, neighbors };
        },
        expected: { entropy: one.expect.entropy, neighbors: one.expect.neighbors.flat() },
      };
    }
    case 'anomalyScore': {
      const { embeddings, bank, neighbors, discard, own } = one.inputs;
      const options = { scoreNeighbors: neighbors, discard, ownRows: own, blockSize };
      const score = (method: 'relative' | 'angular') =>
        tf.tidy(
          () =>
            anomalyScore(tf.tensor2d(embeddings), tf.tensor2d(bank), { method, ...options }).scores,
        );
      return {
        run: () => read({ relative: score('relative'), angular: score('angular') }),
        expected: { relative: one.expect.relative, angular: one.expect.angular },
      };
    }
    case 'reconstructionLoss': {
      const { images, reconstructions } = one.inputs;
      const forms = {
        mse: {},
        mae: { error: 'absolute' },
        mseSum: { reduction: 'sum' },
      } as const;
      const given = Object.entries(one.expect) as [keyof typeof forms, number][];
      const mean = (form: keyof typeof forms) =>
        tf.tidy(() => {
          const [x, y] = [tf.tensor4d(images), tf.tensor4d(reconstructions)];
          return tf.mean(reconstructionLoss(x, y, forms[form]));
        });
      return {
        run: () => read(Object.fromEntries(given.map(([form]) => [form, mean(form)]))),
        expected: Object.fromEntries(given.map(([form, value]) => [form, [value]])),
      };
    }
    case 'localContrast': // works on typed arrays
      return undefined;
  }
}

function lossCase(
  { inputs, expect }: GoldenLoss,
  loss: (z: tf.Tensor2D, bank: tf.Tensor2D, inputs: GoldenLoss['inputs']) => tf.Tensor1D,
): Pick<ConformanceCase, 'run' | 'expected'> {
  const { temperature } = inputs;
  return {
    async run(): Promise<Values> {
      const z = tf.tensor2d(inputs.embeddings);
      const bank = tf.tensor2d(inputs.bank);
      const perSample = loss(z, bank, inputs);
      const gradient = tf.tidy(() =>
        tf.grad((x) => tf.sum(tf.mul(loss(x as tf.Tensor2D, bank, inputs), inputs.upstream)))(z),
      );
      // In units of 1 / temperature, that of a difference of two means of the bank's rows.
      const scaled = tf.mul(gradient, temperature);
      tf.dispose([z, bank, gradient]);
      return read({ perSample, gradient: scaled });
    },
    expected: {
      perSample: expect.perSample,
      gradient: expect.gradient.flat().map((value) => value * temperature),
    },
  };
}
