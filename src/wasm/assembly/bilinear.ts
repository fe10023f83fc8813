import { Address } from './address';

/** weight a + (1 - weight) b, with the weights of half-pixel centres. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function mixed(near: v128, far: v128): v128 {
  return f32x4.add(f32x4.mul(near, f32x4.splat(0.75)), f32x4.mul(far, f32x4.splat(0.25)));
}

/** A row with its first and last pixel repeated at either end. @param pixel bytes of one. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function repeatEnds(row: usize, bytes: usize, pixel: usize): void {
  memory.copy(row - pixel, row, pixel);
  memory.copy(row + bytes, row + bytes - pixel, pixel);
}

/** Bytes of scratch that either direction needs for rows of so many values. */
export function bilinearScratch(width: i32, channels: i32): i32 {
  return (width + 2) * channels * 4 + 16;
}

/** Bilinear doubling of maps, [images, height, width, channels]: 3/4 of the nearer pixel and 1/4 of the other along each axis. */
export function doubleBilinear(
  x: Address,
  y: Address,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  scratch: Address,
): void {
  const pixel = (<usize>channels) << 2;
  const bytes = (<usize>width) * pixel;
  const row = scratch + pixel;
  for (let image = 0; image < images; image++) {
    for (let from = 0; from < height; from++) {
      for (let side = -1; side <= 1; side += 2) {
        const other = max(0, min(height - 1, from + side));
        mixRows(x + <usize>from * bytes, x + <usize>other * bytes, row, bytes);
        repeatEnds(row, bytes, pixel);
        doubleRow(row, y, width, channels);
        y += 2 * bytes;
      }
    }
    x += (<usize>height) * bytes;
  }
}

function mixRows(near: usize, far: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(to + i, mixed(v128.load(near + i), v128.load(far + i)));
  }
  for (; i < bytes; i += 4) {
    store<f32>(to + i, load<f32>(near + i) * 0.75 + load<f32>(far + i) * 0.25);
  }
}

function doubleRow(row: usize, to: usize, width: i32, channels: i32): void {
  const pixel = (<usize>channels) << 2;
  for (let x = 0; x < width; x++) {
    let i: usize = 0;
    for (; i + 16 <= pixel; i += 16) {
      const v = v128.load(row + i);
      v128.store(to + i, mixed(v, v128.load(row + i - pixel)));
      v128.store(to + i + pixel, mixed(v, v128.load(row + i + pixel)));
    }
    for (; i < pixel; i += 4) {
      const v = load<f32>(row + i) * 0.75;
      store<f32>(to + i, v + load<f32>(row + i - pixel) * 0.25);
      store<f32>(to + i + pixel, v + load<f32>(row + i + pixel) * 0.25);
    }
    row += pixel;
    to += 2 * pixel;
  }
}

/** The adjoint of `doubleBilinear`: dy [images, 2 height, 2 width, channels] to dx. */
export function doubleBilinearGrad(
  dy: Address,
  dx: Address,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  scratch: Address,
): void {
  const pixel = (<usize>channels) << 2;
  const bytes = (<usize>(2 * width)) * pixel;
  const row = scratch + pixel;
  for (let image = 0; image < images; image++) {
    for (let to = 0; to < height; to++) {
      const near = dy + <usize>(2 * to) * bytes;
      // The outermost row stands for its missing neighbour too.
      const above = to > 0 ? near - bytes : near;
      const below = to + 1 < height ? near + 2 * bytes : near + bytes;
      sumRows(above, near, near + bytes, below, row, bytes);
      repeatEnds(row, bytes, pixel);
      halveRow(row, dx, width, channels);
      dx += bytes >> 1;
    }
    dy += (<usize>(2 * height)) * bytes;
  }
}

function sumRows(above: usize, a: usize, b: usize, below: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const near = f32x4.add(v128.load(a + i), v128.load(b + i));
    const far = f32x4.add(v128.load(above + i), v128.load(below + i));
    v128.store(to + i, mixed(near, far));
  }
  for (; i < bytes; i += 4) {
    const near = load<f32>(a + i) + load<f32>(b + i);
    store<f32>(to + i, near * 0.75 + (load<f32>(above + i) + load<f32>(below + i)) * 0.25);
  }
}

function halveRow(row: usize, to: usize, width: i32, channels: i32): void {
  const pixel = (<usize>channels) << 2;
  for (let x = 0; x < width; x++) {
    let i: usize = 0;
    for (; i + 16 <= pixel; i += 16) {
      const from = row + i;
      const near = f32x4.add(v128.load(from), v128.load(from + pixel));
      const far = f32x4.add(v128.load(from - pixel), v128.load(from + 2 * pixel));
      v128.store(to + i, mixed(near, far));
    }
    for (; i < pixel; i += 4) {
      const from = row + i;
      const near = load<f32>(from) + load<f32>(from + pixel);
      const far = load<f32>(from - pixel) + load<f32>(from + 2 * pixel);
      store<f32>(to + i, near * 0.75 + far * 0.25);
    }
    row += 2 * pixel;
    to += pixel;
  }
}
