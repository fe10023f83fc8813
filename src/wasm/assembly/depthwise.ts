import { Address } from './address';
import { held } from './clip';
import { multiplyAdd } from './multiply-add';

/** Output places of a row that are computed together: each tap is loaded once for all of them. */
const TOGETHER: i32 = 4;

/**
 * A depthwise convolution of images, channels last, with its bias, held between two limits; NaN stays NaN.
 *
 *     Y[y, x, c] = clip(bias[c] + sum_{k, l} X[y * rowStride + k - top, x * columnStride + l - left, c] * W[k, l, c])
 *
 * Taps outside an image are passed over, so that it needs no frame of zeros. Every place sums its taps in the same order.
 *
 * @param filter [channels / 4, tapRows, tapColumns, 4], of `packDepthwise`, zeros where channels are missing.
 * @param bias [channels]; no address where there is none.
 * @param top, left rows and columns of zeros ahead of an image.
 */
export function depthwise(
  x: Address,
  filter: Address,
  bias: Address,
  y: Address,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  tapRows: i32,
  tapColumns: i32,
  rowStride: i32,
  columnStride: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  least: f32,
  most: f32,
): void {
  const column = (<usize>channels) << 2;
  const row = <usize>width * column;
  const step = <usize>columnStride * column;
  const filterBytes = (<usize>(tapRows * tapColumns)) << 4;
  const whole = channels & ~3;
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  // Output columns whose window is within the image; where they are few, each is computed by itself.
  const inside = min(outWidth, (left + columnStride - 1) / columnStride);
  const within = width - tapColumns + left;
  let end = within < 0 ? inside : max(inside, min(outWidth, within / columnStride + 1));
  if (end - inside < TOGETHER) end = inside;
  for (let image = 0; image < images; image++, x += <usize>height * row) {
    let fetched = 0;
    for (let j = 0; j < outHeight; j++, y += <usize>outWidth * column) {
      const above = j * rowStride - top;
      const firstRow = max(0, -above);
      const rows = max(0, min(tapRows, height - above) - firstRow);
      const from = x + <usize>(above + firstRow) * row - <usize>left * column;
      const taps = filter + ((<usize>(firstRow * tapColumns)) << 4);
      for (; fetched < min(height, above + tapRows); fetched++) fetch(x + <usize>fetched * row, row);
      for (let i = 0; i < outWidth; ) {
        if (i >= inside && i < end) {
          // The last ones of a row are computed along with some of those before them.
          const first = min(i, end - TOGETHER);
          const source = from + <usize>first * step;
          const target = y + <usize>first * column;
          if (columnStride == 1) {
            fourAdjacent(source, taps, bias, target, channels, rows, tapColumns, filterBytes, row, column, low, high);
          } else {
            fourApart(source, taps, bias, target, channels, rows, tapColumns, filterBytes, row, column, step, low, high);
          }
          for (; i < first + TOGETHER; i++) {
            // What fills no vector of channels.
            if (whole == channels) continue;
            onePlace(from + <usize>i * step, taps, bias, y + <usize>i * column, channels, whole, rows, tapColumns, tapColumns, filterBytes, row, column, low, high);
          }
        } else {
          const before = i * columnStride - left;
          const firstColumn = max(0, -before);
          const columns = max(0, min(tapColumns, width - before) - firstColumn);
          const source = from + <usize>(i * columnStride + firstColumn) * column;
          const first = taps + ((<usize>firstColumn) << 4);
          onePlace(source, first, bias, y + <usize>i * column, channels, 0, rows, columns, tapColumns, filterBytes, row, column, low, high);
          i++;
        }
      }
    }
  }
}

/**
 * Brings bytes into the cache, one line after the other: read as they are needed, from many rows and places at once, they
 * come more slowly.
 */
function fetch(from: usize, bytes: usize): void {
  const end = from + bytes;
  for (; from < end; from += 64) load<u8>(from);
}

/** Four places side by side, whose windows are within the image, and overlap by all but a column. */
function fourAdjacent(
  from: usize,
  filter: usize,
  bias: usize,
  to: usize,
  channels: i32,
  rows: i32,
  tapColumns: i32,
  filterBytes: usize,
  row: usize,
  column: usize,
  low: v128,
  high: v128,
): void {
  for (let channel = 0; channel + 4 <= channels; channel += 4) {
    let s0 = bias ? v128.load(bias + ((<usize>channel) << 2)) : f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let w = filter;
    let p = from;
    for (let k = rows; k > 0; k--) {
      let p0 = p;
      let l = tapColumns;
      for (; l >= 3; l -= 3) {
        const p1 = p0 + column;
        const p2 = p1 + column;
        const p3 = p2 + column;
        const p4 = p3 + column;
        const p5 = p4 + column;
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        const w2 = v128.load(w, 32);
        const x1 = v128.load(p1);
        const x2 = v128.load(p2);
        const x3 = v128.load(p3);
        const x4 = v128.load(p4);
        s0 = multiplyAdd(x2, w2, multiplyAdd(x1, w1, multiplyAdd(v128.load(p0), w0, s0)));
        s1 = multiplyAdd(x3, w2, multiplyAdd(x2, w1, multiplyAdd(x1, w0, s1)));
        s2 = multiplyAdd(x4, w2, multiplyAdd(x3, w1, multiplyAdd(x2, w0, s2)));
        s3 = multiplyAdd(v128.load(p5), w2, multiplyAdd(x4, w1, multiplyAdd(x3, w0, s3)));
        w += 48;
        p0 = p3;
      }
      for (; l > 0; l--) {
        const p1 = p0 + column;
        const p2 = p1 + column;
        const p3 = p2 + column;
        const tap = v128.load(w);
        s0 = multiplyAdd(v128.load(p0), tap, s0);
        s1 = multiplyAdd(v128.load(p1), tap, s1);
        s2 = multiplyAdd(v128.load(p2), tap, s2);
        s3 = multiplyAdd(v128.load(p3), tap, s3);
        w += 16;
        p0 = p1;
      }
      p += row;
    }
    v128.store(to, held(s0, low, high));
    v128.store(to + column, held(s1, low, high));
    v128.store(to + 2 * column, held(s2, low, high));
    v128.store(to + 3 * column, held(s3, low, high));
    filter += filterBytes;
    from += 16;
    to += 16;
  }
}

/** Four places side by side, `step` bytes apart, whose windows are within the image. */
function fourApart(
  from: usize,
  filter: usize,
  bias: usize,
  to: usize,
  channels: i32,
  rows: i32,
  tapColumns: i32,
  filterBytes: usize,
  row: usize,
  column: usize,
  step: usize,
  low: v128,
  high: v128,
): void {
  const nextRow = row - <usize>tapColumns * column;
  for (let channel = 0; channel + 4 <= channels; channel += 4) {
    let s0 = bias ? v128.load(bias + ((<usize>channel) << 2)) : f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let w = filter;
    let p0 = from;
    let p1 = p0 + step;
    let p2 = p1 + step;
    let p3 = p2 + step;
    for (let k = rows; k > 0; k--) {
      for (let l = tapColumns; l > 0; l--) {
        const tap = v128.load(w);
        s0 = multiplyAdd(v128.load(p0), tap, s0);
        s1 = multiplyAdd(v128.load(p1), tap, s1);
        s2 = multiplyAdd(v128.load(p2), tap, s2);
        s3 = multiplyAdd(v128.load(p3), tap, s3);
        w += 16;
        p0 += column;
        p1 += column;
        p2 += column;
        p3 += column;
      }
      p0 += nextRow;
      p1 += nextRow;
      p2 += nextRow;
      p3 += nextRow;
    }
    v128.store(to, held(s0, low, high));
    v128.store(to + column, held(s1, low, high));
    v128.store(to + 2 * column, held(s2, low, high));
    v128.store(to + 3 * column, held(s3, low, high));
    filter += filterBytes;
    from += 16;
    to += 16;
  }
}

/** One place, from a channel on; so many rows and columns of its window are within the image. */
function onePlace(
  from: usize,
  filter: usize,
  bias: usize,
  to: usize,
  channels: i32,
  first: i32,
  rows: i32,
  columns: i32,
  tapColumns: i32,
  filterBytes: usize,
  row: usize,
  column: usize,
  low: v128,
  high: v128,
): void {
  for (let channel = first; channel < channels; channel += 4) {
    const at = (<usize>channel) << 2;
    const count = channels - channel;
    const group = filter + <usize>(channel >> 2) * filterBytes;
    let sum = bias ? someOf(bias + at, count) : f32x4.splat(0);
    for (let k = 0; k < rows; k++) {
      let p = from + at + <usize>k * row;
      let w = group + ((<usize>(k * tapColumns)) << 4);
      for (let l = columns; l > 0; l--, p += column, w += 16) {
        sum = multiplyAdd(someOf(p, count), v128.load(w), sum);
      }
    }
    storeSome(to + at, held(sum, low, high), count);
  }
}

/** Brings a filter [taps, channels] into groups of four channels, the last filled up with zeros: [channels / 4, taps, 4]. */
export function packDepthwise(from: Address, to: Address, taps: i32, channels: i32): void {
  for (let channel = 0; channel < channels; channel += 4) {
    for (let tap = 0; tap < taps; tap++, to += 16) {
      v128.store(to, someOf(from + ((<usize>(tap * channels + channel)) << 2), channels - channel));
    }
  }
}

/** Four values, or as many as there are, and zeros. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function someOf(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  let some = v128.load32_zero(from);
  if (count > 1) some = f32x4.replace_lane(some, 1, load<f32>(from, 4));
  if (count > 2) some = f32x4.replace_lane(some, 2, load<f32>(from, 8));
  return some;
}

/** Writes four values, or as many as there are. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function storeSome(to: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, values);
    return;
  }
  store<f32>(to, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(values, 2), 8);
}
