import { Address } from './address';

/**
 * Four values held between two limits; NaN stays NaN, and -0 at a limit of 0 too.
 *
 * One instruction a limit; on x86 `f32x4.min` and `max` take about nine each, to see to NaN and the signs of zeros.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function held(values: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, low), high);
}

/** Values held between two limits; NaN stays NaN. */
export function clip(x: Address, y: Address, count: i32, least: f32, most: f32): void {
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  for (; count >= 4; count -= 4) {
    v128.store(y, held(v128.load(x), low, high));
    x += 16;
    y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, min(max(load<f32>(x), least), most));
    x += 4;
    y += 4;
  }
}

/** The larger, or the smaller, of each pair; NaN where one is. A step of 0 repeats one value. */
export function extremes(
  a: Address,
  aStep: i32,
  b: Address,
  bStep: i32,
  y: Address,
  count: i32,
  larger: bool,
): void {
  for (; count > 0; count--) {
    const u = load<f32>(a);
    const v = load<f32>(b);
    store<f32>(y, larger ? max(u, v) : min(u, v));
    a += aStep;
    b += bStep;
    y += 4;
  }
}
