import { Address } from './address';
import { powerOfTwo, remainder, twoTo } from './exponential';

/**
 * e^x of four numbers, within about one unit in the last place; subnormal results, infinities and NaN as IEEE
 * arithmetic has them.
 */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function exponentials(values: v128): v128 {
  // Beyond these bounds e^x is zero, and infinity.
  const x = f32x4.max(f32x4.min(values, f32x4.splat(90)), f32x4.splat(-105));
  const n = powerOfTwo(x);
  // 2^n in two factors: as one it would leave float32 before the result does.
  const power = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(power, 1);
  const rest = i32x4.sub(power, half);
  return f32x4.mul(f32x4.mul(remainder(x, n), twoTo(half)), twoTo(rest));
}

/** e^x of so many values. */
export function exp(x: Address, y: Address, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(y, exponentials(v128.load(x)));
    x += 16;
    y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, f32x4.extract_lane(exponentials(v128.load32_splat(x)), 0));
    x += 4;
    y += 4;
  }
}
