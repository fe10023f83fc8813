import type * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { after, NOWHERE } from './address.js';
import { mapsOf, steps } from './frames.js';
import type { Simd } from './simd.js';
import { blockSize, type Form, forEachBlock, tileFrame, tilesOf } from './winograd.js';

/** Blocks of tiles whose products are added in float32 without a loss that matters. */
const FEW_BLOCKS = 64;

/** The gradient by the filter, at stride 1: both maps are transformed, and their products summed over all tiles. */
export function winogradBackpropFilter(
  simd: Simd,
  form: Form,
  x: Tensor,
  dy: Tensor,
  info: tf.backend_util.Conv2DInfo,
): TensorInfo {
  const { inChannels, outChannels, padInfo } = info;
  const gradient = simd.output([3, 3, inChannels, outChannels]);
  const [inputs, outputs] = [mapsOf(simd, x), mapsOf(simd, dy)];
  const { high, wide } = tilesOf(outputs);
  const tiles = inputs.images * high * wide;
  const size = blockSize(form.products * (inChannels + outChannels), tiles);
  const frame = tileFrame(form, padInfo.top, padInfo.left, outputs);
  const step = steps({ ...frame, channels: inChannels });
  const { winogradInput, winogradOutputGradient, winogradFilterGradient } = simd.functions;
  const { addToTotals, winogradSums, winogradSumsScratch, winogradScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const a = scratch.take(form.products * (size * inChannels + 16) * 4);
    const b = scratch.take(form.products * (size * outChannels + 16) * 4);
    const products = form.products * inChannels * outChannels;
    const c = scratch.take(products * 4);
    const many = tiles > FEW_BLOCKS * size;
    const totals = many ? scratch.totals(products) : NOWHERE;
    const room = scratch.take(winogradScratch(0));
    const rows = scratch.take(winogradSumsScratch(inChannels));
    let run = 0;
    forEachBlock(
      ...[simd, scratch, inputs, frame, outputs],
      ({ framed, image, first, count }) => {
        const [aPlane, bPlane] = [inChannels, outChannels].map((n) => count * n * 4 + 64);
        // Vectors of four channels, tile after tile: as the products run over them.
        winogradInput(
          ...[framed.address, step.image, step.row, step.column],
          ...[high, wide, first, count, inChannels],
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
        winogradSums(inChannels, count, outChannels, a, aPlane, b, bPlane, c, run > 0, rows);
        run++;
      },
      size,
    );
    if (many) addToTotals(c, totals, products, true);
    winogradFilterGradient(c, inChannels * outChannels, simd.address(gradient), room);
  });
  return gradient;
}
