import { countBelow } from './count-below.js';
import { pick } from './pick.js';
import { precisionRecallPoints } from './precision-recall.js';
import { quantile } from './quantile.js';
import { type BootstrapOptions, resamples } from './resamples.js';
import { rocPoints } from './roc.js';

/** A curve read at a grid of places, with an interval at each. */
export interface CurveBand {
  /** [101], 0, 0.01, ... 1: false positive rates of a ROC curve, recalls of a precision-recall curve. */
  readonly places: Float64Array;
  /** [101], the height of the curve of all images at each place. */
  readonly estimates: Float64Array;
  /** [101], the lower end of the interval at each place. */
  readonly lower: Float64Array;
  /** [101], the upper end of the interval at each place. */
  readonly upper: Float64Array;
}

/**
 * A band about the ROC curve: the interval of the sensitivity at each false positive rate.
 *
 * Percentile bootstrap within the classes, by patient with `groups`, of the curve joined by straight
 * lines. Each interval holds at its place; that the whole curve lies in the band is less likely.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns Places are false positive rates, heights sensitivities, all in [0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see pROC's ci.se.
 * @example
 * const { places, lower, upper } = rocBand([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
 */
export function rocBand(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BootstrapOptions = {},
): CurveBand {
  return band('rocBand', scores, labels, options, (s, l) => {
    const { falsePositiveRates, truePositiveRates } = rocPoints('rocBand', s, l);
    return (place) => heightAt(falsePositiveRates, truePositiveRates, place);
  });
}

/**
 * A band about the precision-recall curve: the interval of the precision at each recall.
 *
 * As {@link rocBand}; the precision at a recall is that of the highest threshold which reaches it,
 * as {@link averagePrecision} has it.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @returns Places are recalls, heights precisions, all in [0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @example
 * const { places, lower, upper } = precisionRecallBand([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
 */
export function precisionRecallBand(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BootstrapOptions = {},
): CurveBand {
  return band('precisionRecallBand', scores, labels, options, (s, l) => {
    const { recalls, precisions } = precisionRecallPoints('precisionRecallBand', s, l);
    return (place) => precisions[countBelow(recalls, place)];
  });
}

type CurveOf = (scores: ArrayLike<number>, labels: ArrayLike<number>) => (place: number) => number;

function band(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BootstrapOptions,
  curveOf: CurveOf,
): CurveBand {
  const places = Float64Array.from({ length: 101 }, (_, i) => i / 100);
  const estimates = places.map(curveOf(scores, labels));
  const strata = labels as ArrayLike<string | number>;
  const { replicates, level, draw } = resamples(where, strata, options);
  const heights = Array.from(places, () => new Float64Array(replicates));
  for (let r = 0; r < replicates; r++) {
    const drawn = draw(r);
    const heightAtPlace = curveOf(pick(scores, drawn), pick(labels, drawn));
    places.forEach((place, i) => {
      heights[i][r] = heightAtPlace(place);
    });
  }
  for (const column of heights) column.sort();
  const at = (share: number) => Float64Array.from(heights, (column) => quantile(column, share));
  return { places, estimates, lower: at((1 - level) / 2), upper: at((1 + level) / 2) };
}

/** Height of the points joined by lines (xs rising), the top where they stand above one another. */
function heightAt(xs: Float64Array, ys: Float64Array, x: number): number {
  const after = countBelow(xs, x, { orEqual: true });
  if (after === xs.length) return ys[after - 1];
  const share = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return ys[after - 1] + share * (ys[after] - ys[after - 1]);
}
