import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { forgetLayouts, keptLayout } from '../../src/wasm/simd/kept-layouts.js';
import type { Simd } from '../../src/wasm/simd/simd.js';

/** Memory that tells what is taken, and tensors that are there until they are given up. */
function memory(room = Number.POSITIVE_INFINITY) {
  const taken = new Map<number, number>();
  const gone = new Set<object>();
  let next = 8;
  const simd = {
    allocate(bytes: number) {
      if (bytes > room) return undefined;
      taken.set(next, bytes);
      next += bytes;
      return next - bytes;
    },
    free: (address: number) => taken.delete(address),
    holds: (dataId: object) => !gone.has(dataId),
  } as unknown as Simd;
  const tensor = () => ({ dataId: {} }) as Tensor;
  return { simd, taken, gone, tensor };
}

const MEBIBYTE = 2 ** 20;

/** Asks for a layout, and tells whether it was made. */
function ask(simd: Simd, tensor: Tensor, name = 'panels', bytes = 1000) {
  let made = 0;
  const make = () => {
    made++;
  };
  const address = keptLayout(simd, tensor, { name, bytes, make });
  return { address, made };
}

describe('a layout of weights', () => {
  it('is kept from the second time on', () => {
    const { simd, tensor, taken } = memory();
    const weights = tensor();
    expect(ask(simd, weights)).toEqual({ address: undefined, made: 0 });
    const second = ask(simd, weights);
    expect(second).toEqual({ address: 8, made: 1 });
    expect(ask(simd, weights)).toEqual({ address: 8, made: 0 });
    expect([...taken.values()]).toEqual([1000]);
  });

  it('that could not be made is made at the next call', () => {
    const { simd, tensor, taken } = memory();
    const weights = tensor();
    ask(simd, weights);
    const make = () => {
      throw new Error('no room');
    };
    expect(() => keptLayout(simd, weights, { name: 'panels', bytes: 1000, make })).toThrow(
      'no room',
    );
    expect(taken.size).toBe(0);
    expect(ask(simd, weights).made).toBe(1);
  });

  it('is its own by tensor and by name', () => {
    const { simd, tensor } = memory();
    const [one, other] = [tensor(), tensor()];
    ask(simd, one);
    expect(ask(simd, other).address).toBeUndefined();
    expect(ask(simd, one, 'columns').address).toBeUndefined();
    expect(ask(simd, one).address).not.toBe(ask(simd, one, 'columns').address);
  });

  it('is made anew after its values were written in place', () => {
    const { simd, tensor, taken } = memory();
    const weights = tensor();
    ask(simd, weights);
    ask(simd, weights);
    forgetLayouts(simd, weights);
    expect(taken.size).toBe(0);
    ask(simd, weights);
    expect(ask(simd, weights).made).toBe(1);
  });

  it('goes when its tensor has gone and another is kept', () => {
    const { simd, tensor, taken, gone } = memory();
    const [old, young] = [tensor(), tensor()];
    ask(simd, old);
    ask(simd, old, 'panels', 500);
    gone.add(old.dataId);
    ask(simd, young);
    ask(simd, young);
    expect([...taken.values()]).toEqual([1000]);
  });

  it('of 128 MiB in all, those used longest ago go first', () => {
    const { simd, tensor } = memory();
    const tensors = Array.from({ length: 4 }, tensor);
    for (const each of tensors) ask(simd, each, 'panels', 40 * MEBIBYTE);
    for (const each of tensors.slice(0, 3)) ask(simd, each, 'panels', 40 * MEBIBYTE);
    expect(ask(simd, tensors[0]).made).toBe(0);
    expect(ask(simd, tensors[3], 'panels', 40 * MEBIBYTE).made).toBe(1);
    expect(ask(simd, tensors[0]).made).toBe(0);
    expect(ask(simd, tensors[1], 'panels', 40 * MEBIBYTE).made).toBe(1);
  });

  it('is not kept where it is too long, or there is no memory', () => {
    const { simd, tensor, taken } = memory();
    const weights = tensor();
    for (let i = 0; i < 3; i++)
      expect(ask(simd, weights, 'panels', 129 * MEBIBYTE).address).toBeUndefined();
    expect(taken.size).toBe(0);
    const full = memory(10);
    const others = full.tensor();
    for (let i = 0; i < 3; i++) expect(ask(full.simd, others).address).toBeUndefined();
  });
});
