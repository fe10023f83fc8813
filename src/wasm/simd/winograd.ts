import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Activation, finisher } from './activation.js';
import { type Address, after, NOWHERE } from './address.js';
import { type Frame, forEachFramed, imagesOf, type Maps, mapsOf, steps } from './frames.js';
import { type Band, productTime, type Range, share, shareRows } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Bytes of transformed tiles that are in work at a time: about what the caches hold. */
const BLOCK_BYTES = 1 << 20;

/** Tiles that are worth a pass over the filter, whatever they take. */
const FEWEST_TILES = 64;

/** Blocks of tiles whose products are added in float32 without a loss that matters. */
const FEW_BLOCKS = 64;

/**
 * Whether Winograd's F(2x2, 3x3) pays: transforming the tiles costs inputs + outputs, what it saves is inputs *
 * outputs. With 16 channels the direct form is faster, from 32 on this one.
 */
export function isWinograd(info: tf.backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const steps = [info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth];
  return (
    filterHeight === 3 &&
    filterWidth === 3 &&
    steps.every((step) => step === 1) &&
    inChannels % 8 === 0 &&
    outChannels % 8 === 0 &&
    inChannels * outChannels >= 12 * (inChannels + outChannels)
  );
}

/** A tile is 2x2 outputs. */
function tilesOf({ height, width }: { height: number; width: number }) {
  return { high: Math.ceil(height / 2), wide: Math.ceil(width / 2) };
}

/** The frame of a 3x3 window over whole tiles. */
function tileFrame(top: number, left: number, outputs: Maps): Frame {
  const { high, wide } = tilesOf(outputs);
  return { top, left, height: 2 * high + 2, width: 2 * wide + 2 };
}

/** Runs `use` on blocks of so many tiles of framed images. */
function forEachBlock(
  simd: Simd,
  scratch: Scratch,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  use: (block: { framed: Maps; image: number; first: number; count: number }) => void,
  size: number,
): void {
  const { high, wide } = tilesOf(outputs);
  forEachFramed(simd, scratch, inputs, frame, (framed, image) => {
    const tiles = framed.images * high * wide;
    for (let first = 0; first < tiles; first += size) {
      use({ framed, image, first, count: Math.min(size, tiles - first) });
    }
  });
}

/** Tiles of a block; it must not depend on the number of threads, since sums over blocks do. */
function blockSize(channels: number, outputs: Maps): number {
  const { high, wide } = tilesOf(outputs);
  const tiles = outputs.images * high * wide;
  const fitting = 4 * Math.floor(BLOCK_BYTES / (16 * 4 * channels) / 4);
  return Math.min(Math.max(FEWEST_TILES, fitting), 4 * Math.ceil(tiles / 4));
}

/** Where a filter's values lie: bytes between its taps, between what is summed over, and between columns. */
interface FilterSteps {
  readonly address: Address;
  readonly row: number;
  readonly column: number;
  readonly inner: number;
  readonly output: number;
}

/** The convolution of `inputs`, framed, with a 3x3 filter, and what it is followed by, written to `outputs`. */
function convolve(
  simd: Simd,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  filter: FilterSteps,
  then: Activation = {},
): void {
  const [inner, columns] = [inputs.channels, outputs.channels];
  const size = blockSize(inner + columns, outputs);
  simd.withScratch((scratch) => {
    const b = scratch.take(16 * inner * columns * 4);
    simd.functions.winogradFilter(
      ...[filter.address, filter.row, filter.column],
      ...[inner, filter.inner, columns, filter.output, b],
    );
    const ofBand = (part: Simd, { image, images, row, rows }: Band) => {
      const above = row * steps(outputs).row;
      const some = imagesOf(outputs, image, images);
      const made = { ...some, height: rows, address: after(some.address, above) };
      const seen = tileFrame(frame.top - row, frame.left, made);
      convolveBand(part, imagesOf(inputs, image, images), seen, made, b, size, then);
    };
    const time = productTime(4 * outputs.images * outputs.height * outputs.width * inner * columns);
    shareRows(simd, outputs.images, outputs.height, time, ofBand, 2);
  });
}

/** Blocks of tiles of some images, or of some rows of one. @param b the transformed filter */
function convolveBand(
  simd: Simd,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  b: Address,
  size: number,
  then: Activation,
): void {
  const { winogradInput, winogradOutput, winogradProducts, winogradProductsScratch } =
    simd.functions;
  const [inner, columns] = [inputs.channels, outputs.channels];
  const { high, wide } = tilesOf(outputs);
  const step = steps({ ...frame, channels: inner });
  simd.withScratch((scratch) => {
    const a = scratch.take(16 * size * inner * 4);
    const c = scratch.take(16 * size * columns * 4);
    const rows = scratch.take(winogradProductsScratch(size));
    const multiply = ({ framed, image, first, count }: Block) => {
      const plane = count * inner * 4;
      winogradInput(
        ...[framed.address, step.image, step.row, step.column],
        ...[high, wide, first, count, inner],
        ...[a, plane, inner * 4, 16],
      );
      winogradProducts(
        ...[count, inner, columns],
        ...[a, plane, inner * 16, inner * 4, 4],
        ...[b, c, false, rows],
      );
      const to = after(outputs.address, image * steps(outputs).image);
      winogradOutput(
        ...[c, count * columns * 4, high, wide, first, count, columns],
        ...[to, outputs.height, outputs.width],
      );
    };
    forEachBlock(simd, scratch, inputs, frame, outputs, multiply, size);
    const places = outputs.images * outputs.height * outputs.width;
    finisher(simd, scratch, columns, then)?.(outputs.address, places);
  });
}

type Block = Parameters<Parameters<typeof forEachBlock>[5]>[0];

/** A convolution, channels last, and what it is followed by. */
export function winogradConv2d(
  simd: Simd,
  x: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
  then: Activation,
): TensorInfo {
  const y = simd.output(info.outShape);
  const outputs = mapsOf(simd, y);
  const { inChannels, outChannels, padInfo } = info;
  const filterSteps = {
    address: simd.address(filter),
    row: 3 * inChannels * outChannels * 4,
    column: inChannels * outChannels * 4,
    inner: outChannels * 4,
    output: 4,
  };
  const frame = tileFrame(padInfo.top, padInfo.left, outputs);
  convolve(simd, mapsOf(simd, x), frame, outputs, filterSteps, then);
  return y;
}

/** The gradient by the input: the convolution of dy with the filter's flipped taps. */
export function winogradBackpropInput(
  simd: Simd,
  dy: Tensor,
  filter: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const dx = simd.output(info.inShape);
  const inputs = mapsOf(simd, dx);
  const { inChannels, outChannels, padInfo } = info;
  const tap = inChannels * outChannels * 4;
  const frame = tileFrame(2 - padInfo.top, 2 - padInfo.left, inputs);
  convolve(simd, mapsOf(simd, dy), frame, inputs, {
    address: after(simd.address(filter), 8 * tap),
    row: -3 * tap,
    column: -tap,
    inner: 4,
    output: outChannels * 4,
  });
  return dx;
}

/**
 * The gradient by the filter: both maps are transformed, and their products summed over all tiles. Threads have input channels each;
 * those of the outputs they all transform, which is little beside the products.
 */
export function winogradBackpropFilter(
  simd: Simd,
  x: Tensor,
  dy: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels, outChannels, padInfo } = info;
  const gradient = simd.output([3, 3, inChannels, outChannels]);
  const [inputs, outputs] = [mapsOf(simd, x), mapsOf(simd, dy)];
  const size = blockSize(inChannels + outChannels, outputs);
  const frame = tileFrame(padInfo.top, padInfo.left, outputs);
  const { images, height, width } = outputs;
  const time = productTime(4 * images * height * width * inChannels * outChannels);
  const ofChannels = (part: Simd, range: Range) =>
    gradientOfChannels(part, inputs, frame, outputs, range, size, simd.address(gradient));
  share(simd, inChannels, time, ofChannels, { group: 8, perThread: 1 });
  return gradient;
}

/** The gradient by what the filter does to some input channels. */
function gradientOfChannels(
  simd: Simd,
  inputs: Maps,
  frame: Frame,
  outputs: Maps,
  { first: firstChannel, count: inner }: Range,
  size: number,
  to: Address,
): void {
  const columns = outputs.channels;
  const { high, wide } = tilesOf(outputs);
  const step = steps({ ...frame, channels: inputs.channels });
  const { winogradInput, winogradOutputGradient, winogradFilterGradient } = simd.functions;
  const { addToTotals, winogradProducts, winogradProductsScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const a = scratch.take(16 * size * inner * 4);
    const b = scratch.take(16 * size * columns * 4);
    const products = 16 * inner * columns;
    const c = scratch.take(products * 4);
    const many = outputs.images * high * wide > FEW_BLOCKS * size;
    const totals = many ? scratch.totals(products) : NOWHERE;
    let run = 0;
    const rows = scratch.take(winogradProductsScratch(inner));
    const multiply = ({ framed, image, first, count }: Block) => {
      const plane = count * inner * 4;
      // Vectors of four channels, tile after tile: as the products run over them.
      winogradInput(
        ...[after(framed.address, firstChannel * 4), step.image, step.row, step.column],
        ...[high, wide, first, count, inner],
        ...[a, plane, 16, count * 16],
      );
      const from = after(outputs.address, image * steps(outputs).image);
      winogradOutputGradient(
        ...[from, outputs.height, outputs.width, high, wide, first, count, columns],
        ...[b, count * columns * 4],
      );
      if (many && run === FEW_BLOCKS) {
        addToTotals(c, totals, products, false);
        run = 0;
      }
      winogradProducts(
        ...[inner, count, columns],
        ...[a, plane, count * 16, 4, 16],
        ...[b, c, run > 0, rows],
      );
      run++;
    };
    forEachBlock(simd, scratch, inputs, frame, outputs, multiply, size);
    if (many) addToTotals(c, totals, products, true);
    const tap = inputs.channels * columns * 4;
    const gradient = after(to, firstChannel * columns * 4);
    winogradFilterGradient(c, inner * columns, gradient, tap);
  });
}
