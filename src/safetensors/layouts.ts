import type { ImageShape } from '../images/pixels.js';

/**
 * How the axes of a weight lie in PyTorch and here: axis i of PyTorch is our axis `axes[i]`.
 *
 * A map that is flattened before a linear layer, or made of a vector by one, is one axis of its matrix: of [height, width,
 * channels] here, of [channels, height, width] there. That axis is taken apart first and joined afterwards.
 */
export interface Layout {
  readonly axes: readonly number[];
  readonly map?: {
    readonly size: ImageShape;
    /** Which axis of the matrix it is: 0 here is 1 in PyTorch. */
    readonly axis: 0 | 1;
  };
}

/** A filter: [height, width, in, out] here, [out, in, height, width] there; in and out change places in a transposed one, in both. */
export const filter: Layout = { axes: [3, 2, 0, 1] };

/** The matrix of a linear layer: [in, out] here, [out, in] there. */
export const matrix: Layout = { axes: [1, 0] };

/** The same where `in` is a flattened map. */
export function matrixOfMap(size: ImageShape): Layout {
  return { axes: [3, 2, 0, 1], map: { size, axis: 0 } };
}

/** The same where `out` is a flattened map. */
export function matrixToMap(size: ImageShape): Layout {
  return { axes: [3, 1, 2, 0], map: { size, axis: 1 } };
}

/** Numbers and how they are to be read. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** Our weight as PyTorch has it. */
export function toTorch({ shape, values }: Shaped, { axes, map }: Layout): Shaped {
  const apart = map ? unflattened(shape, map.axis, map.size) : shape;
  const moved = permuted(values, apart, axes);
  return map ? { ...moved, shape: flattened(moved.shape, 1 - map.axis) } : moved;
}

/** PyTorch's weight as we have it. */
export function fromTorch({ shape, values }: Shaped, { axes, map }: Layout): Shaped {
  const apart = map ? unflattened(shape, 1 - map.axis, channelsFirst(map.size)) : shape;
  const moved = permuted(
    values,
    apart,
    axes.map((_, ours) => axes.indexOf(ours)),
  );
  return map ? { ...moved, shape: flattened(moved.shape, map.axis) } : moved;
}

function channelsFirst([height, width, channels]: ImageShape): ImageShape {
  return [channels, height, width];
}

function unflattened(shape: readonly number[], axis: number, sizes: ImageShape): number[] {
  return [...shape.slice(0, axis), ...sizes, ...shape.slice(axis + 1)];
}

/** The map's three axes, which begin at `axis`, as one. */
function flattened(shape: readonly number[], axis: number): number[] {
  const size = shape.slice(axis, axis + 3).reduce((a, b) => a * b, 1);
  return [...shape.slice(0, axis), size, ...shape.slice(axis + 3)];
}

/** Axis i of the result is axis `axes[i]` of what is given. */
function permuted(
  values: Shaped['values'],
  shape: readonly number[],
  axes: readonly number[],
): Shaped {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const result = values.slice();
  const place = new Array<number>(axes.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      place[axis] += 1;
      if (place[axis] < sizes[axis]) break;
      from -= steps[axis] * sizes[axis];
      place[axis] = 0;
    }
  }
  return { values: result, shape: sizes };
}
