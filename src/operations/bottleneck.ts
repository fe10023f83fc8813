import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../support/kernels.js';

/** A convolution's weights on a backend. */
export interface Weights {
  /** [height, width, inputs, outputs]; [height, width, channels, 1] of a depthwise one. */
  readonly filter: Tensor4D;
  /** [outputs]. */
  readonly bias: Tensor1D;
}

/** An inverted bottleneck: three convolutions, of which only the middle one looks further than a place. */
export interface Bottleneck {
  /** One place to more channels, held in [0, 6]; absent where the block has no expansion. */
  readonly expand?: Weights;
  /** Depthwise, held in [0, 6], padded to `same`. */
  readonly spatial: Weights;
  /** Of `spatial`. */
  readonly stride: number;
  /** One place to fewer channels, not held. */
  readonly project: Weights;
}

/**
 * What an inverted bottleneck makes of maps, without the sum of the two:
 *
 *     project(clip(spatial(clip(expand(x)))))
 *
 * It is the kernel `SaladInvertedBottleneck` where a backend has one (inputs `x` and the six weights, those of `expand` only
 * where it has one; attribute `stride`), which need not write the expanded maps, the largest of the network; else portable operations.
 * Where a gradient is asked for, it is composed of these as well.
 *
 * @param x [batch, height, width, inputs].
 * @returns [batch, height / stride, width / stride, outputs], sides rounded up; the caller disposes it.
 * @see Sandler et al. 2018, "MobileNetV2" (CVPR).
 */
export function invertedBottleneck(x: Tensor4D, block: Bottleneck): Tensor4D {
  const { expand, spatial, project, stride } = block;
  // While a gradient is recorded, only operations whose gradient tfjs knows will do.
  if (tf.engine().state.gradientDepth > 0) return composed(x, block);
  const inputs = {
    ...{ x, spatialFilter: spatial.filter, spatialBias: spatial.bias },
    ...{ projectFilter: project.filter, projectBias: project.bias },
    ...(expand && { expandFilter: expand.filter, expandBias: expand.bias }),
  };
  const made = fasterKernel('SaladInvertedBottleneck', inputs, { stride });
  return made ? (made[0] as Tensor4D) : composed(x, block);
}

/** Of portable operations. */
function composed(x: Tensor4D, { expand, spatial, stride, project }: Bottleneck): Tensor4D {
  return tf.tidy(() => {
    const pad = 'same';
    const activation = 'relu6';
    const wide = expand ? tf.fused.conv2d({ x, ...expand, strides: 1, pad, activation }) : x;
    const seen = tf.fused.depthwiseConv2d({
      x: wide,
      ...spatial,
      strides: stride,
      pad,
      activation,
    });
    return tf.fused.conv2d({ x: seen, ...project, strides: 1, pad });
  });
}
