import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after, NOWHERE } from './address.js';
import { frameOf } from './conv2d.js';
import { type Frame, forEachFramed, imagesOf, type Maps, mapsOf, steps } from './frames.js';
import { productTime, type Range, rangesOf, share } from './share.js';
import type { Simd } from './simd.js';
import { formOf } from './winograd.js';
import { winogradBackpropFilter } from './winograd-filter-gradient.js';

/** Places whose products are summed before they are added to the gradient: what the first-level cache holds. */
const BAND = 128;

/** Rows that are computed together. */
const TILE_ROWS = 4;

/** Bands that are added in float32 without a loss that matters. */
const FEW_BANDS = 64;

/** The gradient of a convolution with respect to its filter, [filter height, filter width, in, out]. */
export function conv2dBackpropFilter(
  simd: Simd,
  x: Tensor,
  dy: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
  const whole = inChannels % 4 === 0 && outChannels % 8 === 0;
  const form = whole ? formOf(info, info.outHeight, info.outWidth) : undefined;
  if (form?.stride === 1) return winogradBackpropFilter(simd, form, x, dy, info);
  const gradient = simd.output([filterHeight, filterWidth, inChannels, outChannels]);
  const to = simd.address(gradient);
  const [images, outputs] = [mapsOf(simd, x), mapsOf(simd, dy)];
  if (outChannels === 1 && strideHeight === 1 && strideWidth === 1) {
    const [unframed, frame, values] = [outputs, flippedFrame(info), images];
    productsOfTaps(simd, { ...info, unframed, frame, values, flipped: true }, to);
  } else {
    const [unframed, frame, values] = [images, frameOf(info), outputs];
    productsOfTaps(simd, { ...info, unframed, frame, values, flipped: false }, to);
  }
  return gradient;
}

type Taps = Pick<
  tf.backend_util.Conv2DInfo,
  'filterHeight' | 'filterWidth' | 'strideHeight' | 'strideWidth'
> & { readonly flipped: boolean };

/** What products of taps are made of: maps, one of them framed, and their sizes. */
interface Factors extends Taps {
  readonly unframed: Maps;
  readonly frame: Frame;
  readonly values: Maps;
}

/** Values of a gradient that is so small that images, a few at a time, may have gradients of their own, which are added. */
const SMALL = 1 << 14;

/** Sets of images that have. It must not depend on the number of threads, since sums do. */
const SETS = 16;

/**
 * C[k, l, i, n] = sum over all places of framed[y s + k, x s + l, i] * values[y, x, n]; with `flipped` taps
 * k and l count from the far end.
 */
function productsOfTaps(simd: Simd, factors: Factors, to: Address): void {
  const { unframed, values } = factors;
  const rows = factors.filterHeight * factors.filterWidth * unframed.channels;
  const size = rows * values.channels;
  const time = productTime(size * values.images * values.height * values.width);
  const all = { first: 0, count: rows };
  if (size > SMALL || values.images === 1) {
    const ofRows = (part: Simd, range: Range) => addProducts(part, factors, range, to);
    share(simd, rows, time, ofRows, { group: TILE_ROWS, perThread: 1 });
    return;
  }
  simd.withScratch((scratch) => {
    const sets = rangesOf(values.images, SETS);
    const sums = scratch.take((sets.length - 1) * size * 4);
    // The last one's place is that of the gradient, where the totals are written in the end.
    const placeOf = (set: number) => (set + 1 < sets.length ? after(sums, set * size * 4) : to);
    share(simd, sets.length, time, (part, { first, count }) => {
      for (let set = first; set < first + count; set++) {
        const { first: image, count: images } = sets[set];
        const of = (maps: Maps) => imagesOf(maps, image, images);
        const some = { ...factors, unframed: of(unframed), values: of(values) };
        addProducts(part, some, all, placeOf(set));
      }
    });
    const totals = scratch.totals(size);
    sets.forEach((_, set) => {
      simd.functions.addToTotals(placeOf(set), totals, size, set + 1 === sets.length);
    });
  });
}

/** Some rows [k, l, i] of C. */
function addProducts(
  simd: Simd,
  factors: Factors,
  { first: row, count }: Range,
  to: Address,
): void {
  const { unframed, frame, values, filterHeight, filterWidth, flipped } = factors;
  const { correlateBack, correlateBackScratch, packPanels } = simd.functions;
  const { channels } = unframed;
  const columns = values.channels;
  const step = steps({ ...frame, channels });
  const band = Math.max(1, Math.ceil(BAND / values.width));
  const sign = flipped ? -1 : 1;
  const firstTap = flipped ? (filterHeight - 1) * step.row + (filterWidth - 1) * step.column : 0;
  simd.withScratch((scratch) => {
    const many = values.images * values.height > FEW_BANDS * band;
    const totals = many ? scratch.totals(count * columns) : NOWHERE;
    forEachFramed(simd, scratch, unframed, frame, ({ address, images }, first) => {
      const places = images * values.height * values.width;
      let b = after(values.address, first * steps(values).image);
      let [bStep, panelStep] = [columns * 4, 32];
      if (columns % 8 !== 0) {
        const packed = scratch.take(places * Math.ceil(columns / 8) * 32);
        packPanels(b, packed, scratch.table([0]), 1, places, columns * 4, columns, 4);
        [b, bStep, panelStep] = [packed, 32, places * 32];
      }
      correlateBack(
        ...[images, values.height, values.width],
        ...[
          after(address, firstTap),
          step.image,
          step.row * factors.strideHeight,
          step.column * factors.strideWidth,
        ],
        ...[filterWidth, sign * step.row, sign * step.column, channels, row, count],
        ...[b, bStep, panelStep],
        ...[to, columns, band, first > 0, totals],
        scratch.take(correlateBackScratch(count, images * values.height)),
      );
    });
  });
}

/**
 * The frame for a single output channel: its map takes the images' part, and their channels fill the
 * panels that it would leave empty.
 */
function flippedFrame(info: tf.backend_util.Conv2DInfo): Frame {
  return {
    top: info.filterHeight - 1 - info.padInfo.top,
    left: info.filterWidth - 1 - info.padInfo.left,
    height: info.inHeight + info.filterHeight - 1,
    width: info.inWidth + info.filterWidth - 1,
  };
}
