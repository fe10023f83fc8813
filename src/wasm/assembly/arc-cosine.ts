/**
 * The arc cosine of four cosines, those beyond [-1, 1] clamped, in radians.
 *
 *     |x| <= 1/2    pi/2 - asin(x)
 *     |x| >  1/2    2 asin(sqrt((1 - |x|) / 2)), or pi less that where x is negative
 *     asin(s) = s + s^3 p(s^2), p of degree 4
 *
 * Within 3e-7 of the arc cosine. The polynomial is that of Moshier's Cephes library (asinf).
 */
// @ts-expect-error: a decorator of AssemblyScript
@inline
export function arcCosine(cosines: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.pmin(f32x4.abs(cosines), one);
  const steep = f32x4.gt(size, f32x4.splat(0.5));
  const half = f32x4.mul(f32x4.sub(one, size), f32x4.splat(0.5));
  const square = v128.bitselect(half, f32x4.mul(size, size), steep);
  const root = v128.bitselect(f32x4.sqrt(half), size, steep);
  let p = f32x4.splat(4.216319919e-2);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.4181311049e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(4.5470025998e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(7.4953002686e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.6666752422e-1));
  const arc = f32x4.add(root, f32x4.mul(f32x4.mul(p, square), root));
  const sign = v128.and(cosines, i32x4.splat(0x80000000));
  const shallow = f32x4.sub(f32x4.splat(1.5707963267948966), v128.or(arc, sign));
  const twice = f32x4.add(arc, arc);
  const negative = f32x4.lt(cosines, f32x4.splat(0));
  const wide = f32x4.sub(f32x4.splat(3.141592653589793), twice);
  return v128.bitselect(v128.bitselect(wide, twice, negative), shallow, steep);
}
