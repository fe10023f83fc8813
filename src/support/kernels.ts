import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The outputs of a kernel of this name if one is registered for the backend in use, else undefined:
 * then the caller composes the operation of portable ones. A kernel without outputs leaves it to the
 * caller too.
 *
 * Backends' entries register kernels under the library's own names in tfjs's registry, which the ESM
 * and CommonJS copies of the library share; nothing asks which backend it runs on.
 */
export function fasterKernel(
  name: string,
  inputs: NamedTensorMap,
  attributes: NamedAttrMap = {},
): Tensor[] | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  const outputs = tf.engine().runKernel(name, inputs, attributes);
  const list = Array.isArray(outputs) ? outputs : [outputs as Tensor];
  return list.length > 0 ? list : undefined;
}
