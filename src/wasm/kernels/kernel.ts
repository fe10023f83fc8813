import * as tf from '@tensorflow/tfjs-core';
import { check } from '../../support/check.js';

/** What a kernel is called with: its named input tensors and its attributes. */
export type KernelArguments<Inputs extends string, Attributes> = {
  readonly inputs: Readonly<Record<Inputs, tf.Tensor>>;
  readonly attrs: Attributes;
};

/**
 * Gives a kernel's function the type that tfjs's registry wants. The engine records nothing while a
 * kernel runs, so `compute` may be composed of any tf operations.
 */
export function kernelFunc<Inputs extends string, Attributes>(
  compute: (args: KernelArguments<Inputs, Attributes>) => tf.Tensor,
): tf.KernelFunc {
  return compute as unknown as tf.KernelFunc;
}

export type Shape4D = [number, number, number, number];

/** The attributes that every two-dimensional convolution kernel shares. */
export type ConvolutionAttributes = {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
};

/** The sizes of a convolution, channels last; a gradient kernel of tfjs knows no dilation. */
export function convolutionInfo(
  kernelName: string,
  inputShape: number[],
  filterShape: Shape4D,
  attributes: ConvolutionAttributes,
  depthwise = false,
): tf.backend_util.Conv2DInfo {
  const { strides, pad, dimRoundingMode, dataFormat = 'NHWC', dilations = 1 } = attributes;
  check(
    dataFormat === 'NHWC' && [dilations].flat().every((dilation) => dilation === 1),
    'INVALID_OPTION',
    () =>
      `${kernelName}: dataFormat is ${dataFormat} and dilations ${dilations}; expected NHWC and 1, all that a convolution trains with here.`,
  );
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
