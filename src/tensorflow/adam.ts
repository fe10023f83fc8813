import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

interface AdamAttributes {
  readonly stepSize: number;
  readonly squareScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly epsilon: number;
}

/** A tensor of TensorFlow's own, which tfjs does not know of. */
type Id = number;

/** The part of tfjs-node's backend that is used here. */
interface AdamBackend {
  readonly binding: {
    readonly TF_ATTR_SHAPE: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_FLOAT: number;
    createTensor(shape: readonly number[], type: number, values: Float32Array): Id;
    deleteTensor(id: Id): void;
    executeOp(
      operation: string,
      attributes: readonly object[],
      inputs: readonly Id[],
      outputs: number,
    ): { readonly id: Id }[];
  };
  getInputTensorIds(tensors: readonly TensorInfo[]): Id[];
  createOutputTensor(made: { readonly id: Id }): Tensor;
  /** Handles of the three variables that every step works on. */
  [HANDLES]?: readonly Id[];
}

const HANDLES: unique symbol = Symbol.for('salad-ad/tensorflow/adam') as never;

/**
 * Adam's step as ResourceApplyAdam, one pass over the weights. It works on TensorFlow's own variables,
 * which take the tensors' memory as it is and copy it before they write.
 *
 * Most weights of a network are short vectors, for which calls cost more than arithmetic; so the handles
 * and the numbers bypass tfjs.
 */
export const adamKernel: { readonly kernelName: string; readonly kernelFunc: KernelFunc } = {
  kernelName: 'SaladAdam',
  kernelFunc({ inputs, attrs, backend: given }) {
    const { variable, mean, square, gradient } = inputs as Record<string, Tensor>;
    const attributes = attrs as unknown as AdamAttributes;
    const { weightDecay } = attributes;
    if (weightDecay === 0) {
      return step(given as AdamBackend, [variable, mean, square, gradient], attributes);
    }
    const decayed = tf.tidy(() => tf.add(gradient, tf.mul(variable, weightDecay)));
    const updated = step(given as AdamBackend, [variable, mean, square, decayed], attributes);
    decayed.dispose();
    return updated;
  },
};

function step(
  backend: AdamBackend,
  tensors: readonly TensorInfo[],
  { stepSize, squareScale, beta1, beta2, epsilon }: AdamAttributes,
): Tensor[] {
  const { binding } = backend;
  const float32 = { type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const dtype = [{ name: 'dtype', ...float32 }];
  backend[HANDLES] ??= ['variable', 'mean', 'square'].map((name) => variableHandle(binding, name));
  const handles = backend[HANDLES];
  const ids = backend.getInputTensorIds(tensors);
  handles.forEach((handle, i) => {
    binding.executeOp('AssignVariableOp', dtype, [handle, ids[i]], 0);
  });
  // stepSize * mean / (sqrt(squareScale * square) + epsilon), divided by sqrt(squareScale) throughout;
  // the powers of both betas are in the two factors already, so zeros stand for them.
  const root = Math.sqrt(squareScale);
  const numbers = [0, 0, stepSize / root, beta1, beta2, epsilon / root].map((value) =>
    binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value)),
  );
  const all = [...handles, ...numbers, ids[3]];
  binding.executeOp('ResourceApplyAdam', [{ name: 'T', ...float32 }], all, 0);
  for (const id of numbers) binding.deleteTensor(id);
  return handles.map((handle) =>
    backend.createOutputTensor(binding.executeOp('ReadVariableOp', dtype, [handle], 1)[0]),
  );
}

function variableHandle(binding: AdamBackend['binding'], name: string): Id {
  const { TF_ATTR_SHAPE, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = binding;
  const attributes = [
    { name: 'dtype', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'shape', type: TF_ATTR_SHAPE, value: [] },
    { name: 'container', type: TF_ATTR_STRING, value: '' },
    { name: 'shared_name', type: TF_ATTR_STRING, value: `salad-ad/adam/${name}` },
  ];
  return binding.executeOp('VarHandleOp', attributes, [], 1)[0].id;
}
