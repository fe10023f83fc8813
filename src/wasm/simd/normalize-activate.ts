import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import { passTime, type Range, rangesOf, share } from './share.js';
import type { Scratch, Simd } from './simd.js';

/** Numbers that normalisation takes beside its tensors. */
export interface NormalizeAttributes {
  readonly epsilon: number;
  readonly slope: number;
}

/** Values that are worth sums of their own, and how many sets of pixels have them: it must not depend on the number of threads. */
const [WORTH, MOST] = [1 << 15, 16];

/** Pixels that fill whole vectors, whatever the channels. */
const ROW = 16;

/** Batch normalisation and leaky ReLU: one pass for the moments, one for the values. Returns y, mean and variance. */
export function normalizeActivate(
  simd: Simd,
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  { epsilon, slope }: NormalizeAttributes,
): TensorInfo[] {
  const channels = scale.size;
  const pixels = x.size / channels;
  const y = simd.output(x.shape);
  const [mean, variance] = [simd.output([channels]), simd.output([channels])];
  const [from, to] = simd.addresses(x, y);
  const { mergeStates, normalizeTables, normalizeTablesScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const { sets, states } = sumsOfSets(simd, scratch, x.size, channels, (part, set, state, own) =>
      part.functions.normalizeMoments(
        ...[after(from, set.first * channels * 4), set.count, channels, state, own],
      ),
    );
    sets.slice(1).forEach(({ first, count }, set) => {
      mergeStates(states[0], first, states[set + 1], count, channels);
    });
    const tables = scratch.take(normalizeTablesScratch(channels));
    normalizeTables(
      ...[states[0], pixels, channels],
      ...simd.addresses(scale, offset, mean, variance),
      ...[epsilon, tables],
    );
    const ofPixels = ({ functions }: Simd, { first, count }: Range) => {
      const bytes = first * channels * 4;
      functions.normalizePixels(
        ...[after(from, bytes), after(to, bytes), count, channels, tables, slope],
      );
    };
    share(simd, pixels, passTime(x.size), ofPixels, { group: ROW });
  });
  return [y, mean, variance];
}

/** Its gradient: one pass for the sums, one for the values. Returns those by x, scale and offset. */
export function normalizeActivateGrad(
  simd: Simd,
  [x, y, dy]: readonly [Tensor, Tensor, Tensor],
  [scale, mean, variance]: readonly [Tensor, Tensor, Tensor],
  { epsilon, slope }: NormalizeAttributes,
): TensorInfo[] {
  const channels = scale.size;
  const pixels = x.size / channels;
  const dx = simd.output(x.shape);
  const [dScale, dOffset] = [simd.output([channels]), simd.output([channels])];
  const places = simd.addresses(x, y, dy, dx);
  const placesAt = (first: number) => places.map((place) => after(place, first * channels * 4));
  const means = simd.address(mean);
  const { addTotals, normalizeGradTables, normalizeTablesScratch } = simd.functions;
  simd.withScratch((scratch) => {
    const { states } = sumsOfSets(simd, scratch, x.size, channels, (part, set, state, own) => {
      const [input, output, gradient] = placesAt(set.first);
      part.functions.normalizeGradSums(
        ...[input, output, gradient, set.count, channels, means, slope, state, own],
      );
    });
    for (const state of states.slice(1)) addTotals(states[0], state, 2 * channels);
    const tables = scratch.take(normalizeTablesScratch(channels));
    normalizeGradTables(
      ...[states[0], pixels, channels],
      ...simd.addresses(scale, mean, variance, dScale, dOffset),
      ...[epsilon, tables],
    );
    const ofPixels = ({ functions }: Simd, { first, count }: Range) => {
      const [input, output, gradient, to] = placesAt(first);
      functions.normalizeGradPixels(
        ...[input, output, gradient, to, count, channels, tables, slope],
      );
    };
    share(simd, pixels, passTime(2 * x.size), ofPixels, { group: ROW });
  });
  return [dx, dScale, dOffset];
}

/** Sums of sets of pixels, each by itself; `use` is told a set, where its sums go, and scratch for them. */
function sumsOfSets(
  simd: Simd,
  scratch: Scratch,
  values: number,
  channels: number,
  use: (part: Simd, set: Range, state: Address, own: Address) => void,
) {
  const { normalizeBlock, normalizeStateScratch, normalizeSumsScratch } = simd.functions;
  const count = Math.max(1, Math.min(MOST, Math.floor(values / WORTH)));
  const sets = rangesOf(values / channels, count, normalizeBlock(channels));
  const bytes = normalizeStateScratch(channels);
  const place = scratch.take(sets.length * bytes);
  const states = sets.map((_, set) => after(place, set * bytes));
  share(simd, sets.length, passTime(values), (part, range) =>
    part.withScratch((own) => {
      const room = own.take(normalizeSumsScratch(channels));
      for (let set = range.first; set < range.first + range.count; set++) {
        use(part, sets[set], states[set], room);
      }
    }),
  );
  return { sets, states };
}
