import { LAYOUT_SIDE } from './traits.js';

/** How a picture may lie. */
export type Pose = 'upright' | 'right' | 'upside down' | 'left';

/** A layout turned clockwise by so many quarters. */
export function turned(layout: ArrayLike<number>, quarters: number): Float32Array {
  const side = LAYOUT_SIDE;
  let from = Float32Array.from(layout);
  for (let turn = 0; turn < quarters; turn++) {
    const before = from;
    from = Float32Array.from({ length: side * side }, (_, i) => {
      const [row, column] = [Math.floor(i / side), i % side];
      return before[(side - 1 - column) * side + row];
    });
  }
  return from;
}

/** Correlation of two layouts, -1 to 1. */
export function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}
