import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkLevel, type Interval } from './interval.js';
import { normalHalfWidth } from './normal-distribution.js';

/**
 * A share, `hits` of `count`, with Wilson's score interval: for the sensitivity or specificity of a
 * threshold that was fixed before the images were seen.
 *
 * (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n), p = hits / count.
 * It stays inside [0, 1] and has a width at 0 and at 1. It takes the images as independent: with
 * several images of a patient use {@link bootstrapInterval} with `groups`.
 *
 * @param hits A whole number from 0 to `count`.
 * @param count A whole number of at least 1.
 * @returns The share and its interval, in [0, 1].
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @see Wilson, Journal of the American Statistical Association 1927.
 * @example
 * wilsonInterval(18, 20); // estimate 0.9, from 0.699 to 0.972
 */
export function wilsonInterval(
  hits: number,
  count: number,
  options: {
    /** Confidence of the interval, in (0, 1). @defaultValue 0.95 */
    readonly level?: number;
  } = {},
): Interval {
  const where = 'wilsonInterval';
  checkKnownOptions(where, options, { level: true });
  const { level = 0.95 } = options;
  checkLevel(where, level);
  checkNumber(where, 'count', count, { min: 1, integer: true });
  checkNumber(where, 'hits', hits, { min: 0, max: count, integer: true });
  const estimate = hits / count;
  const z = normalHalfWidth(level);
  const pull = (z * z) / count;
  const center = estimate + pull / 2;
  const half = z * Math.sqrt((estimate * (1 - estimate)) / count + pull / 4 / count);
  return {
    estimate,
    lower: hits === 0 ? 0 : (center - half) / (1 + pull),
    upper: hits === count ? 1 : (center + half) / (1 + pull),
  };
}
