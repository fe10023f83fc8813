import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** Which factors are stored transposed. */
export interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * The product of two stacks of matrices; undefined where both are true stacks of different sizes.
 *
 * A's transposition is a matter of steps in memory. B is taken as it lies, column by column or in panels of
 * eight columns, unless its rows are of an odd length or would fight for the same lines of the cache.
 */
export function matMul(
  simd: Simd,
  a: Tensor,
  b: Tensor,
  { transposeA, transposeB }: Transposed,
): TensorInfo | undefined {
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const [outerA, outerB] = [a, b].map(({ shape }) => shape.slice(0, -2));
  const [stackA, stackB] = [outerA, outerB].map(tf.util.sizeFromShape);
  if (!tf.util.arraysEqual(outerA, outerB) && stackA !== 1 && stackB !== 1) return undefined;
  const stack = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const product = simd.output([...stack, rows, columns]);
  if (tf.util.sizeFromShape(product.shape) === 0) return product;

  const aRow = (transposeA ? 1 : inner) * 4;
  const aStep = (transposeA ? rows : 1) * 4;
  for (let i = 0; i < tf.util.sizeFromShape(stack); i++) {
    simd.withScratch((scratch) => {
      const { correlate, correlateScratch } = simd.functions;
      const from = after(simd.address(a), stackA > 1 ? i * rows * inner * 4 : 0);
      const to = after(simd.address(product), i * rows * columns * 4);
      const factor = after(simd.address(b), stackB > 1 ? i * inner * columns * 4 : 0);
      const byColumn = transposeB && !transposeA && inner % 4 === 0;
      const layout: Layout = byColumn
        ? [factor, 0, inner * 4]
        : asPanels(simd, scratch, factor, inner, columns, transposeB);
      correlate(
        ...[1, 1, rows],
        ...[from, 0, 0, aRow],
        ...[to, 0, 0, columns * 4],
        ...[columns, scratch.table([0]), 1, inner, aStep],
        ...[...layout, byColumn, scratch.take(correlateScratch())],
      );
    });
  }
  return product;
}

/** Bytes between rows at which they share lines of the first-level cache. */
const CACHE_WAY = 2048;

/** Where B lies, bytes between its rows, and between its panels or columns. */
type Layout = [address: Address, bStep: number, panelStep: number];

/** B in panels of eight columns. */
function asPanels(
  simd: Simd,
  scratch: Scratch,
  b: Address,
  inner: number,
  columns: number,
  transposed: boolean,
): Layout {
  const rowBytes = columns * 4;
  if (!transposed && columns % 8 === 0 && rowBytes % CACHE_WAY !== 0) return [b, rowBytes, 32];
  const packed = scratch.take(inner * Math.ceil(columns / 8) * 32);
  const [kStep, nStep] = transposed ? [4, inner * 4] : [rowBytes, 4];
  simd.functions.packPanels(b, packed, scratch.table([0]), 1, inner, kStep, columns, nStep);
  return [packed, 32, inner * 32];
}
