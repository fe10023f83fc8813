import { Address } from './address';

/** The scalar product of two runs of values. */
function dot(a: usize, b: usize, count: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  for (; count >= 8; count -= 8) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  s0 = f32x4.add(s0, s1);
  s0 = f32x4.add(s0, v128.shuffle<f32>(s0, s0, 2, 3, 0, 1));
  let sum = f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1);
  for (; count > 0; count--) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** Rows x / sqrt(max(|x|^2, smallest)). */
export function l2Normalize(x: Address, y: Address, rows: i32, size: i32, smallest: f32): void {
  const bytes = (<usize>size) << 2;
  for (; rows > 0; rows--) {
    scaled(x, y, bytes, 1 / sqrt(max(dot(x, x, size), smallest)));
    x += bytes;
    y += bytes;
  }
}

function scaled(x: usize, y: usize, bytes: usize, factor: f32): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(y + i, f32x4.mul(v128.load(x + i), f32x4.splat(factor)));
  }
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) * factor);
}

/** Its gradient: (dy - x (x . dy) / |x|^2) / |x|, or dy / sqrt(smallest) for a row that is shorter. */
export function l2NormalizeGrad(
  x: Address,
  dy: Address,
  dx: Address,
  rows: i32,
  size: i32,
  smallest: f32,
): void {
  const bytes = (<usize>size) << 2;
  for (; rows > 0; rows--) {
    const squares = dot(x, x, size);
    const inverse: f32 = 1 / sqrt(max(squares, smallest));
    const along: f32 = squares < smallest ? 0 : dot(x, dy, size) * inverse * inverse;
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const across = f32x4.sub(
        v128.load(dy + i),
        f32x4.mul(v128.load(x + i), f32x4.splat(along)),
      );
      v128.store(dx + i, f32x4.mul(across, f32x4.splat(inverse)));
    }
    for (; i < bytes; i += 4) {
      store<f32>(dx + i, (load<f32>(dy + i) - load<f32>(x + i) * along) * inverse);
    }
    x += bytes;
    dy += bytes;
    dx += bytes;
  }
}
