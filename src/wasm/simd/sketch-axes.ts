import type { Tensor } from '@tensorflow/tfjs-core';
import { principalAxes } from '../../support/principal-axes.js';
import { type Address, after } from './address.js';
import { AS_IT_IS, correlation } from './correlation.js';
import { productTime, share } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Axes that sketches have at most, and by how many they grow: a panel of a product. */
const [MOST, PANEL] = [48, 8];

/**
 * Share of the rows' variance along the axes that tells most rows apart: with less, and with more axes, sketches cost what they
 * spare. Of cells of 96 and of 152 numbers beside some 5,000 rows it leaves less than a hundredth of them to be compared.
 */
const ENOUGH = 0.87;

/** How much longer than sketches rows have to be. */
const LONGER = 2;

/** The axes that rows are sketched along, [width, dim]. */
export interface SketchAxes {
  readonly values: Float32Array;
  readonly width: number;
}

/** The axes of sketches; undefined where rows are few, or vary along too many directions for sketches to pay. */
export function axesOf(simd: Simd, rows: Tensor): SketchAxes | undefined {
  const [size, dim] = rows.shape as [number, number];
  if (dim < LONGER * PANEL || size < LONGER * MOST) return undefined;
  const { axes, shares } = principalAxes(simd.floats(rows), dim, MOST);
  let covered = 0;
  const enough = shares.findIndex((share) => {
    covered += share;
    return covered >= ENOUGH;
  });
  const width = Math.ceil((enough + 1) / PANEL) * PANEL;
  if (enough < 0 || LONGER * width > dim || width > axes.length) return undefined;
  const values = new Float32Array(width * dim);
  axes.slice(0, width).forEach((axis, k) => {
    values.set(axis, k * dim);
  });
  return { values, width };
}

/** Where the sketches of rows lie, [rows, width]. */
export function sketched(
  simd: Simd,
  scratch: Scratch,
  { values, width }: SketchAxes,
  rows: Tensor,
): Address {
  const [count, dim] = rows.shape as [number, number];
  const taps = { address: scratch.floats(values), offsets: [0], values: dim, valueStep: 4 };
  const columns = { columns: width, columnStep: dim * 4 };
  const window = { offsets: [0], count: dim };
  const slideOf = correlation(simd, scratch, window, { ...taps, ...columns }, AS_IT_IS);
  const to = scratch.take(count * width * 4);
  const grid = { image: 0, row: 0 };
  share(simd, count, productTime(count * dim * width), (part, { first, count: some }) =>
    part.withScratch((own) => {
      const from = after(simd.address(rows), first * dim * 4);
      slideOf(part, own)(
        ...([1, 1, some] as const),
        { ...grid, address: from, column: dim * 4 },
        { ...grid, address: after(to, first * width * 4), column: width * 4 },
      );
    }),
  );
  return to;
}
