import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { checkLevel, type Interval } from './interval.js';
import { checkSameLength } from './labelled-scores.js';
import { quantile } from './quantile.js';

export interface BootstrapOptions {
  /** Resamples drawn; 2000 unless told. */
  readonly replicates?: number;
  /** Seed of the draws; 0 unless told. */
  readonly seed?: number;
  /** In (0, 1); 0.95 unless told. */
  readonly level?: number;
  /** One key per entry, a patient's say: entries of one key are drawn together or not at all. */
  readonly groups?: ArrayLike<string | number>;
}

/** A bootstrap interval with the draws that it was read from. */
export interface BootstrapInterval extends Interval {
  /** The statistic of every resample, ascending. */
  readonly replicates: Float64Array;
}

/**
 * Stratified percentile bootstrap of any statistic of a set.
 *
 * Each resample draws, with replacement, as many entries from every stratum as it holds, so that
 * strata = labels keeps both classes in each. With groups, whole groups are drawn, among those that
 * touch the same strata (normal only, anomalous only, both).
 *
 * @param statistic Given the entries drawn (indices, repeats included), returns a finite number.
 * @param strata [count], any keys; a constant for no strata.
 * @returns The statistic of all entries, and the (1 - level) / 2 and (1 + level) / 2 quantiles.
 * @throws EMPTY_SET, LABELS_MISMATCH, NOT_FINITE, INVALID_OPTION, UNKNOWN_OPTION
 * @see Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 * @example
 * const scores = [0.1, 0.4, 0.35, 0.8];
 * const labels = [0, 0, 1, 1];
 * bootstrapInterval((drawn) => areaUnderRoc(pick(scores, drawn), pick(labels, drawn)), labels);
 */
export function bootstrapInterval(
  statistic: (indices: Int32Array) => number,
  strata: ArrayLike<string | number>,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const where = 'bootstrapInterval';
  checkKnownOptions(where, options, ['replicates', 'seed', 'level', 'groups']);
  const { replicates = 2000, seed = 0, level = 0.95, groups } = options;
  checkNumber(where, 'replicates', replicates, { min: 1, integer: true });
  checkNumber(where, 'seed', seed, {});
  checkLevel(where, level);
  check(
    strata.length > 0,
    'EMPTY_SET',
    () => `${where}: strata is empty; expected one key per entry.`,
  );
  if (groups) checkSameLength(where, 'groups', groups, 'strata', strata);

  const evaluate = (indices: Int32Array, what: string): number => {
    const value = statistic(indices);
    check(
      Number.isFinite(value),
      'NOT_FINITE',
      () =>
        `${where}: the statistic of ${what} is ${value}; expected a finite number; ` +
        'stratify by what the statistic divides by.',
      { value },
    );
    return value;
  };
  const all = Int32Array.from({ length: strata.length }, (_, i) => i);
  const pools = unitsByStratum(strata, groups);
  const values = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    const random = new RandomStream(seed, ['bootstrap', r]);
    values[r] = evaluate(draw(pools, random), `resample ${r}`);
  }
  values.sort();
  return {
    estimate: evaluate(all, 'all entries'),
    lower: quantile(values, (1 - level) / 2),
    upper: quantile(values, (1 + level) / 2),
    replicates: values,
  };
}

/**
 * The values at some indices, for statistics of a resample.
 *
 * @returns [indices.length], in the order of `indices`.
 * @example
 * pick([0.1, 0.2, 0.3], [2, 2, 0]); // 0.3, 0.3, 0.1
 */
export function pick(values: ArrayLike<number>, indices: ArrayLike<number>): Float64Array {
  return Float64Array.from(indices, (index) => values[index]);
}

/** What is drawn as one (an entry, or the entries of a group), pooled by the strata it touches. */
function unitsByStratum(
  strata: ArrayLike<string | number>,
  groups: ArrayLike<string | number> | undefined,
): number[][][] {
  const units = new Map<string | number, number[]>();
  for (let i = 0; i < strata.length; i++) append(units, groups ? groups[i] : i, i);
  const pools = new Map<string, number[][]>();
  for (const unit of units.values()) {
    const touched = [...new Set(unit.map((i) => strata[i]))].sort();
    append(pools, JSON.stringify(touched), unit);
  }
  return [...pools.values()];
}

function draw(pools: readonly number[][][], random: RandomStream): Int32Array {
  const drawn: number[] = [];
  for (const pool of pools) {
    for (let n = 0; n < pool.length; n++) drawn.push(...pool[random.integer(pool.length)]);
  }
  return Int32Array.from(drawn);
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
