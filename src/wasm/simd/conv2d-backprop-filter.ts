import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after, NOWHERE } from './address.js';
import { frameOf } from './conv2d.js';
import { type Frame, forEachFramed, type Maps, mapsOf, steps } from './frames.js';
import type { Simd } from './simd.js';
import { formOf } from './winograd.js';
import { winogradBackpropFilter } from './winograd-filter-gradient.js';

/** Places whose products are summed before they are added to the gradient: what the first-level cache holds. */
const BAND = 128;

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
  const form = whole ? formOf(info, info.batchSize, info.outHeight, info.outWidth) : undefined;
  if (form?.stride === 1) return winogradBackpropFilter(simd, form, x, dy, info);
  const gradient = simd.output([filterHeight, filterWidth, inChannels, outChannels]);
  const to = simd.address(gradient);
  const [images, outputs] = [mapsOf(simd, x), mapsOf(simd, dy)];
  if (outChannels === 1 && strideHeight === 1 && strideWidth === 1) {
    productsOfTaps(simd, outputs, flippedFrame(info), images, to, { ...info, flipped: true });
  } else {
    productsOfTaps(simd, images, frameOf(info), outputs, to, { ...info, flipped: false });
  }
  return gradient;
}

type Taps = Pick<
  tf.backend_util.Conv2DInfo,
  'filterHeight' | 'filterWidth' | 'strideHeight' | 'strideWidth'
> & { readonly flipped: boolean };

/**
 * C[k, l, i, n] = sum over all places of framed[y s + k, x s + l, i] * values[y, x, n]; with `flipped` taps
 * k and l count from the far end.
 */
function productsOfTaps(
  simd: Simd,
  unframed: Maps,
  frame: Frame,
  values: Maps,
  to: Address,
  { filterHeight, filterWidth, strideHeight, strideWidth, flipped }: Taps,
): void {
  const { correlateBack, correlateBackScratch, packPanels } = simd.functions;
  const { channels } = unframed;
  const columns = values.channels;
  const step = steps({ ...frame, channels });
  const band = Math.max(1, Math.ceil(BAND / values.width));
  const rows = filterHeight * filterWidth * channels;
  const sign = flipped ? -1 : 1;
  const firstTap = flipped ? (filterHeight - 1) * step.row + (filterWidth - 1) * step.column : 0;
  simd.withScratch((scratch) => {
    const many = values.images * values.height > FEW_BANDS * band;
    const totals = many ? scratch.totals(rows * columns) : NOWHERE;
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
          step.row * strideHeight,
          step.column * strideWidth,
        ],
        ...[filterHeight, filterWidth, sign * step.row, sign * step.column, channels],
        ...[b, bStep, panelStep],
        ...[to, columns, band, first > 0, totals],
        scratch.take(correlateBackScratch(rows, images * values.height)),
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
