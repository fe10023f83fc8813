import type { DataType, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { MissingKernel } from '../../support/register-kernels.js';
import { forgetLayouts } from '../simd/kept-layouts.js';
import { forgetRows } from '../simd/known-rows.js';
import { simdOf } from '../simd/simd-of.js';

/** What is used of tfjs's wasm backend, its build with threads too. */
type WasmBackend = KernelBackend & {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  /** A tensor's values where they are. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  readonly dataIdMap: {
    get(dataId: object): { readonly id: number; readonly memoryOffset: number };
  };
  readonly wasm: {
    readonly tfjs: {
      disposeData(id: number): void;
      registerTensor(id: number, size: number, memoryOffset: number): void;
    };
  };
};

/** Rows put into a bank where it lies: a few copies of a row each, which need no SIMD. */
export const writeRowsKernel: MissingKernel = {
  kernelName: 'SaladWriteRows',
  kernelFunc({ inputs, attrs, backend: given }) {
    const { rows, values } = inputs as Record<string, Tensor>;
    const backend = given as WasmBackend;
    const { at } = attrs as unknown as { readonly at: Int32Array };
    const dim = rows.shape[1] as number;
    // Made first, since memory that grows leaves views behind.
    const done = backend.makeOutput([1], 'float32');
    const [from, to] = [backend.typedArrayFromHeap(values), backend.typedArrayFromHeap(rows)];
    at.forEach((row, i) => {
      to.set(from.subarray(i * dim, (i + 1) * dim), row * dim);
    });
    forgetPacked(backend, rows);
    const simd = simdOf(given);
    if (simd) {
      forgetLayouts(simd, rows);
      forgetRows(simd, rows);
    }
    return done;
  },
};

/** tfjs's own products keep the second factor packed as it was at first, until the tensor is given up: so it is, its memory apart. */
function forgetPacked({ dataIdMap, wasm }: WasmBackend, rows: Tensor): void {
  const { id, memoryOffset } = dataIdMap.get(rows.dataId);
  wasm.tfjs.disposeData(id);
  wasm.tfjs.registerTensor(id, rows.size, memoryOffset);
}
