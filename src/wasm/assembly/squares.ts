/** The square of the distance of two rows. */
export function squareApart(u: usize, v: usize, dim: i32): f64 {
  // Two sums, since each addition waits for the one before.
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= dim; i += 8, u += 32, v += 32) {
    const one = f32x4.sub(v128.load(u), v128.load(v));
    const other = f32x4.sub(v128.load(u, 16), v128.load(v, 16));
    even = f32x4.add(even, f32x4.mul(one, one));
    odd = f32x4.add(odd, f32x4.mul(other, other));
  }
  let sum = total(f32x4.add(even, odd));
  for (; i < dim; i++, u += 4, v += 4) {
    const difference = <f64>load<f32>(u) - <f64>load<f32>(v);
    sum += difference * difference;
  }
  return sum;
}

/** The square of the length of a row. */
export function squareOf(u: usize, dim: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= dim; i += 4, u += 16) {
    const values = v128.load(u);
    const one = f64x2.promote_low_f32x4(values);
    const other = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(one, one));
    high = f64x2.add(high, f64x2.mul(other, other));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < dim; i++, u += 4) {
    const value = <f64>load<f32>(u);
    sum += value * value;
  }
  return sum;
}

function total(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    <f64>f32x4.extract_lane(v, 2) +
    <f64>f32x4.extract_lane(v, 3)
  );
}
