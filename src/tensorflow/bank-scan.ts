import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { blockOf, groupMaxima, product, rowsOfBlock } from './bank-blocks.js';
import { type Block, takeCandidates } from './candidates.js';
import { exactAngles } from './exact-angles.js';
import type { Execute, NativeKernel } from './kernel.js';
import { TopRows } from './top-rows.js';

interface ScanAttributes {
  readonly k: number;
  readonly keep?: Float32Array;
  readonly own?: Int32Array;
  readonly blockSize?: number;
}

/** Cosines kept at most until the nearest rows are searched among them: 64 MiB. */
const WINDOW_CELLS = 2 ** 24;

/**
 * The core's scan of the bank. TensorFlow makes cosines, arc cosines and their sums, and finds where the
 * nearest rows can be; its own TopKV2 would take longer than the product.
 */
export const bankScanKernel: NativeKernel<'queries' | 'rows', ScanAttributes> = {
  kernelName: 'SaladBankScan',
  compute(execute, inputs, { k, keep, own, blockSize }) {
    const [queries, rows] = [inputs.queries, inputs.rows] as unknown as Tensor2D[];
    const batch = queries.shape[0];
    const size = rows.shape[0];
    // The own row is taken like any other, and dropped from a list that is longer by one.
    const taken = Math.min(own ? k + 1 : k, size);
    const top = new TopRows(batch, taken);
    const sums = new Float64Array(batch);
    const columns = tf.tidy(() => tf.transpose(queries));
    const step = rowsOfBlock(batch, blockSize);
    let window: Block[] = [];
    for (let first = 0; first < size; first += step) {
      const count = Math.min(step, size - first);
      const weights = keep?.subarray(first, first + count);
      const block = tf.tidy(() => {
        const cosines = product(execute, blockOf(rows, first, count), columns);
        angleSums(execute, cosines, weights).forEach((sum, query) => {
          sums[query] += sum;
        });
        const ranked = weights?.includes(0) ? sunk(cosines, weights) : cosines;
        return { first, cosines: ranked, maxima: groupMaxima(ranked) };
      });
      window.push(block);
      if (first + count < size && (window.length + 1) * step * batch <= WINDOW_CELLS) continue;
      takeCandidates(execute, top, window);
      for (const { cosines, maxima } of window) tf.dispose([cosines, maxima]);
      window = [];
    }
    columns.dispose();
    const near = dropOwn(top, k, own);
    const others = otherAngles(sums, queries, rows, near, keep, own);
    return [
      tf.tensor2d(exactAngles(queries, rows, near.rows, k), [batch, k]),
      tf.tensor2d(near.rows, [batch, k], 'int32'),
      tf.tensor1d(others),
    ];
  },
};

/** Cosines of rows that are left out, below the smallest there is. */
function sunk(cosines: Tensor2D, weights: Float32Array): Tensor2D {
  const depths = weights.map((weight) => (weight ? 0 : 4));
  return tf.sub(cosines, tf.tensor2d(depths, [depths.length, 1]));
}

/** The sums of the arc cosines of each column, [rows, queries], by the rows' weights. */
function angleSums(execute: Execute, cosines: Tensor2D, weights?: Float32Array): Float32Array {
  const count = cosines.shape[0];
  const row = (weights ? tf.tensor2d(weights, [1, count]) : tf.ones([1, count])) as Tensor2D;
  const sumOf = (clamped: Tensor2D) =>
    product(execute, row, tf.acos(clamped)).dataSync<'float32'>();
  const sums = sumOf(cosines);
  // Rounding takes few cosines beyond 1, where the arc cosine ends: most blocks need no clamping.
  return sums.some(Number.isNaN) ? sumOf(tf.clipByValue(cosines, -1, 1)) : sums;
}

/** [batch, k] of rows and cosines, largest first, and the cosine of each query's own row where it was met. */
interface Near {
  readonly rows: Int32Array;
  readonly cosines: Float32Array;
  readonly ownCosines: Float32Array;
}

function dropOwn(top: TopRows, k: number, own: Int32Array | undefined): Near {
  const ownCosines = new Float32Array(top.queries).fill(Number.NaN);
  if (!own) return { rows: top.rows, cosines: top.cosines, ownCosines };
  const rows = new Int32Array(top.queries * k);
  const cosines = new Float32Array(top.queries * k);
  own.forEach((ownRow, query) => {
    for (let from = query * top.k, to = query * k; from < (query + 1) * top.k; from++) {
      if (top.rows[from] === ownRow) ownCosines[query] = top.cosines[from];
      else if (to < (query + 1) * k) {
        rows[to] = top.rows[from];
        cosines[to++] = top.cosines[from];
      }
    }
  });
  return { rows, cosines, ownCosines };
}

/** The sums of all angles, less those of the nearest rows and of the own one. */
function otherAngles(
  sums: Float64Array,
  queries: Tensor2D,
  rows: Tensor2D,
  { cosines, ownCosines }: Near,
  keep: Float32Array | undefined,
  own: Int32Array | undefined,
): Float32Array {
  const k = cosines.length / sums.length;
  return Float32Array.from(sums, (sum, query) => {
    let others = sum;
    for (let i = query * k; i < (query + 1) * k; i++) others -= arcCosine(cosines[i]);
    const row = own ? own[query] : -1;
    if (row < 0 || keep?.[row] === 0) return others;
    const met = ownCosines[query];
    return others - arcCosine(Number.isNaN(met) ? cosineOf(queries, query, rows, row) : met);
  });
}

function cosineOf(queries: Tensor2D, query: number, rows: Tensor2D, row: number): number {
  return tf.tidy(() => {
    const [z, m] = [tf.slice(queries, query, 1), tf.slice(rows, row, 1)];
    return tf.sum(tf.mul(z, m)).dataSync()[0];
  });
}

function arcCosine(cosine: number): number {
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}
