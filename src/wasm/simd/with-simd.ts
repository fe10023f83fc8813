import type { KernelFunc, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from './simd.js';
import { simdOf } from './simd-of.js';

/** A kernel's arguments with the names of its inputs and the type of its attributes. */
export interface SimdArguments<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, Tensor>>;
  readonly attrs: Attributes;
}

/**
 * A kernel that runs on SIMD where it can, else as `otherwise`: without a module, with inputs that are
 * not float32, and where `compute` returns undefined for a case that it leaves alone.
 */
export function withSimd<Inputs extends string, Attributes>(
  compute: (
    simd: Simd,
    args: SimdArguments<Inputs, Attributes>,
  ) => TensorInfo | TensorInfo[] | undefined,
  otherwise: KernelFunc,
): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const simd = simdOf(backend);
    const floats = Object.values(inputs).every((input) => {
      const tensors = Array.isArray(input) ? input : [input];
      return tensors.every(
        (tensor) => tensor === undefined || (tensor as Tensor).dtype === 'float32',
      );
    });
    const named = { inputs, attrs } as unknown as SimdArguments<Inputs, Attributes>;
    const computed = simd && floats ? simd.attempt(() => compute(simd, named)) : undefined;
    return computed ?? otherwise({ inputs, attrs: attrs as NamedAttrMap, backend });
  };
}
