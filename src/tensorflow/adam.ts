import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Execute, NativeKernel } from './kernel.js';

interface AdamAttributes {
  readonly stepSize: number;
  readonly squareScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly epsilon: number;
}

/**
 * Adam's step as ResourceApplyAdam, one pass over the weights. It works on TensorFlow's own variables,
 * which take the tensors' memory as it is and copy it before they write.
 */
export const adamKernel: NativeKernel<'variable' | 'mean' | 'square' | 'gradient', AdamAttributes> =
  {
    kernelName: 'SaladAdam',
    compute(execute, { variable, mean, square, gradient }, attributes) {
      const { stepSize, squareScale, beta1, beta2, weightDecay, epsilon } = attributes;
      const variables = [variable, mean, square].map((value, i) => assigned(execute, i, value));
      // stepSize * mean / (sqrt(squareScale * square) + epsilon), divided by sqrt(squareScale) throughout;
      // the powers of both betas are in the two factors already, so zeros stand for them.
      const root = Math.sqrt(squareScale);
      const numbers = [0, 0, stepSize / root, beta1, beta2, epsilon / root].map((n) =>
        tf.scalar(n),
      );
      const decayed = weightDecay > 0 ? decay(gradient, variable, weightDecay) : undefined;
      execute('ResourceApplyAdam', [...variables, ...numbers, decayed ?? gradient], {}, 0);
      const updated = variables.map(
        (handle) => execute('ReadVariableOp', [handle], { types: ['dtype'] })[0],
      );
      tf.dispose([...variables, ...numbers, ...(decayed ? [decayed] : [])]);
      return updated;
    },
  };

/** The handle of one of three variables, whose value is `value` now. */
function assigned(execute: Execute, index: number, value: TensorInfo): tf.Tensor {
  const [handle] = execute('VarHandleOp', [], {
    types: ['dtype'],
    shapes: { shape: [] },
    strings: { container: '', shared_name: `salad-ad/adam/${index}` },
  });
  execute('AssignVariableOp', [handle, value], { types: ['dtype'] }, 0);
  return handle;
}

function decay(gradient: TensorInfo, variable: TensorInfo, weightDecay: number): tf.Tensor {
  return tf.tidy(() => tf.add(gradient as tf.Tensor, tf.mul(variable as tf.Tensor, weightDecay)));
}
