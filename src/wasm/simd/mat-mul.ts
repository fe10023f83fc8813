import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { AS_IT_IS, finishArguments } from './correlation.js';
import { keptLayout } from './kept-layouts.js';
import { passTime, productTime, type Range, share } from './share.js';
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
  const byColumn = transposeB && !transposeA && inner % 4 === 0;
  const time = productTime(rows * inner * columns);
  simd.withScratch((scratch) => {
    const start = scratch.table([0]);
    const layoutOf: (factor: Address) => Layout = byColumn
      ? (factor) => [factor, 0, inner * 4]
      : panelsOf(simd, scratch, inner, columns, transposeB, stackB === 1 ? b : undefined);
    let layout: Layout | undefined;
    for (let i = 0; i < tf.util.sizeFromShape(stack); i++) {
      const from = after(simd.address(a), stackA > 1 ? i * rows * inner * 4 : 0);
      const to = after(simd.address(product), i * rows * columns * 4);
      if (stackB > 1 || !layout) layout = layoutOf(after(simd.address(b), i * inner * columns * 4));
      const [address, bStep, panelStep] = layout;
      // Rows and columns of a product; columns in whole panels.
      const multiply = (part: Simd, of: Range, by: Range) =>
        part.withScratch((own) => {
          const { correlate, correlateScratch } = part.functions;
          const place = after(to, (of.first * columns + by.first) * 4);
          const factor = after(address, (byColumn ? by.first : by.first / PANEL) * panelStep);
          correlate(
            ...[1, 1, of.count],
            ...[after(from, of.first * aRow), 0, 0, aRow],
            ...[place, 0, 0, columns * 4],
            ...[by.count, start, 1, inner, aStep],
            ...[factor, bStep, panelStep, byColumn, ...finishArguments(AS_IT_IS)],
            own.take(correlateScratch(inner)),
          );
        });
      // Whichever are more.
      if (rows >= columns) {
        const all = { first: 0, count: columns };
        share(simd, rows, time, (part, range) => multiply(part, range, all), { group: TILE_ROWS });
      } else {
        const all = { first: 0, count: rows };
        share(simd, columns, time, (part, range) => multiply(part, all, range), { group: PANEL });
      }
    }
  });
  return product;
}

/** Rows that are computed together, and columns of a panel. */
const [TILE_ROWS, PANEL] = [4, 8];

/** Bytes between rows at which they share lines of the first-level cache. */
const CACHE_WAY = 2048;

/** Where B lies, bytes between its rows, and between its panels or columns. */
type Layout = [address: Address, bStep: number, panelStep: number];

/** Brings a B into panels of eight columns, in the place of the one before; where it is all of a tensor, they may be kept. */
function panelsOf(
  simd: Simd,
  scratch: Scratch,
  inner: number,
  columns: number,
  transposed: boolean,
  whole: Tensor | undefined,
): (b: Address) => Layout {
  const rowBytes = columns * 4;
  const bytes = inner * Math.ceil(columns / 8) * 32;
  const start = scratch.table([0]);
  const [kStep, nStep] = transposed ? [4, inner * 4] : [rowBytes, 4];
  const pack = (b: Address, to: Address) =>
    share(
      simd,
      columns,
      passTime(inner * columns),
      ({ functions }, { first, count }) =>
        functions.packPanels(
          ...[after(b, first * nStep), after(to, first * inner * 4), start, 1],
          ...[inner, kStep, count, nStep],
        ),
      { group: PANEL },
    );
  const kept =
    whole &&
    keptLayout(simd, whole, {
      ...{ name: `panels ${inner} x ${columns}${transposed ? ', transposed' : ''}`, bytes },
      make: (to) => pack(simd.address(whole), to),
    });
  if (kept !== undefined) return () => [kept, 32, inner * 32];
  if (!transposed && columns % 8 === 0 && rowBytes % CACHE_WAY !== 0) {
    return (b) => [b, rowBytes, 32];
  }
  const packed = scratch.take(bytes);
  return (b) => {
    pack(b, packed);
    return [packed, 32, inner * 32];
  };
}
