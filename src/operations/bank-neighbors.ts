import type { NamedAttrMap, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type BankBlocks, bankKernel } from './bank-blocks.js';
import { DEFAULT_BLOCK_SIZE, foldBlocks, ownRowMask, similarity } from './blocks.js';
import { foldTop, type TopState } from './top-k.js';

/** How some rows of the bank are compared with the others. */
export interface NeighborOptions {
  readonly temperature: number;
  /** [batch]: each query's own row. */
  readonly own: Int32Array;
  readonly k: number;
  readonly entropyIncludesSelf: boolean;
  readonly blockSize?: number;
}

/**
 * Entropies [batch] and the k nearest rows [batch, k] of some rows of the bank.
 *
 * It is the kernel `SaladBankNeighbors` where a backend has one (inputs `queries` and `rows`; attributes as
 * `NeighborOptions`; outputs Z = sum e^s and S = sum s e^s as [2, batch], s the logit less the largest, and the
 * rows), else portable operations.
 */
export function bankNeighbors(
  queries: Tensor2D,
  bank: BankBlocks,
  options: NeighborOptions,
): Tensor[] {
  const attributes = options as unknown as NamedAttrMap;
  const faster = bankKernel('SaladBankNeighbors', queries, bank, attributes);
  if (faster) {
    const [sums, indices] = faster;
    const entropy = tf.tidy(() => {
      const [total, spread] = tf.split(sums as Tensor2D, 2) as Tensor2D[];
      return entropyOf({ total, spread });
    });
    sums.dispose();
    return [entropy, indices];
  }
  const { own, k, temperature, entropyIncludesSelf, blockSize = DEFAULT_BLOCK_SIZE } = options;
  return tf.tidy(() => {
    type State = EntropyState & { top?: TopState };
    const state = foldBlocks<State>(bank, blockSize, (previous, block, offset) => {
      const cosines = similarity(queries, block);
      const self = ownRowMask(own, offset, block.shape[0]);
      // Below every cosine, and after the division by enough that the exponential is 0.
      const others = self ? tf.sub(cosines, tf.mul(self, 4 + 100 * temperature)) : cosines;
      const logits = tf.div(entropyIncludesSelf ? cosines : others, temperature) as Tensor2D;
      const next: State = foldEntropy(previous, logits);
      return k > 0 ? { ...next, top: foldTop(previous?.top, others as Tensor2D, offset, k) } : next;
    });
    const none = () => tf.zeros([queries.shape[0], 0], 'int32');
    return [entropyOf(state), state.top?.indices ?? none()];
  });
}

/** Running largest logit, sum of e^s and of s e^s, where s is the logit less the largest. */
type EntropyState = { largest: Tensor2D; total: Tensor2D; spread: Tensor2D };

function foldEntropy(previous: EntropyState | undefined, logits: Tensor2D): EntropyState {
  const blockLargest = tf.max(logits, 1, true) as Tensor2D;
  const largest: Tensor2D = previous ? tf.maximum(previous.largest, blockLargest) : blockLargest;
  const shifted = tf.sub(logits, largest);
  const weights = tf.exp(shifted);
  const total = tf.sum(weights, 1, true) as Tensor2D;
  const spread = tf.sum(tf.mul(weights, shifted), 1, true) as Tensor2D;
  if (!previous) return { largest, total, spread };
  const drop = tf.sub(previous.largest, largest);
  const fade = tf.exp(drop);
  const moved = tf.add(previous.spread, tf.mul(drop, previous.total));
  return {
    largest,
    total: tf.add(tf.mul(previous.total, fade), total),
    spread: tf.add(tf.mul(moved, fade), spread),
  };
}

function entropyOf({ total, spread }: Omit<EntropyState, 'largest'>): Tensor1D {
  const entropy = tf.sub(tf.log(total), tf.div(spread, total));
  return tf.reshape(tf.maximum(entropy, 0), [-1]);
}
