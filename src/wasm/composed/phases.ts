import * as tf from '@tensorflow/tfjs-core';
import { fitSpatial, type Padding } from './fit-spatial.js';

/**
 * One axis of a strided convolution run backwards.
 *
 * Position i of the input meets position y of the output through tap k where
 * i + before = y * stride + k. So the inputs of one phase, i mod stride, see every stride-th tap
 * only, and form a plain convolution of the output with those taps, flipped.
 */
export type Axis = {
  readonly inputSize: number;
  readonly filterSize: number;
  readonly stride: number;
  /** Padding ahead of the first input. */
  readonly before: number;
};

/** The two axes of a convolution. */
export function spatialAxes(info: tf.backend_util.Conv2DInfo): { rows: Axis; columns: Axis } {
  return {
    rows: {
      inputSize: info.inHeight,
      filterSize: info.filterHeight,
      stride: info.strideHeight,
      before: info.padInfo.top,
    },
    columns: {
      inputSize: info.inWidth,
      filterSize: info.filterWidth,
      stride: info.strideWidth,
      before: info.padInfo.left,
    },
  };
}

/** Phases of an axis that one convolution computes together. */
export type PhaseGroup = {
  /** The first output position that position 0 of each phase sees. */
  readonly offset: number;
  /** How many output positions each input sees. */
  readonly length: number;
  /** For each phase and each position seen, the filter's tap, or -1 for none. */
  readonly taps: readonly (readonly number[])[];
};

/** Each phase of an axis alone: the least arithmetic. */
export function separatePhases(axis: Axis): PhaseGroup[] {
  return phasesOf(axis).map((phase) => group([phase]));
}

/** All phases of an axis in one window: taps of zero are multiplied, but nothing is interleaved. */
export function mergedPhases(axis: Axis): PhaseGroup {
  return group(phasesOf(axis));
}

/**
 * Runs a strided convolution backwards: a convolution for every pair of groups, interleaved.
 *
 * @param outputs Shape [batch, output height, output width, channels].
 * @param convolve Convolves the outputs, cropped and to be padded as told, with the taps of a pair of
 *   groups, giving the channels of each column phase side by side.
 * @returns Shape [batch, input height, input width, channels of `convolve`'s one phase].
 */
export function convolveBackwards(
  outputs: tf.Tensor4D,
  rows: Axis,
  columns: Axis,
  columnGroups: readonly PhaseGroup[],
  convolve: (
    cropped: tf.Tensor4D,
    padding: Padding,
    rowGroup: PhaseGroup,
    columnGroup: PhaseGroup,
  ) => tf.Tensor4D,
): tf.Tensor4D {
  const batch = outputs.shape[0];
  const height = phaseSize(rows);
  const width = phaseSize(columns);
  const images = separatePhases(rows).flatMap((rowGroup) =>
    columnGroups.map((columnGroup) => {
      const { cropped, padding } = fitSpatial(outputs, {
        before: [-rowGroup.offset, -columnGroup.offset],
        length: [height + rowGroup.length - 1, width + columnGroup.length - 1],
      });
      return convolve(cropped, padding, rowGroup, columnGroup);
    }),
  );
  // Two transpositions that keep the last axis whole are the fast way to interleave.
  const channels = images[0].shape[3] / columnGroups[0].taps.length;
  const pixels = batch * height * width;
  const byColumn = tf.transpose(
    tf.reshape(tf.concat(images, 0), [rows.stride, columnGroups.length, pixels, -1]),
    [0, 2, 1, 3],
  );
  const byRow = tf.transpose(tf.reshape(byColumn, [rows.stride, batch * height, -1]), [1, 0, 2]);
  const interleaved = tf.reshape(byRow, [
    batch,
    height * rows.stride,
    width * columns.stride,
    channels,
  ]) as tf.Tensor4D;
  return fitSpatial(interleaved, {
    before: [0, 0],
    length: [rows.inputSize, columns.inputSize],
  }).cropped;
}

type Phase = { readonly first: number; readonly taps: readonly number[] };

function phasesOf({ filterSize, stride, before }: Axis): Phase[] {
  return Array.from({ length: stride }, (_, phase) => {
    const taps: number[] = [];
    for (let tap = (phase + before) % stride; tap < filterSize; tap += stride) taps.unshift(tap);
    return { first: Math.floor((phase + before) / stride) - taps.length + 1, taps };
  });
}

function group(phases: readonly Phase[]): PhaseGroup {
  const seen = phases.filter(({ taps }) => taps.length > 0);
  const offset = seen.length === 0 ? 0 : Math.min(...seen.map(({ first }) => first));
  // A phase that no tap reaches is a window of one zero.
  const end = Math.max(offset + 1, ...seen.map(({ first, taps }) => first + taps.length));
  return {
    offset,
    length: end - offset,
    taps: phases.map(({ first, taps }) =>
      Array.from({ length: end - offset }, (_, i) => taps[offset + i - first] ?? -1),
    ),
  };
}

function phaseSize({ inputSize, stride }: Axis): number {
  return Math.ceil(inputSize / stride);
}
