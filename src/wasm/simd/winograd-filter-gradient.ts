import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after, NOWHERE } from './address.js';
import { imagesOf, type Maps, mapsOf, steps } from './frames.js';
import { passTime, productTime, type Range, rangesOf, share } from './share.js';
import type { Scratch, Simd } from './simd.js';
import { blockSize, type Form, forEachBlock, tileFrame, tilesOf } from './winograd.js';

/** Blocks of tiles whose products are added in float32 without a loss that matters. */
const FEW_BLOCKS = 64;

/** Bytes of sums that sets of images may have for themselves; the fewest sets that are worth it, and the most. */
const [SET_BYTES, FEWEST, MOST] = [1 << 20, 4, 8];

/** Values that are computed together, or a multiple. */
const VECTOR = 16;

/**
 * The gradient by the filter, at stride 1: both maps are transformed, and their products summed over all tiles.
 *
 * Threads have sets of images each, whose sums are added in the end, where these are small; else, or where there are more threads than
 * sets, input channels each: then the outputs are transformed by all, which is little beside the products of so many channels.
 */
export function winogradBackpropFilter(
  simd: Simd,
  form: Form,
  x: Tensor,
  dy: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels, outChannels } = info;
  const gradient = simd.output([3, 3, inChannels, outChannels]);
  const [inputs, outputs] = [mapsOf(simd, x), mapsOf(simd, dy)];
  const { images, height, width } = outputs;
  const sets = setsOf(images, form.products * inChannels * outChannels * 4);
  const products = (form.products / 16) * images * height * width * inChannels * outChannels;
  const time = productTime(products);
  const parts = Math.ceil(simd.parts(time, 1) / sets.length);
  const channels = rangesOf(inChannels, parts, 4);
  const tap = inChannels * outChannels * 4;
  simd.withScratch((scratch) => {
    const sums = channels.map(({ count }) =>
      sets.map(() => scratch.take(form.products * count * outChannels * 4)),
    );
    const jobs = channels.flatMap((range, i) =>
      sets.map((set, j) => (part: Simd) => {
        const [some, made] = [inputs, outputs].map((maps) => imagesOf(maps, set.first, set.count));
        sumsOfChannels(part, form, some, made, info, range, sums[i][j]);
      }),
    );
    share(simd, jobs.length, time, (part, { first, count }) => {
      for (const job of jobs.slice(first, first + count)) job(part);
    });
    channels.forEach(({ first, count }, i) => {
      const to = after(simd.address(gradient), first * outChannels * 4);
      gradientOfSums(simd, scratch, form, sums[i], count * outChannels, to, tap);
    });
  });
  return gradient;
}

/** Adds the sums of sets, `size` in each plane, and brings them into the form of the filter. @param tap bytes between its taps */
function gradientOfSums(
  simd: Simd,
  scratch: Scratch,
  form: Form,
  sums: readonly Address[],
  size: number,
  to: Address,
  tap: number,
): void {
  const values = form.products * size;
  if (sums.length > 1) {
    const totals = scratch.totals(values);
    const ofValues = ({ functions }: Simd, { first, count }: Range) =>
      sums.forEach((place, set) => {
        const [sum, total] = [after(place, first * 4), after(totals, first * 8)];
        functions.addToTotals(sum, total, count, set + 1 === sums.length);
      });
    share(simd, values, passTime(2 * values * sums.length), ofValues, { group: VECTOR });
  }
  const all = sums[sums.length - 1];
  const ofPairs = (part: Simd, { first, count }: Range) =>
    part.withScratch((own) => {
      const { winogradFilterGradient, winogradScratch } = part.functions;
      winogradFilterGradient(
        ...[after(all, first * 4), size * 4, count],
        ...[after(to, first * 4), tap, own.take(winogradScratch(0))],
      );
    });
  share(simd, size, passTime(2 * values), ofPairs, { group: VECTOR });
}

/** Sets of images with sums of their own. They must not depend on the number of threads, since sums do. */
function setsOf(images: number, bytes: number): Range[] {
  const fitting = 2 ** Math.floor(Math.log2(SET_BYTES / bytes));
  return rangesOf(images, fitting < FEWEST ? 1 : Math.min(MOST, fitting));
}

/** The sums of all tiles of some images, for some input channels. */
function sumsOfChannels(
  simd: Simd,
  form: Form,
  inputs: Maps,
  outputs: Maps,
  { inChannels, outChannels, padInfo }: tf.backend_util.Conv2DInfo,
  { first: firstChannel, count: inner }: Range,
  c: Address,
): void {
  const { high, wide } = tilesOf(outputs);
  const tiles = inputs.images * high * wide;
  // Of all channels: sums over blocks must not depend on how many of them there are here.
  const size = blockSize(form.products * (inChannels + outChannels), tiles);
  const frame = tileFrame(form, padInfo.top, padInfo.left, outputs);
  const step = steps({ ...frame, channels: inChannels });
  const { winogradInput, winogradOutputGradient } = simd.functions;
  const { addToTotals, winogradSums, winogradSumsScratch, winogradScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const a = scratch.take(form.products * (size * inner + 16) * 4);
    const b = scratch.take(form.products * (size * outChannels + 16) * 4);
    const products = form.products * inner * outChannels;
    const many = tiles > FEW_BLOCKS * size;
    const totals = many ? scratch.totals(products) : NOWHERE;
    const room = scratch.take(winogradScratch(0));
    const rows = scratch.take(winogradSumsScratch(inner));
    let run = 0;
    forEachBlock(
      ...[simd, scratch, inputs, frame, outputs],
      ({ framed, image, first, count }) => {
        const [aPlane, bPlane] = [inner, outChannels].map((n) => count * n * 4 + 64);
        // Vectors of four channels, tile after tile: as the products run over them.
        winogradInput(
          ...[after(framed.address, firstChannel * 4), step.image, step.row, step.column],
          ...[high, wide, first, count, inner],
          ...[a, aPlane, 64, count * 16, room],
        );
        const from = after(outputs.address, image * steps(outputs).image);
        winogradOutputGradient(
          ...[from, outputs.height, outputs.width, high, wide, first, count, outChannels],
          ...[b, bPlane, room],
        );
        if (many && run === FEW_BLOCKS) {
          addToTotals(c, totals, products, false);
          run = 0;
        }
        winogradSums(inner, count, outChannels, a, aPlane, b, bPlane, c, run > 0, rows);
        run++;
      },
      size,
    );
    if (many) addToTotals(c, totals, products, true);
  });
}
