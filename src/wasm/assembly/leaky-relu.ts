import { Address } from './address';

/** v where it is above zero, else slope * v, for slopes in [0, 1]. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function leaky(v: v128, slopes: v128): v128 {
  return f32x4.pmax(v, f32x4.mul(v, slopes));
}

/** dy where y is above zero, else slope * dy. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function leakyGradient(dy: v128, y: v128, slopes: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, slopes), f32x4.gt(y, f32x4.splat(0)));
}

/** `leaky` of so many values. */
export function leakyRelu(x: Address, y: Address, count: i32, slope: f32): void {
  const slopes = f32x4.splat(slope);
  const zero = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const v = v128.load(x);
    v128.store(y, v128.bitselect(v, f32x4.mul(v, slopes), f32x4.gt(v, zero)));
    x += 16;
    y += 16;
  }
  for (; count > 0; count--) {
    const v = load<f32>(x);
    store<f32>(y, v > 0 ? v : slope * v);
    x += 4;
    y += 4;
  }
}
