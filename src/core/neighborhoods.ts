import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from '../operations/bank-blocks.js';
import { bankNeighbors } from '../operations/bank-neighbors.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBoolean } from '../support/check-kinds.js';
import { hostTurns } from '../support/host.js';
import { type BankLike, bankBlocks, checkAgainstBank, checkTemperature } from './bank-like.js';

/** Queries of one block when the whole bank is compared with itself. */
const QUERY_BLOCK = 256;

/** Entropy and nearest rows of every row of a bank. */
export interface Neighborhoods {
  /** [N], nats: how spread each row's probabilities over the other rows are. */
  readonly entropies: Float32Array;
  /** [N][k], nearest first, own row left out. */
  readonly neighbors: readonly Int32Array[];
}

/** Options of `findNeighborhoods`. */
export interface NeighborhoodOptions {
  /** tau, in (0, 1] (paper: 0.1). @defaultValue 0.1 */
  readonly temperature?: number;
  /** k, neighbours of a row, itself not counted (paper: not given). Lowered to N - 1. @defaultValue 10 */
  readonly neighborhoodSize?: number;
  /**
   * Whether the own row is among the probabilities. With it, an isolated row has p_ii near 1, entropy near 0, and is
   * picked first, the opposite of prototypical.
   *
   * @defaultValue false
   */
  readonly entropyIncludesSelf?: boolean;
  /**
   * Bank rows in one block of work, at most. It bounds memory and changes results by rounding alone.
   *
   * @defaultValue 4096, or what suits the backend's own kernel
   */
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
 * @returns `entropies` [N] and `neighbors` [N][k], as arrays of the host.
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
  checkBoolean(where, 'entropyIncludesSelf', entropyIncludesSelf);
  checkNumber(where, 'neighborhoodSize', neighborhoodSize, { min: 0, integer: true });
  if (blockSize !== undefined)
    checkNumber(where, 'blockSize', blockSize, { min: 1, integer: true });
  const blocks = bankBlocks(where, bank);
  const { size } = checkAgainstBank(where, blocks[0], blocks);
  const k = Math.min(neighborhoodSize, size - 1);
  const entropies = new Float32Array(size);
  const neighbors: Int32Array[] = [];
  const giveHostItsTurn = hostTurns();
  for (let first = 0; first < size; first += QUERY_BLOCK) {
    await giveHostItsTurn();
    const count = Math.min(QUERY_BLOCK, size - first);
    const queryRows = Int32Array.from({ length: count }, (_, i) => first + i);
    const queries = tf.tidy(() => gatherRows(blocks, queryRows));
    const [entropy, indices] = bankNeighbors(queries, blocks, {
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
