import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { AS_IT_IS, type Finish, finishArguments } from './correlation.js';
import { type Frame, forEachFramed, imagesOf, type Maps, mapsOf, steps } from './frames.js';
import { layoutOf } from './kept-layouts.js';
import { type Band, passTime, productTime, type Range, share, shareRows } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Bytes of transformed tiles that are in work at a time: about what the caches hold. */
const BLOCK_BYTES = 1 << 19;

/** Tiles that are worth a pass over the filter, whatever they take. */
const FEWEST_TILES = 64;

/** Bytes between planes, so that they do not fight for the same lines of the cache. */
const APART = 64;

/** A 3x3 convolution in Winograd's form, 4x4 outputs at a time. */
export interface Form {
  readonly stride: 1 | 2;
  /** Products of a tile, for each pair of channels. */
  readonly products: number;
  /** Sums of a tile that they go into. */
  readonly sums: number;
}

const FORMS: readonly Form[] = [
  { stride: 1, products: 36, sums: 36 },
  { stride: 2, products: 81, sums: 25 },
];

/** Tiles that cost as much as making, or reading, a filter in this form. */
const FILTER_AS_TILES = 8;

/** Columns of a panel of the filter. */
const PANEL = 8;

/** The share of the products that it may take to pay. */
const WORTH = 0.8;

/** Images of a batch that a form is chosen for, whatever their number: an image has the same bits alone and among others. */
const IMAGES = 16;

/**
 * Winograd's form of a convolution where it pays, else undefined.
 *
 * @param height, width the places that it writes in each image.
 */
export function formOf(
  info: tf.backend_util.Conv2DInfo,
  height: number,
  width: number,
): Form | undefined {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = info;
  const form = FORMS.find(({ stride }) => stride === info.strideHeight);
  if (!form || info.strideWidth !== form.stride) return undefined;
  if (filterHeight !== 3 || filterWidth !== 3) return undefined;
  if (dilationHeight !== 1 || dilationWidth !== 1) return undefined;
  const { high, wide } = tilesOf({ height, width });
  const tiles = IMAGES * high * wide + FILTER_AS_TILES;
  return form.products * tiles <= WORTH * 9 * IMAGES * height * width ? form : undefined;
}

/** A tile is 4x4 outputs. */
export function tilesOf({ height, width }: { readonly height: number; readonly width: number }) {
  return { high: Math.ceil(height / 4), wide: Math.ceil(width / 4) };
}

/** The frame of a 3x3 window over whole tiles. */
export function tileFrame({ stride }: Form, top: number, left: number, outputs: Maps): Frame {
  const { high, wide } = tilesOf(outputs);
  const reach = 3 - stride;
  return { top, left, height: 4 * stride * high + reach, width: 4 * stride * wide + reach };
}

/** Some tiles of framed images, of which `image` is the first. */
interface Block {
  readonly framed: Maps;
  readonly image: number;
  readonly first: number;
  readonly count: number;
}

/** Runs `use` on blocks of at most `size` tiles of framed images. */
export function forEachBlock(
  simd: Simd,
  scratch: Scratch,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  use: (block: Block) => void,
  size: number,
): void {
  const { high, wide } = tilesOf(outputs);
  const each = (framed: Maps, image: number) => {
    const tiles = framed.images * high * wide;
    for (let first = 0; first < tiles; first += size) {
      use({ framed, image, first, count: Math.min(size, tiles - first) });
    }
  };
  forEachFramed(simd, scratch, inputs, frame, each, Math.ceil(FEWEST_TILES / (high * wide)));
}

/** Tiles of a block: whole quads. */
export function blockSize(floatsOfTile: number, tiles: number): number {
  const fitting = 4 * Math.floor(BLOCK_BYTES / (4 * floatsOfTile) / 4);
  return Math.min(Math.max(FEWEST_TILES, fitting), inQuads(tiles));
}

function inQuads(tiles: number): number {
  return 4 * Math.ceil(tiles / 4);
}

/** Where a filter's values lie: bytes between its taps, between what is summed over, and between columns. */
interface FilterSteps {
  readonly address: Address;
  readonly row: number;
  readonly column: number;
  readonly inner: number;
  readonly output: number;
}

/** The convolution of `inputs`, framed, with a 3x3 filter in this form, finished and written to `outputs`. */
function convolve(
  simd: Simd,
  form: Form,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  weights: (scratch: Scratch) => Address,
  finishing: (scratch: Scratch) => Finish,
): void {
  const [inner, columns] = [inputs.channels, outputs.channels];
  simd.withScratch((scratch) => {
    const finish = finishing(scratch);
    const b = weights(scratch);
    const ofBand = (part: Simd, { image, images, row, rows }: Band) => {
      const some = imagesOf(outputs, image, images);
      const address = after(some.address, row * steps(outputs).row);
      const made = { ...some, height: rows, address };
      const top = frame.top - row * form.stride;
      const seen = tileFrame(form, top, frame.left, made);
      convolveBand(part, form, imagesOf(inputs, image, images), seen, made, b, finish);
    };
    const places = outputs.images * outputs.height * outputs.width;
    // Of a tile, 4x4 places.
    const time = productTime((form.products / 16) * places * inner * columns);
    shareRows(simd, outputs.images, outputs.height, time, ofBand, 4);
  });
}

/** Blocks of tiles of some images, or of some rows of one. @param b the filter in this form */
function convolveBand(
  simd: Simd,
  form: Form,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  b: Address,
  finish: Finish,
): void {
  const { winogradInput, winogradOutput, winogradProducts, winogradScratch } = simd.functions;
  const { halvingInput, halvingProducts } = simd.functions;
  const [inner, columns] = [inputs.channels, outputs.channels];
  const { high, wide } = tilesOf(outputs);
  const floats = form.products * inner + form.sums * columns;
  const size = blockSize(floats, inputs.images * high * wide);
  const step = steps({ ...frame, channels: inner });
  simd.withScratch((scratch) => {
    const a = scratch.take(form.products * size * inner * 4 + form.sums * APART);
    const c = scratch.take(form.sums * (size * columns * 4 + APART));
    const room = scratch.take(winogradScratch(size));
    const multiply = ({ framed, image, first, count }: Block) => {
      const rows = inQuads(count);
      const from = [framed.address, step.image, step.row, step.column] as const;
      const tiles = [high, wide, first, count] as const;
      const sum = rows * columns * 4 + APART;
      if (form.stride === 1) {
        const plane = rows * inner * 4 + APART;
        winogradInput(...from, ...tiles, inner, a, plane, inner * 16, 64, room);
        winogradProducts(rows, inner, columns, a, plane, b, c, sum, room);
      } else {
        halvingInput(...from, ...tiles, inner, a, room);
        halvingProducts(rows, inner, columns, a, b, c, sum, room);
      }
      const to = after(outputs.address, image * steps(outputs).image);
      winogradOutput(
        ...[c, sum, form.stride === 1, ...tiles, columns],
        ...[to, outputs.height, outputs.width, ...finishArguments(finish), room],
      );
    };
    forEachBlock(simd, scratch, inputs, frame, outputs, multiply, size);
  });
}

/** Brings a filter into this form. */
function transformed(
  simd: Simd,
  form: Form,
  { address, row, column, ...filter }: FilterSteps,
  [inner, columns]: readonly [number, number],
  to: Address,
): void {
  const ofColumns = (part: Simd, { first, count }: Range) =>
    part.withScratch((own) => {
      const { winogradFilter, halvingFilter, winogradScratch } = part.functions;
      const from = [address, row, column, inner, filter.inner, columns, filter.output] as const;
      const range = [first, first + count, to, own.take(winogradScratch(0))] as const;
      if (form.stride === 1) winogradFilter(...from, ...range);
      else halvingFilter(...from, ...range);
    });
  const time = passTime(form.products * inner * columns);
  share(simd, columns, time, ofColumns, { group: PANEL });
}

/** A convolution, channels last, finished. */
export function winogradConv2d(
  simd: Simd,
  form: Form,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  finishing: (scratch: Scratch) => Finish,
): TensorInfo {
  const y = simd.output(info.outShape);
  const outputs = mapsOf(simd, y);
  const { inChannels, outChannels, padInfo } = info;
  const frame = tileFrame(form, padInfo.top, padInfo.left, outputs);
  const tap = inChannels * outChannels * 4;
  const weights = (scratch: Scratch) =>
    layoutOf(simd, scratch, filter, {
      name: `Winograd's ${inChannels} x ${outChannels}, stride ${form.stride}`,
      bytes: form.products * tap,
      make: (to) => {
        const from = {
          ...{ address: simd.address(filter), row: 3 * tap, column: tap },
          ...{ inner: outChannels * 4, output: 4 },
        };
        transformed(simd, form, from, [inChannels, outChannels], to);
      },
    });
  convolve(simd, form, mapsOf(simd, x), frame, outputs, weights, finishing);
  return y;
}

/** The gradient by the input, at stride 1: the convolution of dy with the filter's flipped taps. */
export function winogradBackpropInput(
  simd: Simd,
  form: Form,
  dy: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const dx = simd.output(info.inShape);
  const inputs = mapsOf(simd, dx);
  const { inChannels, outChannels, padInfo } = info;
  const tap = inChannels * outChannels * 4;
  const frame = tileFrame(form, 2 - padInfo.top, 2 - padInfo.left, inputs);
  const weights = (scratch: Scratch) => {
    const to = scratch.take(form.products * tap);
    const from = {
      address: after(simd.address(filter), 8 * tap),
      ...{ row: -3 * tap, column: -tap, inner: 4, output: outChannels * 4 },
    };
    transformed(simd, form, from, [outChannels, inChannels], to);
    return to;
  };
  convolve(simd, form, mapsOf(simd, dy), frame, inputs, weights, () => AS_IT_IS);
  return dx;
}
