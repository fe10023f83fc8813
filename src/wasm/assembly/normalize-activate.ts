import { Address } from './address';
import { leaky } from './leaky-relu';
import { mergeMoments, momentsOfRows } from './moments';
import { blockRowsOf, pixelsOfRow, repeat } from './pixel-rows';

/**
 * Mean and biased variance of every channel, and the tables by which pixels are normalised.
 *
 * @param state mean and sum of squared deviations of all pixels, of `normalizeMoments`.
 */
export function normalizeTables(
  state: Address,
  pixels: i32,
  channels: i32,
  scale: Address,
  offset: Address,
  mean: Address,
  variance: Address,
  epsilon: f32,
  tables: Address,
): void {
  const row = channels * pixelsOfRow(channels);
  const rowBytes = (<usize>row) << 2;
  const means = tables;
  const factors = means + rowBytes;
  const offsets = factors + rowBytes;
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    const moments = state + (<usize>c) * 16;
    const spread = load<f64>(moments, 8) / <f64>pixels;
    store<f32>(mean + at, <f32>load<f64>(moments));
    store<f32>(variance + at, <f32>spread);
    store<f32>(means + at, load<f32>(mean + at));
    store<f32>(factors + at, <f32>(<f64>load<f32>(scale + at) / sqrt(spread + <f64>epsilon)));
    store<f32>(offsets + at, load<f32>(offset + at));
  }
  repeat(means, channels, row);
  repeat(factors, channels, row);
  repeat(offsets, channels, row);
}

/** y = leaky((x - mean) * factor + offset). @param tables of `normalizeTables`. */
export function normalizePixels(
  x: Address,
  y: Address,
  pixels: i32,
  channels: i32,
  tables: Address,
  slope: f32,
): void {
  const row = channels * pixelsOfRow(channels);
  const rowBytes = (<usize>row) << 2;
  const means = tables;
  const factors = means + rowBytes;
  const offsets = factors + rowBytes;
  const slopes = f32x4.splat(slope);
  let left = pixels * channels;
  for (; left >= row; left -= row) {
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), v128.load(means + i));
      const z = f32x4.add(f32x4.mul(centred, v128.load(factors + i)), v128.load(offsets + i));
      v128.store(y + i, leaky(z, slopes));
    }
    x += rowBytes;
    y += rowBytes;
  }
  for (let i: usize = 0; i < (<usize>left) << 2; i += 4) {
    const centred = load<f32>(x + i) - load<f32>(means + i);
    const z = centred * load<f32>(factors + i) + load<f32>(offsets + i);
    store<f32>(y + i, z > 0 ? z : slope * z);
  }
}

/** Mean and sum of squared deviations of every channel of a set of pixels, in float64, merged block by block. */
export function normalizeMoments(
  x: Address,
  pixels: i32,
  channels: i32,
  state: Address,
  blockMeans: Address,
): void {
  memory.fill(state, 0, (<usize>channels) * 16);
  const perRow = pixelsOfRow(channels);
  const row = channels * perRow;
  const deviations = blockMeans + ((<usize>row) << 2);
  const blockRows = blockRowsOf(row);
  let count = 0;
  for (let rows = pixels / perRow; rows > 0; ) {
    const some = min(rows, blockRows);
    momentsOfRows(x, some, row, blockMeans, deviations);
    for (let k = 0; k < perRow; k++) {
      const at = (<usize>(k * channels)) << 2;
      mergeMoments(state, channels, count, blockMeans + at, deviations + at, some);
      count += some;
    }
    x += (<usize>(some * row)) << 2;
    rows -= some;
  }
  memory.fill(deviations, 0, (<usize>channels) << 2);
  for (; count < pixels; count++) {
    mergeMoments(state, channels, count, x, deviations, 1);
    x += (<usize>channels) << 2;
  }
}
