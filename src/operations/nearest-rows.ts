import type { NamedAttrMap, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../support/kernels.js';
import { DEFAULT_BLOCK_SIZE, foldBlocks, similarity } from './blocks.js';
import { foldTop, type TopState } from './top-k.js';

/** What a search of the nearest rows is told. */
export interface NearestRowsOptions {
  /** Nearest rows of each query; at most all rows. @defaultValue 1 */
  readonly k?: number;
  /** Rows, and queries, in one block of work. */
  readonly blockSize?: number;
}

/** The nearest rows of each query, nearest first. */
export type NearestRows = {
  /** [batch, k], Euclidean, exact near 0; NaN where the query has a NaN. */
  readonly distances: Tensor2D;
  /** [batch, k], the rows they belong to; of equal distances the lower row first. */
  readonly indices: Tensor2D;
};

/** Queries of one block: with the rows of one, 4 MiB of products. */
const QUERIES = 256;

/** Rows beyond k whose distances are computed exactly, since rounding may have put them out of order. */
const SPARE = 3;

/**
 * Each query's k nearest rows by Euclidean distance.
 *
 * Rows are searched by |r|^2 / 2 - q . r, which costs a matrix product; the distances of those found are computed
 * again by differences, since the product loses half the digits of small ones.
 *
 * It is the kernel `SaladNearestRows` where a backend has one (inputs `queries` [batch, dim] and `rows` [N, dim];
 * attribute `k`; outputs as `NearestRows`), else portable operations.
 *
 * @returns tensors that the caller disposes.
 */
export function nearestRows(
  queries: Tensor2D,
  rows: Tensor2D,
  { k = 1, blockSize = DEFAULT_BLOCK_SIZE }: NearestRowsOptions = {},
): NearestRows {
  const faster = fasterKernel('SaladNearestRows', { queries, rows }, { k } as NamedAttrMap);
  if (faster) return { distances: faster[0] as Tensor2D, indices: faster[1] as Tensor2D };
  return tf.tidy(() => {
    const halves = halfSquares(rows);
    const found: NearestRows[] = [];
    for (let first = 0; first < queries.shape[0]; first += QUERIES) {
      const count = Math.min(QUERIES, queries.shape[0] - first);
      const some = tf.slice(queries, [first, 0], [count, queries.shape[1]]);
      found.push(tf.tidy(() => ofBlock(some, rows, halves, k, blockSize)));
    }
    return {
      distances: tf.concat(
        found.map(({ distances }) => distances),
        0,
      ),
      indices: tf.concat(
        found.map(({ indices }) => indices),
        0,
      ),
    };
  });
}

/** |r|^2 / 2 of each row, [N]. */
function halfSquares(rows: Tensor2D): Tensor1D {
  return tf.tidy(() => tf.mul(tf.sum(tf.square(rows), 1), 0.5) as Tensor1D);
}

function ofBlock(
  queries: Tensor2D,
  rows: Tensor2D,
  halves: Tensor1D,
  k: number,
  blockSize: number,
): NearestRows {
  const candidates = Math.min(k + SPARE, rows.shape[0]);
  const { indices } = foldBlocks<TopState>([rows], blockSize, (state, block, offset) => {
    const half = tf.slice(halves, offset, block.shape[0]);
    const nearness = tf.sub<Tensor2D>(similarity(queries, block), half);
    return foldTop(state, nearness, offset, candidates);
  });
  return nearestOf(queries, rows, indices, k);
}

/** The k nearest of the rows that `indices` [batch, candidates] names, by differences. */
function nearestOf(queries: Tensor2D, rows: Tensor2D, indices: Tensor2D, k: number): NearestRows {
  const [batch, candidates] = indices.shape;
  // The lower row first, so that it comes first of those at one distance.
  const order = tf.topk(tf.neg(indices), candidates);
  const ascending = tf.neg(order.values) as Tensor2D;
  const near = tf.gather<tf.Tensor>(rows, ascending) as Tensor3D;
  const squares = tf.sum(tf.square(tf.sub(near, tf.expandDims(queries, 1))), 2);
  const top = tf.topk(tf.neg(squares), k);
  const starts = tf.tensor2d(
    Int32Array.from({ length: batch }, (_, query) => query * candidates),
    [batch, 1],
    'int32',
  );
  const places = tf.add(top.indices, starts);
  const flat = tf.gather(tf.reshape(ascending, [-1]), tf.reshape(places, [-1]) as Tensor1D);
  return {
    distances: tf.sqrt(tf.neg(top.values)) as Tensor2D,
    indices: tf.reshape(flat, [batch, k]),
  };
}
