import { Address } from './address';
import { held } from './clip';

/** Four values, those below zero times a slope; NaN stays NaN. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function leaky(values: v128, slopes: v128): v128 {
  const below = f32x4.lt(values, f32x4.splat(0));
  return v128.bitselect(f32x4.mul(values, slopes), values, below);
}

/**
 * Adds a bias per column to a matrix, then leaks what is not positive by a slope per column, in place.
 *
 * @param bias, slopes address of a value per column; 0 leaves the step out.
 */
export function biasAndSlope(y: Address, rows: i32, columns: i32, bias: Address, slopes: Address): void {
  const whole = columns & ~3;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < whole; column += 4) {
      const at = (<usize>column) << 2;
      let v = v128.load(y + at);
      if (bias) v = f32x4.add(v, v128.load(bias + at));
      if (slopes) v = leaky(v, v128.load(slopes + at));
      v128.store(y + at, v);
    }
    for (let column = whole; column < columns; column++) {
      const at = (<usize>column) << 2;
      let v = load<f32>(y + at);
      if (bias) v += load<f32>(bias + at);
      if (slopes && v < 0) v *= load<f32>(slopes + at);
      store<f32>(y + at, v);
    }
    y += (<usize>columns) << 2;
  }
}

/** Adds a bias per column to a matrix, then holds it between two limits, in place; NaN stays NaN. */
export function biasAndClip(
  y: Address,
  rows: i32,
  columns: i32,
  bias: Address,
  least: f32,
  most: f32,
): void {
  const whole = columns & ~3;
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < whole; column += 4) {
      const at = (<usize>column) << 2;
      let v = v128.load(y + at);
      if (bias) v = f32x4.add(v, v128.load(bias + at));
      v128.store(y + at, held(v, low, high));
    }
    for (let column = whole; column < columns; column++) {
      const at = (<usize>column) << 2;
      let v = load<f32>(y + at);
      if (bias) v += load<f32>(bias + at);
      store<f32>(y + at, min(max(v, least), most));
    }
    y += (<usize>columns) << 2;
  }
}
