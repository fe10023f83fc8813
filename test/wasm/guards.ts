import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { Simd } from '../../src/wasm/simd/simd.js';

/** Values ahead of and behind every tensor that the module makes, and what they hold. */
const GUARD = 64;
const SENTINEL = -12345;

type Place = { id: number; memoryOffset: number; shape: readonly number[] };
type Backend = tf.KernelBackend & {
  dataIdMap: { get(dataId: object): Place & { refCount: number } };
  wasm: {
    asm: { memory: WebAssembly.Memory };
    tfjs: {
      registerTensor(id: number, size: number, memoryOffset: number): void;
      disposeData(id: number): void;
    };
  };
};

/**
 * Runs `body` on wasm and expects that no kernel of the module writes outside of the tensors and the
 * scratch that it asked for.
 */
export async function expectInBounds(body: () => tf.Tensor[]): Promise<void> {
  await tf.setBackend('wasm');
  const backend = tf.backend() as Backend;
  const { output } = Simd.prototype;
  const { disposeData } = backend;
  const guarded = new Map<object, Place>();
  let made = 0;
  const check = (dataId: object) => {
    const place = guarded.get(dataId);
    if (!place) return;
    const data = backend.dataIdMap.get(dataId);
    const size = tf.util.sizeFromShape([...data.shape]);
    const values = new Float32Array(backend.wasm.asm.memory.buffer, place.memoryOffset);
    const around = [
      ...values.subarray(0, GUARD),
      ...values.subarray(GUARD + size, size + 2 * GUARD),
    ];
    expect(around.every((value) => value === SENTINEL)).toBe(true);
    Object.assign(data, place);
    guarded.delete(dataId);
  };
  Simd.prototype.output = function (shape, dtype) {
    const size = tf.util.sizeFromShape([...shape]) + 2 * GUARD;
    const room = output.call(this, [size], dtype);
    const data = backend.dataIdMap.get(room.dataId);
    const place = { id: data.id, memoryOffset: data.memoryOffset, shape: data.shape };
    new Float32Array(backend.wasm.asm.memory.buffer, place.memoryOffset, size).fill(SENTINEL);
    guarded.set(room.dataId, place);
    data.memoryOffset += GUARD * 4;
    data.shape = [...shape];
    // Stock kernels go by the backend's own list of places and sizes.
    backend.wasm.tfjs.disposeData(data.id);
    backend.wasm.tfjs.registerTensor(data.id, size - 2 * GUARD, data.memoryOffset);
    made++;
    return { ...room, shape: [...shape] };
  };
  backend.disposeData = function (dataId, force) {
    // A reshaped tensor shares its values, which stay until the last one goes.
    if (force || backend.dataIdMap.get(dataId)?.refCount === 1) check(dataId);
    return disposeData.call(this, dataId, force);
  };
  try {
    tf.dispose(tf.tidy(body));
    expect(made, 'tensors that the module made').toBeGreaterThan(0);
  } finally {
    for (const dataId of [...guarded.keys()]) check(dataId);
    Simd.prototype.output = output;
    backend.disposeData = disposeData;
  }
}
