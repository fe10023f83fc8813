import { Address } from './address';
import { arcCosine } from './arc-cosine';
import { BLOCK_ROWS, cosineStride, paddedQueries, products, productsScratch } from './bank-products';
import { candidateRoom, cosineOf, pickOut, putDown, rowOf, sorted } from './candidates';

/**
 * Bytes of scratch for `bankScan`: sums, thresholds, own rows and counts of the queries, their candidates, of which one list is sorted at
 * a time, and products.
 */
export function bankScanScratch(batch: i32, size: i32, dim: i32, k: i32): usize {
  const lists = (<usize>(batch + 1) * <usize>candidateRoom(k, size)) << 3;
  return (<usize>paddedQueries(batch)) * 20 + lists + productsScratch(batch, dim);
}

/**
 * The k rows nearest to each query, their exact angles, and the sum of the angles to all other rows kept.
 *
 * @param queries [batch, dim]. @param packed the same in panels of eight. @param rows [size, dim].
 * @param keep [size], 0 for a row left out; or no address. @param own [batch], a row left out for the query
 * or -1; or no address. @param k at most the rows kept.
 * @param nearest [batch, k], radians. @param indices [batch, k]. @param others [batch], radians.
 */
export function bankScan(
  queries: Address,
  packed: Address,
  batch: i32,
  rows: Address,
  size: i32,
  dim: i32,
  keep: Address,
  own: Address,
  k: i32,
  nearest: Address,
  indices: Address,
  others: Address,
  scratch: Address,
): void {
  const padded = paddedQueries(batch);
  const sums = scratch;
  const thresholds = sums + ((<usize>padded) << 3);
  const ownRows = thresholds + ((<usize>padded) << 2);
  const counts = ownRows + ((<usize>padded) << 2);
  const lists = counts + ((<usize>padded) << 2);
  const room = candidateRoom(k, size);
  const listBytes = <usize>room << 3;
  const other = lists + <usize>batch * listBytes;
  const block = other + listBytes;
  for (let i: usize = 0; i < <usize>padded; i++) {
    const exists = i < <usize>batch;
    store<f64>(sums + (i << 3), 0);
    store<f32>(thresholds + (i << 2), exists ? -f32.MAX_VALUE : f32.MAX_VALUE);
    store<i32>(ownRows + (i << 2), exists && own != 0 ? load<i32>(own + (i << 2)) : -1);
    store<i32>(counts + (i << 2), 0);
  }
  // Where a cosine is not a number, fewer than k rows are taken.
  memory.fill(indices, 0, (<usize>(batch * k)) << 2);
  memory.fill(nearest, 0xff, (<usize>(batch * k)) << 2);
  const rowBytes = (<usize>dim) << 2;
  const stride = cosineStride(batch);
  for (let first = 0; first < size; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, size - first);
    const cosines = products(packed, batch, rows + <usize>first * rowBytes, count, dim, block);
    for (let q = 0; q < padded; q += 4) {
      const lanes = (<usize>q) << 2;
      const ownLanes = v128.load(ownRows + lanes);
      let threshold = v128.load(thresholds + lanes);
      let sum = f32x4.splat(0);
      let from = cosines + lanes;
      for (let row = first; row < first + count; row++, from += stride) {
        if (keep != 0 && load<f32>(keep + ((<usize>row) << 2)) == 0) continue;
        const cosine = v128.load(from);
        const left = i32x4.eq(ownLanes, i32x4.splat(row));
        sum = f32x4.add(sum, v128.andnot(arcCosine(cosine), left));
        const above = v128.andnot(f32x4.gt(cosine, threshold), left);
        if (!v128.any_true(above)) continue;
        putDown(above, from, q, row, k, room, lists, counts, thresholds);
        threshold = v128.load(thresholds + lanes);
      }
      const to = sums + ((<usize>q) << 3);
      const high = v128.shuffle<f32>(sum, sum, 2, 3, 2, 3);
      v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(sum)));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
    }
  }
  for (let i = 0; i < batch; i++) {
    const place = (<usize>(i * k)) << 2;
    const list = lists + <usize>i * listBytes;
    const count = load<i32>(counts + ((<usize>i) << 2));
    const found = min(count, k);
    if (count > k) pickOut(list, count, k);
    const from = sorted(list, found, other);
    const z = queries + <usize>i * rowBytes;
    for (let j: usize = 0; j < <usize>found; j++) {
      const each = load<u64>(from + (j << 3));
      const to = (j << 2) + place;
      store<i32>(indices + to, rowOf(each));
      store<f32>(nearest + to, cosineOf(each));
    }
    const sum = load<f64>(sums + ((<usize>i) << 3)) - sumOfArcs(nearest + place, k);
    for (let j: usize = 0; j < <usize>k; j++) {
      const to = nearest + place + (j << 2);
      const row = rows + <usize>load<i32>(indices + place + (j << 2)) * rowBytes;
      store<f32>(to, exactAngle(z, row, dim));
    }
    store<f32>(others + ((<usize>i) << 2), <f32>sum);
  }
}

/** The sum of the arc cosines of some cosines. */
function sumOfArcs(cosines: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (; count >= 4; count -= 4, cosines += 16) sum += total(arcCosine(v128.load(cosines)));
  for (; count > 0; count--, cosines += 4) {
    sum += <f64>f32x4.extract_lane(arcCosine(v128.load32_splat(cosines)), 0);
  }
  return sum;
}

/** 2 atan2(|u - v|, |u + v|): exact near 0, where an arc cosine loses half its digits. */
function exactAngle(u: usize, v: usize, dim: i32): f32 {
  // Two sums of each, since an addition waits for the one before.
  let apart = f32x4.splat(0);
  let along = f32x4.splat(0);
  let otherApart = f32x4.splat(0);
  let otherAlong = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= dim; i += 8, u += 32, v += 32) {
    const x = v128.load(u);
    const y = v128.load(v);
    const difference = f32x4.sub(x, y);
    const sum = f32x4.add(x, y);
    apart = f32x4.add(apart, f32x4.mul(difference, difference));
    along = f32x4.add(along, f32x4.mul(sum, sum));
    const otherX = v128.load(u, 16);
    const otherY = v128.load(v, 16);
    const otherDifference = f32x4.sub(otherX, otherY);
    const otherSum = f32x4.add(otherX, otherY);
    otherApart = f32x4.add(otherApart, f32x4.mul(otherDifference, otherDifference));
    otherAlong = f32x4.add(otherAlong, f32x4.mul(otherSum, otherSum));
  }
  let a = total(apart) + total(otherApart);
  let b = total(along) + total(otherAlong);
  for (; i < dim; i++, u += 4, v += 4) {
    const difference = <f64>load<f32>(u) - <f64>load<f32>(v);
    const sum = <f64>load<f32>(u) + <f64>load<f32>(v);
    a += difference * difference;
    b += sum * sum;
  }
  return <f32>(2 * Math.atan2(Math.sqrt(a), Math.sqrt(b)));
}

function total(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    <f64>f32x4.extract_lane(v, 2) +
    <f64>f32x4.extract_lane(v, 3)
  );
}
