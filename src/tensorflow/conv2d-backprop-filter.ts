import * as tf from '@tensorflow/tfjs-core';
import type { FasterKernel } from '../support/register-kernels.js';

interface FilterGradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: unknown;
  readonly dataFormat: string;
  readonly filterShape: [number, number, number, number];
}

/**
 * The filter gradient of a convolution to one channel, an image's last, with roles changed: as that of the
 * convolution from dy to x, turned by half a turn. TensorFlow's own form takes several times as long.
 */
export const conv2dBackpropFilterKernel: FasterKernel = {
  kernelName: tf.Conv2DBackpropFilter,
  wrap: (stock) => (args) => {
    const attributes = args.attrs as unknown as FilterGradientAttributes;
    if (!canSwap(attributes)) return stock(args);
    const { x, dy } = args.inputs as Record<'x' | 'dy', tf.Tensor>;
    const [height, width, inputs, outputs] = attributes.filterShape;
    const filterShape = [height, width, outputs, inputs];
    const swapped = stock({
      ...args,
      inputs: { x: dy, dy: x },
      attrs: { ...args.attrs, filterShape },
    }) as tf.Tensor;
    const gradient = tf.tidy(() => tf.reverse(tf.transpose(swapped, [0, 1, 3, 2]), [0, 1]));
    swapped.dispose();
    return gradient;
  },
};

/** Whether x and dy are of one size, with as much padding on either side. */
function canSwap({ strides, pad, dataFormat, filterShape }: FilterGradientAttributes): boolean {
  const [height, width, inputs, outputs] = filterShape;
  const odd = height % 2 === 1 && width % 2 === 1;
  const unit = [strides].flat().every((stride) => stride === 1);
  return outputs === 1 && inputs > 1 && odd && unit && pad === 'same' && dataFormat === 'NHWC';
}
