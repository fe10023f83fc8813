import { Address } from './address';
import { leakyGradient } from './leaky-relu';
import { blockRowsOf, pixelsOfRow, repeat } from './pixel-rows';

/**
 * The gradients by scale and offset, and the tables by which that of x is computed.
 *
 * @param state sums of all pixels, of `normalizeGradSums`.
 */
export function normalizeGradTables(
  state: Address,
  pixels: i32,
  channels: i32,
  scale: Address,
  mean: Address,
  variance: Address,
  dScale: Address,
  dOffset: Address,
  epsilon: f32,
  tables: Address,
): void {
  const row = channels * pixelsOfRow(channels);
  const rowBytes = (<usize>row) << 2;
  const means = tables;
  const factors = means + rowBytes;
  const shifts = factors + rowBytes;
  const pulls = shifts + rowBytes;
  memory.copy(means, mean, (<usize>channels) << 2);
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    const sums = state + (<usize>c) * 16;
    const inverse = 1 / sqrt(<f64>load<f32>(variance + at) + <f64>epsilon);
    const factor = <f64>load<f32>(scale + at) * inverse;
    const sum = load<f64>(sums);
    const product = load<f64>(sums, 8);
    store<f32>(dOffset + at, <f32>sum);
    store<f32>(dScale + at, <f32>(product * inverse));
    store<f32>(factors + at, <f32>factor);
    store<f32>(shifts + at, <f32>((factor * sum) / <f64>pixels));
    store<f32>(pulls + at, <f32>((factor * inverse * inverse * product) / <f64>pixels));
  }
  repeat(means, channels, row);
  repeat(factors, channels, row);
  repeat(shifts, channels, row);
  repeat(pulls, channels, row);
}

/** The gradient by x, of dy, what came in and what went out. @param tables of `normalizeGradTables`. */
export function normalizeGradPixels(
  x: Address,
  y: Address,
  dy: Address,
  dx: Address,
  pixels: i32,
  channels: i32,
  tables: Address,
  slope: f32,
): void {
  const row = channels * pixelsOfRow(channels);
  const rowBytes = (<usize>row) << 2;
  const means = tables;
  const factors = means + rowBytes;
  const shifts = factors + rowBytes;
  const pulls = shifts + rowBytes;
  const slopes = f32x4.splat(slope);
  let left = pixels * channels;
  for (; left >= row; left -= row) {
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const g = leakyGradient(v128.load(dy + i), v128.load(y + i), slopes);
      const centred = f32x4.sub(v128.load(x + i), v128.load(means + i));
      const pull = f32x4.mul(centred, v128.load(pulls + i));
      const push = f32x4.sub(f32x4.mul(g, v128.load(factors + i)), v128.load(shifts + i));
      v128.store(dx + i, f32x4.sub(push, pull));
    }
    x += rowBytes;
    y += rowBytes;
    dy += rowBytes;
    dx += rowBytes;
  }
  for (let i: usize = 0; i < (<usize>left) << 2; i += 4) {
    const g = load<f32>(dy + i) * (load<f32>(y + i) > 0 ? 1 : slope);
    const pull = (load<f32>(x + i) - load<f32>(means + i)) * load<f32>(pulls + i);
    store<f32>(dx + i, g * load<f32>(factors + i) - load<f32>(shifts + i) - pull);
  }
}

/** Sums of g and of g * (x - mean) over every channel's pixels of a set, in float64, block by block. */
export function normalizeGradSums(
  x: Address,
  y: Address,
  dy: Address,
  pixels: i32,
  channels: i32,
  mean: Address,
  slope: f32,
  state: Address,
  scratch: Address,
): void {
  memory.fill(state, 0, (<usize>channels) * 16);
  const row = channels * pixelsOfRow(channels);
  const rowBytes = (<usize>row) << 2;
  const means = scratch;
  const blockSums = means + rowBytes;
  memory.copy(means, mean, (<usize>channels) << 2);
  repeat(means, channels, row);
  const products = blockSums + rowBytes;
  const blockRows = blockRowsOf(row);
  let left = pixels * channels;
  while (left >= row) {
    const some = min(left / row, blockRows);
    for (let i: usize = 0; i < rowBytes; i += 32) {
      gradientSumsOfRows(x + i, y + i, dy + i, some, rowBytes, means + i, slope, blockSums + i, products + i);
    }
    for (let i = 0; i < row; i += channels) {
      for (let c = 0; c < channels; c++) {
        const at = (<usize>(i + c)) << 2;
        add(state + (<usize>c) * 16, load<f32>(blockSums + at), load<f32>(products + at));
      }
    }
    const bytes = (<usize>some) * rowBytes;
    x += bytes;
    y += bytes;
    dy += bytes;
    left -= some * row;
  }
  for (let i = 0; i < left; i++) {
    const at = (<usize>i) << 2;
    const g = load<f32>(dy + at) * (load<f32>(y + at) > 0 ? 1 : slope);
    add(state + (<usize>(i % channels)) * 16, g, g * (load<f32>(x + at) - load<f32>(means + at)));
  }
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function add(state: usize, sum: f32, product: f32): void {
  store<f64>(state, load<f64>(state) + <f64>sum);
  store<f64>(state, load<f64>(state, 8) + <f64>product, 8);
}

/** The same sums of eight columns of a block. */
function gradientSumsOfRows(
  x: usize,
  y: usize,
  dy: usize,
  rows: i32,
  rowBytes: usize,
  means: usize,
  slope: f32,
  sums: usize,
  products: usize,
): void {
  const slopes = f32x4.splat(slope);
  const m0 = v128.load(means);
  const m1 = v128.load(means, 16);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let p0 = f32x4.splat(0);
  let p1 = f32x4.splat(0);
  for (; rows > 0; rows--) {
    const g0 = leakyGradient(v128.load(dy), v128.load(y), slopes);
    const g1 = leakyGradient(v128.load(dy, 16), v128.load(y, 16), slopes);
    s0 = f32x4.add(s0, g0);
    s1 = f32x4.add(s1, g1);
    p0 = f32x4.add(p0, f32x4.mul(g0, f32x4.sub(v128.load(x), m0)));
    p1 = f32x4.add(p1, f32x4.mul(g1, f32x4.sub(v128.load(x, 16), m1)));
    x += rowBytes;
    y += rowBytes;
    dy += rowBytes;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(products, p0);
  v128.store(products, p1, 16);
}
