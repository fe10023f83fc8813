import '@tensorflow/tfjs-backend-wasm';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { SimdFunctions } from '../../src/wasm/simd/module.generated.js';
import { simdOf } from '../../src/wasm/simd/simd-of.js';

/** A call that does not fit a function of the module does not compile: `npm run typecheck` is the test. */
export function refused({ exp, gather }: SimdFunctions, [x, y]: Parameters<typeof exp>) {
  exp(x, y, 4);
  // @ts-expect-error: the count is missing
  exp(x, y);
  // @ts-expect-error: one number too many
  exp(x, y, 4, 4);
  // @ts-expect-error: a count in the place of an address
  exp(4, x, y);
  // @ts-expect-error: the indices and their count are swapped
  gather(x, y, 1, 4, 16, 4, x);
  // @ts-expect-error: an address and bytes are a number until `after` adds them
  exp(x + 16, y, 4);
}

test('the types are those of the module: the same functions, of as many numbers each', async () => {
  const source = await readFile('src/wasm/simd/module.generated.ts', 'utf8');
  const typed = [...source.matchAll(/readonly (\w+): \(([^)]*)\) =>/g)].map(
    ([, name, parameters]) => [name, parameters.split(':').length - 1],
  );
  await tf.setBackend('wasm');
  const exported = Object.entries(simdOf(tf.backend())?.functions ?? {});
  expect(exported.length).toBeGreaterThan(30);
  expect(Object.fromEntries(typed)).toEqual(
    Object.fromEntries(exported.map(([name, { length }]) => [name, length])),
  );
});
