import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after, NOWHERE } from './address.js';
import { type Maps, mapsOf, steps } from './frames.js';
import { productTime, type Range, share } from './share.js';
import type { Simd } from './simd.js';
import { blockSize, type Form, forEachBlock, tileFrame, tilesOf } from './winograd.js';

/** Blocks of tiles whose products are added in float32 without a loss that matters. */
const FEW_BLOCKS = 64;

/**
 * The gradient by the filter, at stride 1: both maps are transformed, and their products summed over all tiles. Threads have input
 * channels each; those of the outputs they all transform, which is little beside the products.
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
  const products = (form.products / 16) * images * height * width * inChannels * outChannels;
  const ofChannels = (part: Simd, range: Range) =>
    gradientOfChannels(part, form, inputs, outputs, info, range, simd.address(gradient));
  share(simd, inChannels, productTime(products), ofChannels, { group: 4, perThread: 1 });
  return gradient;
}

/** The gradient by what the filter does to some input channels. */
function gradientOfChannels(
  simd: Simd,
  form: Form,
  inputs: Maps,
  outputs: Maps,
  { inChannels, outChannels, padInfo }: tf.backend_util.Conv2DInfo,
  { first: firstChannel, count: inner }: Range,
  to: Address,
): void {
  const { high, wide } = tilesOf(outputs);
  const tiles = inputs.images * high * wide;
  // Of all channels: sums over blocks must not depend on how many of them there are here.
  const size = blockSize(form.products * (inChannels + outChannels), tiles);
  const frame = tileFrame(form, padInfo.top, padInfo.left, outputs);
  const step = steps({ ...frame, channels: inChannels });
  const { winogradInput, winogradOutputGradient, winogradFilterGradient } = simd.functions;
  const { addToTotals, winogradSums, winogradSumsScratch, winogradScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const a = scratch.take(form.products * (size * inner + 16) * 4);
    const b = scratch.take(form.products * (size * outChannels + 16) * 4);
    const products = form.products * inner * outChannels;
    const c = scratch.take(products * 4);
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
    const gradient = after(to, firstChannel * outChannels * 4);
    winogradFilterGradient(c, inner * outChannels, gradient, inChannels * outChannels * 4, room);
  });
}
