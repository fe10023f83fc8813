import { Address } from './address';
import { BLOCK_ROWS, cosineStride, paddedQueries, products, productsScratch } from './bank-products';
import { exponential } from './exponential';
import { offer } from './offer';
import { sortHeap } from './top-rows';

/** Bytes of scratch for `bankNeighbors`: running sums, own rows, heaps and products. */
export function bankNeighborsScratch(batch: i32, k: i32, dim: i32): usize {
  return <usize>paddedQueries(batch) * 32 + <usize>(batch * k) * 4 + productsScratch(batch, dim);
}

/**
 * Each query's k rows of largest cosine, its own left out, and the entropy of its probabilities
 * exp(s_j) / sum exp(s) of logits s_j = scale * cosine.
 *
 * One pass keeps the largest logit L so far, Z = sum e^(s - L) and S = sum (s - L) e^(s - L): the entropy is
 * log Z - S / Z.
 *
 * @param packed queries in panels of eight. @param own [batch], the row that is the query itself.
 * @param includeSelf whether the own row is among the probabilities.
 * @param sums [2, batch], Z and S, `sumsStep` bytes apart. @param indices [batch, k].
 */
export function bankNeighbors(
  packed: Address,
  batch: i32,
  rows: Address,
  size: i32,
  dim: i32,
  own: Address,
  k: i32,
  scale: f32,
  includeSelf: bool,
  sums: Address,
  sumsStep: usize,
  indices: Address,
  scratch: Address,
): void {
  const padded = <usize>paddedQueries(batch);
  const totals = scratch;
  const spreads = totals + (padded << 3);
  const largest = spreads + (padded << 3);
  const thresholds = largest + (padded << 2);
  const counts = thresholds + (padded << 2);
  const ownRows = counts + (padded << 2);
  const block = ownRows + (padded << 2);
  const cosinesTaken = block + productsScratch(batch, dim);
  memory.fill(indices, 0, (<usize>(batch * k)) << 2);
  memory.fill(scratch, 0, padded << 5);
  for (let i: usize = 0; i < padded; i++) {
    const exists = i < <usize>batch;
    store<f32>(largest + (i << 2), -f32.MAX_VALUE);
    store<f32>(thresholds + (i << 2), exists && k > 0 ? -f32.MAX_VALUE : f32.MAX_VALUE);
    store<i32>(ownRows + (i << 2), exists ? load<i32>(own + (i << 2)) : -1);
  }
  const stride = cosineStride(batch);
  const scales = f32x4.splat(scale);
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const row = rows + ((<usize>first * <usize>dim) << 2);
    const cosines = products(packed, batch, row, count, dim, block);
    for (let q: usize = 0; q < padded; q += 4) {
      const lanes = q << 2;
      const ownLanes = v128.load(ownRows + lanes);
      const from = cosines + lanes;
      // The largest logit of the block, and the nearest rows.
      const before = v128.load(largest + lanes);
      let most = before;
      let threshold = v128.load(thresholds + lanes);
      for (let r = 0; r < count; r++) {
        const at = from + <usize>r * stride;
        const cosine = v128.load(at);
        const self = i32x4.eq(ownLanes, i32x4.splat(first + r));
        const logit = f32x4.mul(cosine, scales);
        const counted = includeSelf ? logit : v128.bitselect(most, logit, self);
        most = f32x4.max(most, counted);
        const above = v128.andnot(f32x4.gt(cosine, threshold), self);
        if (!v128.any_true(above)) continue;
        offer(above, at, <i32>q, first + r, k, cosinesTaken, indices, counts, thresholds);
        threshold = v128.load(thresholds + lanes);
      }
      v128.store(largest + lanes, most);
      let total = f32x4.splat(0);
      let spread = f32x4.splat(0);
      for (let r = 0; r < count; r++) {
        const cosine = v128.load(from + <usize>r * stride);
        const shifted = f32x4.min(f32x4.sub(f32x4.mul(cosine, scales), most), f32x4.splat(0));
        let weight = exponential(shifted);
        if (!includeSelf) {
          weight = v128.andnot(weight, i32x4.eq(ownLanes, i32x4.splat(first + r)));
        }
        total = f32x4.add(total, weight);
        spread = f32x4.add(spread, f32x4.mul(weight, shifted));
      }
      // What came before was relative to the largest logit of then.
      const drop = f32x4.sub(before, most);
      const fade = exponential(drop);
      for (let lane: usize = 0; lane < 4; lane++) {
        const at = (q + lane) << 3;
        const old = load<f64>(totals + at);
        const moved = old == 0 ? 0 : load<f64>(spreads + at) + <f64>laneOf(drop, lane) * old;
        const kept = <f64>laneOf(fade, lane);
        store<f64>(totals + at, old * kept + <f64>laneOf(total, lane));
        store<f64>(spreads + at, moved * kept + <f64>laneOf(spread, lane));
      }
    }
  }
  for (let i: usize = 0; i < <usize>batch; i++) {
    // Without another row there is nothing to be spread over: an entropy of 0.
    const total = load<f64>(totals + (i << 3));
    store<f32>(sums + (i << 2), total == 0 ? 1 : <f32>total);
    store<f32>(sums + sumsStep + (i << 2), <f32>load<f64>(spreads + (i << 3)));
    const heap = (i * <usize>k) << 2;
    sortHeap(cosinesTaken + heap, indices + heap, k);
  }
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function laneOf(v: v128, lane: usize): f32 {
  if (lane == 0) return f32x4.extract_lane(v, 0);
  if (lane == 1) return f32x4.extract_lane(v, 1);
  if (lane == 2) return f32x4.extract_lane(v, 2);
  return f32x4.extract_lane(v, 3);
}
