import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { normalizeAndActivate } from '../../../src/backbones/layers/normalize-and-activate.js';
import { scanBank } from '../../../src/operations/bank-scan.js';
import { softmaxOverBank } from '../../../src/operations/bank-softmax.js';
import { Threads } from '../../../src/wasm/threads/threads.js';
import { normal } from '../../support/normal.js';
import { removeWasm, useThreadedWasm } from './threaded.js';

beforeAll(() => useThreadedWasm(2));
afterAll(removeWasm);

/** How often work was given to threads. */
function runsOf(compute: () => unknown): number {
  const run = vi.spyOn(Threads.prototype, 'run');
  try {
    tf.tidy(() => void compute());
    return run.mock.calls.length;
  } finally {
    run.mockRestore();
  }
}

/** Work by its size: with the small one the threads' share is less than 25 microseconds, with the large one more than a millisecond. */
const work: [name: string, small: number, large: number, compute: (size: number) => unknown][] = [
  ['exp', 1000, 1_000_000, (size) => tf.exp(tf.fill([size], 0.5))],
  [
    'a product',
    30,
    400,
    (size) => tf.matMul(tf.fill([size, size], 0.1), tf.fill([size, size], 0.2)),
  ],
  [
    'a convolution and its gradients',
    5,
    64,
    (size) => {
      const x = tf.fill([2, size, size, 8], 0.1);
      const filter = normal<tf.Rank.R4>('filter', [3, 3, 8, 8]);
      const convolve = (maps: tf.Tensor, by: tf.Tensor) =>
        tf.conv2d(maps as tf.Tensor4D, by as tf.Tensor4D, 1, 'same');
      return tf.grads(convolve)([x, filter]);
    },
  ],
  [
    'normalisation',
    8,
    128,
    (size) => {
      const options = { epsilon: 1e-3, slope: 0.1 };
      const x = normal<tf.Rank.R4>('x', [2, size, size, 16]);
      return normalizeAndActivate(x, tf.ones([16]), tf.zeros([16]), options);
    },
  ],
  [
    'the scan of a bank',
    40,
    4000,
    (size) => scanBank(normal('q', [16, 64]), [normal('rows', [size, 64])], { k: 3 }),
  ],
  [
    'the softmax over a bank',
    20,
    4000,
    (size) => softmaxOverBank(normal('q', [16, 64]), [normal('rows', [size, 64])], 0.1, 512),
  ],
];

test.each(work)(
  '%s: of size %d stays on one thread, of size %d is shared',
  (_, small, large, compute) => {
    expect(runsOf(() => compute(small))).toBe(0);
    expect(runsOf(() => compute(large))).toBeGreaterThan(0);
  },
);
