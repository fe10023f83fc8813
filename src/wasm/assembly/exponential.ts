/** n = round(x / ln 2), the power of two in e^x = 2^n e^r. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function powerOfTwo(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
}

/** e^r with r = x - n ln 2, |r| <= ln 2 / 2: the polynomial of Moshier's Cephes library (expf). */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function remainder(x: v128, n: v128): v128 {
  // ln 2 in two parts, of which the product of the first with n is exact.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
}

/** 2^n of whole numbers that float32 has a power for, [-126, 127]. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function twoTo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^x of four numbers of at most 0, to about 1e-7 of it; 0 below -87, where float32 ends. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function exponential(x: v128): v128 {
  const n = powerOfTwo(x);
  const near = f32x4.mul(remainder(x, n), twoTo(i32x4.trunc_sat_f32x4_s(n)));
  return v128.and(near, f32x4.ge(x, f32x4.splat(-87)));
}
