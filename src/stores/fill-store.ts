import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import type { BankStore } from './bank-store.js';

/** Rows that are put into a store at a time. */
const BLOCK = 4096;

/** Puts some rows of a bank into a store, by their places in the bank. @throws whatever the store throws | `signal.reason` */
export async function fillStore(
  store: BankStore,
  rows: Tensor2D,
  chosen: Int32Array,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: Progress) => void },
): Promise<void> {
  const progress = paceOf(chosen.length);
  for (let first = 0; first < chosen.length; first += BLOCK) {
    signal?.throwIfAborted();
    const ids = chosen.subarray(first, first + BLOCK);
    const block = tf.tidy(() => tf.gather(rows, tf.tensor1d(ids, 'int32')));
    try {
      await store.add({ ids, rows: (await block.data()) as Float32Array });
    } finally {
      block.dispose();
    }
    onProgress?.(progress(first + ids.length));
  }
}
