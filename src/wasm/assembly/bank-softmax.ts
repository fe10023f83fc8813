import { Address } from './address';
import { BLOCK_ROWS, cosineStride, paddedQueries, products, productsScratch } from './bank-products';
import { exponential } from './exponential';
import { panels } from './panel';
import { ROW_ENTRY, TILE_COLUMNS, TILE_ROWS } from './tile';

/** Bytes of scratch for `bankSoftmax`: products, a table of queries, and an edge of a tile. */
export function bankSoftmaxScratch(batch: i32, dim: i32): usize {
  const table = <usize>(paddedQueries(batch) + TILE_ROWS) * ROW_ENTRY;
  const edge = <usize>TILE_ROWS * (ROW_ENTRY + <usize>TILE_COLUMNS * 4);
  return productsScratch(batch, dim) + table + edge + 32;
}

/**
 * The softmax of logits s_j = scale * cosine over the bank, in one pass: the largest logit L, the sum
 * Z = sum e^(s - L), and the sum of the rows weighted so, which is Z times their expectation.
 *
 * @param packed queries in panels of eight. @param largest, totals [padded queries].
 * @param weighted [batch, dim].
 */
export function bankSoftmax(
  packed: Address,
  batch: i32,
  rows: Address,
  size: i32,
  dim: i32,
  scale: f32,
  largest: Address,
  totals: Address,
  weighted: Address,
  scratch: Address,
): void {
  const padded = <usize>paddedQueries(batch);
  const stride = cosineStride(batch);
  const segments = scratch;
  const table = scratch + 16;
  const edge = table + (padded + <usize>TILE_ROWS) * ROW_ENTRY;
  const block = edge + <usize>TILE_ROWS * (ROW_ENTRY + <usize>TILE_COLUMNS * 4);
  const rowBytes = (<usize>dim) << 2;
  memory.fill(weighted, 0, <usize>batch * rowBytes);
  memory.fill(totals, 0, padded << 2);
  for (let q: usize = 0; q < padded; q++) store<f32>(largest + (q << 2), -f32.MAX_VALUE);
  store<u32>(segments, 0);
  const scales = f32x4.splat(scale);
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const row = rows + <usize>first * rowBytes;
    const cosines = products(packed, batch, row, count, dim, block);
    for (let q: usize = 0; q < padded; q += 4) {
      const lanes = q << 2;
      const from = cosines + lanes;
      const before = v128.load(largest + lanes);
      let most = before;
      for (let r = 0; r < count; r++) {
        most = f32x4.max(most, f32x4.mul(v128.load(from + <usize>r * stride), scales));
      }
      v128.store(largest + lanes, most);
      const fade = exponential(f32x4.sub(before, most));
      let total = f32x4.mul(v128.load(totals + lanes), fade);
      let sum = f32x4.splat(0);
      for (let r = 0; r < count; r++) {
        const at = from + <usize>r * stride;
        const weight = exponential(f32x4.sub(f32x4.mul(v128.load(at), scales), most));
        sum = f32x4.add(sum, weight);
        v128.store(at, weight);
      }
      total = f32x4.add(total, sum);
      v128.store(totals + lanes, total);
      if (v128.any_true(f32x4.ne(before, most))) fadeRows(weighted, <i32>q, batch, dim, fade);
    }
    for (let q: usize = 0; q < <usize>batch; q++) {
      store<u32>(table + q * ROW_ENTRY, <u32>(cosines + (q << 2)));
      store<u32>(table + q * ROW_ENTRY, <u32>(weighted + q * rowBytes), 4);
    }
    panels(table, batch, dim, segments, 1, count, stride, row, rowBytes, 32, true, edge);
  }
}

/** Scales the sums of four queries to a larger largest logit. */
function fadeRows(weighted: usize, first: i32, batch: i32, dim: i32, fade: v128): void {
  const rowBytes = (<usize>dim) << 2;
  for (let lane = 0; lane < 4 && first + lane < batch; lane++) {
    const factor = f32x4.extract_lane(fade, 0);
    let at = weighted + <usize>(first + lane) * rowBytes;
    const end = at + rowBytes;
    for (; at < end; at += 4) store<f32>(at, load<f32>(at) * factor);
    fade = v128.shuffle<f32>(fade, fade, 1, 2, 3, 0);
  }
}

/** Merges the softmax of other rows, as `bankSoftmax` gives it, into that of rows ahead of them. */
export function mergeSoftmax(
  largest: Address,
  totals: Address,
  weighted: Address,
  otherLargest: Address,
  otherTotals: Address,
  otherWeighted: Address,
  batch: i32,
  dim: i32,
): void {
  for (; batch > 0; batch--) {
    const one = v128.load32_splat(largest);
    const other = v128.load32_splat(otherLargest);
    const most = f32x4.max(one, other);
    const fade = exponential(f32x4.sub(one, most));
    const otherFade = exponential(f32x4.sub(other, most));
    const total = f32x4.add(
      f32x4.mul(v128.load32_splat(totals), fade),
      f32x4.mul(v128.load32_splat(otherTotals), otherFade),
    );
    store<f32>(largest, f32x4.extract_lane(most, 0));
    store<f32>(totals, f32x4.extract_lane(total, 0));
    for (let i = 0; i < dim; i++, weighted += 4, otherWeighted += 4) {
      const sum = load<f32>(weighted) * f32x4.extract_lane(fade, 0);
      store<f32>(weighted, sum + load<f32>(otherWeighted) * f32x4.extract_lane(otherFade, 0));
    }
    largest += 4;
    totals += 4;
    otherLargest += 4;
    otherTotals += 4;
  }
}
