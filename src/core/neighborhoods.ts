import type { NamedAttrMap, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { fasterKernel } from '../support/kernels.js';
import {
  type BankLike,
  bankRows,
  checkAgainstBank,
  checkTemperature,
  DEFAULT_BLOCK_SIZE,
  foldBlocks,
  foldTop,
  ownRowMask,
  similarity,
  type TopState,
} from './similarity.js';

/** Queries looked at at a time when the whole bank is compared with itself. */
const QUERY_BLOCK = 256;

/** What a look at every row's neighbourhood finds. */
export interface Neighborhoods {
  /** [N], nats: how spread each row's probabilities over the other rows are. */
  readonly entropies: Float32Array;
  /** [N][k], nearest first, own row left out. */
  readonly neighbors: readonly Int32Array[];
}

/** Options of `findNeighborhoods`. */
export interface NeighborhoodOptions {
  /** tau, in (0, 1]; 0.1 unless told. */
  readonly temperature?: number;
  /** k, neighbours of a row, itself not counted; 10 unless told. Clamped to N - 1. */
  readonly neighborhoodSize?: number;
  /**
   * Whether the own row is among the probabilities. False unless told: with it, an isolated row has
   * p_ii near 1, entropy near 0, and is picked first, the opposite of prototypical.
   */
  readonly entropyIncludesSelf?: boolean;
  /** Bank rows looked at at a time, at most; the backend's choice unless told. Changes no result but by rounding. */
  readonly blockSize?: number;
}

export const neighborhoodOptions: Record<keyof NeighborhoodOptions, true> = {
  temperature: true,
  neighborhoodSize: true,
  entropyIncludesSelf: true,
  blockSize: true,
};

/**
 * Entropy and nearest rows of every bank row: H_i = -sum_j p_ij log p_ij, with m_i itself as the
 * query, and the k rows of highest cosine to m_i.
 *
 * Ties go to the lower row. The N x N similarities are visited in blocks and never stored.
 *
 * @param bank [size, dim], unit rows.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | EMPTY_SET
 * @see the paper, section 2, "Progressive"; Huang et al., ICML 2019 (anchor neighbourhoods). Eq. 1
 * queries with z_i; m_i stands in for it, as in the authors' later code, which counts the own row.
 * @example
 * const { entropies, neighbors } = await findNeighborhoods(bank, { neighborhoodSize: 10 });
 */
export async function findNeighborhoods(
  bank: BankLike,
  options: NeighborhoodOptions = {},
): Promise<Neighborhoods> {
  checkKnownOptions('findNeighborhoods', options, neighborhoodOptions);
  return neighborhoodsIn('findNeighborhoods', bank, options);
}

/** `findNeighborhoods` for the public call `where`. */
export async function neighborhoodsIn(
  where: string,
  bank: BankLike,
  options: NeighborhoodOptions,
): Promise<Neighborhoods> {
  const { temperature = 0.1, neighborhoodSize = 10, entropyIncludesSelf = false } = options;
  const { blockSize } = options;
  checkTemperature(where, temperature);
  checkNumber(where, 'neighborhoodSize', neighborhoodSize, { min: 0, integer: true });
  if (blockSize !== undefined)
    checkNumber(where, 'blockSize', blockSize, { min: 1, integer: true });
  const rows = bankRows(where, bank);
  const { size, dim } = checkAgainstBank(where, rows, rows);
  const k = Math.min(neighborhoodSize, size - 1);
  const entropies = new Float32Array(size);
  const neighbors: Int32Array[] = [];
  for (let first = 0; first < size; first += QUERY_BLOCK) {
    const count = Math.min(QUERY_BLOCK, size - first);
    const queryRows = Int32Array.from({ length: count }, (_, i) => first + i);
    const queries = tf.tidy(() => tf.slice(rows, [first, 0], [count, dim]) as Tensor2D);
    const [entropy, indices] = lookAround(queries, rows, {
      own: queryRows,
      k,
      temperature,
      entropyIncludesSelf,
      blockSize,
    });
    entropies.set((await entropy.data()) as Float32Array, first);
    const found = k > 0 ? ((await indices.data()) as Int32Array) : new Int32Array(0);
    for (let i = 0; i < count; i++) neighbors.push(found.slice(i * k, (i + 1) * k));
    tf.dispose([queries, entropy, indices]);
  }
  return { entropies, neighbors };
}

/** How some rows of the bank look at the others. */
interface LookOptions extends Required<Pick<NeighborhoodOptions, 'temperature'>> {
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
 * `LookOptions`; outputs Z = sum e^s and S = sum s e^s as [2, batch], s the logit less the largest, and the
 * rows), else portable operations.
 */
function lookAround(queries: Tensor2D, rows: Tensor2D, options: LookOptions): Tensor[] {
  const attributes = options as unknown as NamedAttrMap;
  const faster = fasterKernel('SaladBankNeighbors', { queries, rows }, attributes);
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
    const state = foldBlocks<State>(rows, blockSize, (previous, block, offset) => {
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
