import * as tf from '@tensorflow/tfjs-core';
import {
  anomalyScore,
  bankAngles,
  findNeighborhoods,
  latentLoss,
  MemoryBank,
} from '../../src/index.js';
import { type ConformanceCase, normal, read, unitRows, type Values } from './case.js';

/** What the bank, the losses over it and the score owe beyond the reference values. */
export const bankCases: readonly ConformanceCase[] = [
  { name: 'bank: updates, a slot used twice, clones and a slice that stay', run: bankUpdate },
  { name: 'bank: a loss, updates and scores of rows in blocks', run: rowsInBlocks },
  { name: 'bank: angles with rows left out, in blocks', run: angles },
  { name: 'bank: row indices above 4096 are exact', run: highRows },
  { name: 'bank: neighbours and entropies of 300 rows', run: neighborhoods },
  { name: 'bank: loss and gradient of anchors and others', run: lossAndGradient },
  { name: 'bank: an embedding that is a row has a score near zero', run: scoreOfARow },
];

async function bankUpdate(): Promise<Values> {
  const start = unitRows('bank', 9, 5);
  const bank = MemoryBank.from(start);
  const before = bank.clone();
  const embeddings = unitRows('update', 4, 5);
  const [held, slice] = [tf.clone(bank.rows), tf.slice(bank.rows, [0, 0], [4, 5])];
  bank.update([2, 7, 2, 0], embeddings, { momentum: 0.3 });
  bank.update([1, 8, 3, 4], embeddings, { momentum: 0.7 });
  bank.append(embeddings);
  const values = await read({
    moved: tf.clone(bank.rows),
    clone: tf.clone(before.rows),
    held,
    slice,
    start,
  });
  bank.dispose();
  before.dispose();
  embeddings.dispose();
  return values;
}

/** Blocks have 4096 rows where a backend does not write into a tensor. */
async function rowsInBlocks(): Promise<Values> {
  const start = unitRows('many', 9000, 4);
  const bank = MemoryBank.from(start);
  start.dispose();
  const z = unitRows('update', 4, 4);
  const rows = [8999, 5, 8192, 4100];
  const batch = {
    rows,
    anchors: [1, 0, 1, 0],
    neighbors: rows.map((row) => [9000 - row, row - 1]),
  };
  bank.update(rows, z, { momentum: 0.3 });
  const loss = latentLoss(z, bank, batch);
  bank.update([8192, 8193, 0, 4095], z);
  const { scores } = anomalyScore(z, bank, { scoreNeighbors: 2 });
  bank.update([1, 8999, 4096, 6000], z);
  const touched = [0, 1, 2, 5, 4095, 4096, 4100, 6000, 8191, 8192, 8193, 8999];
  const moved = tf.gather(bank.rows, touched);
  bank.dispose();
  z.dispose();
  return read({ loss, scores, moved });
}

async function angles(): Promise<Values> {
  const found = tf.tidy(() => {
    const discard = Array.from({ length: 50 }, (_, row) => row % 7 === 3);
    const { scoreNeighbors: _, ...tensors } = bankAngles(
      unitRows('queries', 6, 8),
      unitRows('bank', 50, 8),
      { scoreNeighbors: 4, discard, ownRows: [0, -1, 49, 20, -1, 21], blockSize: 16 },
    );
    return tensors;
  });
  return read(found);
}

/** Whole numbers above 2048 are inexact in float16, and some backends keep indices as floats. */
async function highRows(): Promise<Values> {
  const found = tf.tidy(() => {
    const rows = unitRows('many', 6000, 4);
    const queries = tf.concat([tf.slice(rows, [5999, 0], [1, 4]), unitRows('queries', 2, 4)]);
    const { indices } = bankAngles(queries as tf.Tensor2D, rows, { scoreNeighbors: 3 });
    return { indices };
  });
  return read(found);
}

async function neighborhoods(): Promise<Values> {
  const rows = unitRows('bank', 300, 6);
  const options = { neighborhoodSize: 3, blockSize: 128 };
  const { entropies, neighbors } = await findNeighborhoods(rows, options);
  rows.dispose();
  return { entropies, neighbors: neighbors.flatMap((row) => Array.from(row)) };
}

async function lossAndGradient(): Promise<Values> {
  const { value, grad } = tf.tidy(() => {
    const bank = unitRows('bank', 40, 6);
    const neighbors = [0, 1, 2].map((i) => [i + 3, i + 11, 39 - i]);
    const loss = (z: tf.Tensor) =>
      latentLoss(z as tf.Tensor2D, bank, {
        rows: [5, 17, 39],
        anchors: [true, false, true],
        neighbors,
        blockSize: 16,
      });
    const upstream = tf.tensor1d([1, -2, 0.5]);
    return tf.valueAndGrad(loss)(unitRows('queries', 3, 6), upstream);
  });
  return read({ value, gradient: grad });
}

/** The angle to the nearest row is exact near zero, where an arc cosine loses half its digits. */
async function scoreOfARow(): Promise<Values> {
  const found = tf.tidy(() => {
    const rows = unitRows('bank', 30, 200);
    const shifted = tf.add(rows, tf.mul(normal('shift', [30, 200]), 1e-5)) as tf.Tensor2D;
    const options = { scoreNeighbors: 1, method: 'angular' } as const;
    const { scores } = anomalyScore(shifted, rows, options);
    return { hundredThousandfold: tf.mul(scores, 1e5) };
  });
  return read(found);
}
