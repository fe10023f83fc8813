import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** The part of tfjs-node's backend that is used here. */
interface TensorFlowBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    operation: string,
    attributes: readonly {
      readonly name: string;
      readonly type: number;
      readonly value: unknown;
    }[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

/** Attributes of an operation, by kind: a number could be a float or an integer. */
interface OperationAttributes {
  readonly bools?: Readonly<Record<string, boolean>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly strings?: Readonly<Record<string, string>>;
  /** Names of the attributes whose value is the type float32. @defaultValue ['T'] */
  readonly types?: readonly string[];
}

/** Runs one of TensorFlow's operations; its outputs are the caller's. */
export type Execute = (
  operation: string,
  inputs: readonly TensorInfo[],
  attributes: OperationAttributes,
  outputs?: number,
) => Tensor[];

/** A kernel made of TensorFlow's own operations. */
export interface NativeKernel<Inputs extends string, Attributes> {
  readonly kernelName: string;
  readonly compute: (
    execute: Execute,
    inputs: Readonly<Record<Inputs, TensorInfo>>,
    attributes: Attributes,
  ) => Tensor[];
}

/** The function that tfjs's registry wants. */
export function kernelFunc<Inputs extends string, Attributes>({
  compute,
}: NativeKernel<Inputs, Attributes>): KernelFunc {
  return ({ inputs, attrs, backend }) =>
    compute(executeOn(backend), inputs as Record<Inputs, TensorInfo>, attrs as Attributes);
}

/** TensorFlow's operations on the backend that a kernel is called with. */
export function executeOn(given: unknown): Execute {
  const backend = given as TensorFlowBackend;
  const { TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const listed = (type: number, values: object = {}) =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  return (operation, inputs, { bools, floats, strings, types = ['T'] }, outputs = 1) =>
    backend.executeMultipleOutputs(
      operation,
      [
        ...types.map((name) => ({ name, type: TF_ATTR_TYPE, value: TF_FLOAT })),
        ...listed(TF_ATTR_BOOL, bools),
        ...listed(TF_ATTR_FLOAT, floats),
        ...listed(TF_ATTR_STRING, strings),
      ],
      inputs,
      outputs,
    );
}

/** z where it is above zero, else slope * z. */
export function leaky(execute: Execute, z: TensorInfo, slope: number): Tensor {
  return execute('LeakyRelu', [z], { floats: { alpha: slope } })[0];
}
