import { check } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import type { Interval } from './interval.js';
import { quantile } from './quantile.js';
import { type BootstrapOptions, resamples } from './resamples.js';

/** A bootstrap interval with the draws that it was read from. */
export interface BootstrapInterval extends Interval {
  /** [replicates], the statistic of every resample, ascending. */
  readonly replicates: Float64Array;
}

/**
 * Stratified percentile bootstrap of any statistic of a set.
 *
 * Each resample draws, with replacement, as many entries from every stratum as it holds, so that
 * strata = labels keeps both classes in each. With groups, whole groups are drawn, among those that
 * touch the same strata (normal only, anomalous only, both).
 *
 * @param statistic From the entries drawn (indices, repeats included) to a finite number.
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
  checkFunction(where, 'statistic', statistic ?? null);
  return bootstrapped(where, statistic, strata, options, 'strata');
}

/** {@link bootstrapInterval}, for a caller whose name the errors bear. */
export function bootstrapped(
  where: string,
  statistic: (indices: Int32Array) => number,
  strata: ArrayLike<string | number>,
  options: BootstrapOptions,
  strataName?: string,
): BootstrapInterval {
  const { replicates, level, draw } = resamples(where, strata, options, strataName);
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
  const values = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) values[r] = evaluate(draw(r), `resample ${r}`);
  values.sort();
  return {
    estimate: evaluate(all, 'all entries'),
    lower: quantile(values, (1 - level) / 2),
    upper: quantile(values, (1 + level) / 2),
    replicates: values,
  };
}
