import type { Tensor } from '@tensorflow/tfjs-core';
import { principalAxes } from '../../support/principal-axes.js';
import type { Address } from './address.js';
import { AS_IT_IS, finishArguments } from './correlation.js';
import type { Scratch, Simd } from './simd.js';

/** Axes that sketches have at most, and by how many they grow: a panel of a product. */
const [MOST, PANEL] = [48, 8];

/** Share of the rows' variance along the axes that tells most rows apart: with less, and with more axes, sketches cost what they spare. */
const ENOUGH = 0.88;

/** How much longer than sketches rows have to be. */
const LONGER = 3;

/** Queries after which finding the axes pays for itself. */
const WORTH = 1024;

/** The axes that rows are sketched along, [width * dim], and the sketches of the rows, once they are made: [rows * width]. */
export interface Sketched {
  readonly axes: Float32Array;
  rows?: Float32Array;
}

/** Rows that queries were compared with. */
interface Known {
  queries: number;
  /** null where there are no axes that pay. */
  sketched?: Sketched | null;
}

const KNOWN = Symbol.for('salad-ad/wasm/sketch-axes');

/**
 * The axes of the sketches of rows, once so many queries were compared with the same rows that finding
 * them pays; undefined before, and where rows vary along too many directions for sketches to pay.
 */
export function sketchedOf(simd: Simd, queries: Tensor, rows: Tensor): Sketched | undefined {
  const [size, dim] = rows.shape;
  if (dim < LONGER * PANEL || size < LONGER * MOST) return undefined;
  const holder = simd as Simd & { [KNOWN]?: WeakMap<object, Known> };
  holder[KNOWN] ??= new WeakMap();
  const known = holder[KNOWN].get(rows.dataId) ?? { queries: 0 };
  holder[KNOWN].set(rows.dataId, known);
  known.queries += queries.shape[0];
  if (known.sketched === undefined && known.queries > WORTH) {
    const axes = foundIn(simd.floats(rows), dim);
    known.sketched = axes ? { axes } : null;
  }
  return known.sketched ?? undefined;
}

/** No more axes than are enough, in whole panels. */
function foundIn(values: Float32Array, dim: number): Float32Array | undefined {
  const { axes, shares } = principalAxes(values, dim, MOST);
  let covered = 0;
  const enough = shares.findIndex((share) => {
    covered += share;
    return covered >= ENOUGH;
  });
  const width = Math.ceil((enough + 1) / PANEL) * PANEL;
  if (enough < 0 || LONGER * width > dim) return undefined;
  const flat = new Float32Array(width * dim);
  axes.slice(0, width).forEach((axis, k) => {
    flat.set(axis, k * dim);
  });
  return flat;
}

/** Sketches of queries and of rows; those of the rows are kept for the next time. */
export function sketchesOf(
  simd: Simd,
  scratch: Scratch,
  sketched: Sketched,
  queries: Tensor,
  rows: Tensor,
): [queries: Address, rows: Address] {
  const { correlate, correlateScratch, packPanels } = simd.functions;
  const { axes } = sketched;
  const dim = rows.shape[1] as number;
  const width = axes.length / dim;
  const packed = scratch.take(axes.byteLength);
  const start = scratch.table([0]);
  packPanels(scratch.floats(axes), packed, start, 1, ...[dim, 4], ...[width, dim * 4]);
  const room = scratch.take(correlateScratch(dim));
  const sketch = (matrix: Tensor) => {
    const count = matrix.shape[0];
    const sketches = scratch.take(count * width * 4);
    correlate(
      ...[1, 1, count],
      ...[simd.address(matrix), 0, 0, dim * 4],
      ...[sketches, 0, 0, width * 4],
      ...[width, start, 1, dim, 4],
      ...[packed, 32, dim * 32, false, ...finishArguments(AS_IT_IS), room],
    );
    return sketches;
  };
  if (sketched.rows) return [sketch(queries), scratch.floats(sketched.rows)];
  const made = sketch(rows);
  sketched.rows = simd.floatsAt(made, rows.shape[0] * width).slice();
  return [sketch(queries), made];
}
