import { checkFinite, checkKnownOptions, checkNumber } from '../support/check.js';
import { type BankLike, bankSize } from './bank-like.js';
import {
  type NeighborhoodOptions,
  type Neighborhoods,
  neighborhoodOptions,
  neighborhoodsIn,
} from './neighborhoods.js';

/**
 * The `count` rows of lowest entropy, ties to the lower row.
 *
 * @param entropies [N], nats. @param count 0..N.
 * @returns [N], true for an anchor.
 * @throws INVALID_OPTION | NOT_FINITE
 * @example
 * const anchors = selectAnchors(entropies, 80);
 */
export function selectAnchors(entropies: ArrayLike<number>, count: number): boolean[] {
  checkFinite('selectAnchors', 'entropies', entropies, 'check the bank with checkEmbeddings');
  const size = entropies.length;
  checkNumber('selectAnchors', 'count', count, { min: 0, max: size, integer: true });
  const order = Array.from({ length: size }, (_, row) => row);
  order.sort((a, b) => entropies[a] - entropies[b] || a - b);
  const anchors = new Array<boolean>(size).fill(false);
  for (const row of order.slice(0, count)) anchors[row] = true;
  return anchors;
}

/**
 * Which rows are anchors, round by round: none in round 0, then the round(N r / R) rows of lowest
 * entropy in rounds r = 1..R, found again at the start of each round and fixed within it.
 *
 * It holds no state of its own: what it returns depends on the bank and the round alone.
 *
 * @see the paper, section 2. Recomputing from scratch each round is the authors' later code's.
 * @example
 * const scheduler = new ProgressiveNeighborhoodScheduler({ rounds: 10, neighborhoodSize: 10 });
 * const { anchors, neighbors } = await scheduler.select(bank, 1);
 */
export class ProgressiveNeighborhoodScheduler {
  /** R, progressive rounds after pre-training. */
  readonly rounds: number;
  private readonly options: NeighborhoodOptions;

  /** @throws INVALID_OPTION | UNKNOWN_OPTION */
  constructor(
    options: NeighborhoodOptions & {
      /** R, progressive rounds after pre-training (paper: 10). @defaultValue 10 */
      readonly rounds?: number;
    } = {},
  ) {
    checkKnownOptions('ProgressiveNeighborhoodScheduler', options, {
      ...neighborhoodOptions,
      rounds: true,
    });
    const { rounds = 10, ...rest } = options;
    checkNumber('ProgressiveNeighborhoodScheduler', 'rounds', rounds, { min: 0, integer: true });
    this.rounds = rounds;
    this.options = rest;
  }

  /**
   * round(N r / R), half up: how many of N rows are anchors in round r.
   *
   * @param size N, rows of the bank.
   * @param round r, 0..R; 0 is pre-training.
   * @returns a count of rows, 0 in round 0.
   * @throws INVALID_OPTION
   */
  anchorCount(size: number, round: number): number {
    const where = 'ProgressiveNeighborhoodScheduler.anchorCount';
    checkNumber(where, 'size', size, { min: 0, integer: true });
    return this.countFor(where, size, round);
  }

  private countFor(where: string, size: number, round: number): number {
    checkNumber(where, 'round', round, { min: 0, max: this.rounds, integer: true });
    return round === 0 ? 0 : Math.floor((size * round) / this.rounds + 0.5);
  }

  /**
   * Anchors and neighbours of a round, from the bank as it stands.
   *
   * @param bank [size, dim], unit rows; only read.
   * @param round r, 0..R; 0 is pre-training.
   * @param where the call that errors name; default 'ProgressiveNeighborhoodScheduler.select'
   * @returns `anchors` [N], the rows whose neighbourhood is trusted in this round, `entropies` and `neighbors`.
   * @throws INVALID_OPTION | EMPTY_SET | SHAPE_MISMATCH | NOT_FINITE where the bank is not finite
   */
  async select(
    bank: BankLike,
    round: number,
    where = 'ProgressiveNeighborhoodScheduler.select',
  ): Promise<
    Neighborhoods & {
      /** r; 0 is pre-training. */
      readonly round: number;
      /** [N]: the rows whose neighbourhood is trusted in this round. */
      readonly anchors: readonly boolean[];
    }
  > {
    const count = this.countFor(where, bankSize(where, bank), round);
    const found = await neighborhoodsIn(where, bank, this.options);
    checkFinite(where, 'entropies', found.entropies, 'training has diverged');
    return { round, anchors: selectAnchors(found.entropies, count), ...found };
  }
}
