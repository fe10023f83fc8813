import { check, checkKnownOptions, checkList, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { checkLevel } from './interval.js';
import { checkSameLength } from './labelled-scores.js';

/** Options of what is estimated by resampling. */
export interface BootstrapOptions {
  /** Resamples drawn. @defaultValue 2000 */
  readonly replicates?: number;
  /** Seed of the draws. @defaultValue 0 */
  readonly seed?: number;
  /** Confidence of the interval, in (0, 1). @defaultValue 0.95 */
  readonly level?: number;
  /**
   * [count], a key per entry, a patient's say: entries of one key are drawn together or not at all. Without it
   * each entry is drawn by itself.
   */
  readonly groups?: ArrayLike<string | number>;
}

/** Checked options, and the resamples that they ask for: entries drawn, repeats included. */
export function resamples(
  where: string,
  strata: ArrayLike<string | number>,
  options: BootstrapOptions,
  strataName = 'labels',
): { readonly replicates: number; readonly level: number; draw(replicate: number): Int32Array } {
  checkKnownOptions(where, options, { replicates: true, seed: true, level: true, groups: true });
  const { replicates = 2000, seed = 0, level = 0.95, groups } = options;
  checkNumber(where, 'replicates', replicates, { min: 1, integer: true });
  checkNumber(where, 'seed', seed, {});
  checkLevel(where, level);
  checkList(where, strataName, strata);
  check(
    strata.length > 0,
    'EMPTY_SET',
    () => `${where}: ${strataName} is empty; expected one key per entry.`,
  );
  if (groups) checkSameLength(where, 'groups', groups, strataName, strata);
  const pools = unitsByStratum(strata, groups);
  return {
    replicates,
    level,
    // Each by its own stream, so that a resample does not depend on how many came before.
    draw: (replicate) => draw(pools, new RandomStream(seed, ['bootstrap', replicate])),
  };
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
