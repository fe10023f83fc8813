/** The square of the distance of two rows. */
export function squareApart(u: usize, v: usize, dim: i32): f64 {
  // Four sums, since each addition waits for the one before.
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i = 0;
  for (; i + 16 <= dim; i += 16, u += 64, v += 64) {
    const d0 = f32x4.sub(v128.load(u), v128.load(v));
    const d1 = f32x4.sub(v128.load(u, 16), v128.load(v, 16));
    const d2 = f32x4.sub(v128.load(u, 32), v128.load(v, 32));
    const d3 = f32x4.sub(v128.load(u, 48), v128.load(v, 48));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
  }
  for (; i + 4 <= dim; i += 4, u += 16, v += 16) {
    const difference = f32x4.sub(v128.load(u), v128.load(v));
    s0 = f32x4.add(s0, f32x4.mul(difference, difference));
  }
  let sum = total(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
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
