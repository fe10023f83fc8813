import { checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkLevel, type Interval } from './interval.js';
import { checkLabelledProbabilities } from './probabilities.js';
import { quantile } from './quantile.js';
import { wilsonInterval } from './wilson.js';

/** How probabilities are put into bins. */
export interface BinOptions {
  /** How many bins; 10 unless told. */
  readonly bins?: number;
  /** Bins of one width from 0 to 1, or of about as many images each; 'equal-width' unless told. */
  readonly binning?: 'equal-width' | 'equal-mass';
}

/** Bins, and the level of their intervals. */
export interface ReliabilityOptions extends BinOptions {
  /** In (0, 1); 0.95 unless told. */
  readonly level?: number;
}

/** One point of a reliability diagram: images whose probabilities are alike. */
export interface ReliabilityBin {
  /** Probabilities above `from` (of the first bin: from it on) up to and with `to`. */
  readonly from: number;
  readonly to: number;
  /** Images in the bin, at least one. */
  readonly count: number;
  /** Mean of their probabilities: where the point lies across. */
  readonly meanProbability: number;
  /** Share of them that is anomalous, with Wilson's interval: where it lies up. */
  readonly observed: Interval;
}

/**
 * The points of a reliability diagram: what was said against what happened, bin by bin.
 *
 * A calibrated detector's points lie on the diagonal, within their intervals. Bins without an image
 * are left out; bins of equal mass keep equal probabilities together and so may differ in size.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; one class may be missing.
 * @returns In rising order of probability.
 * @throws LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, INVALID_OPTION, UNKNOWN_OPTION
 * @see scikit-learn's calibration_curve(strategy='uniform' or 'quantile').
 * @example
 * const [low] = reliabilityBins([0.1, 0.3, 0.9], [0, 1, 1], { bins: 2 });
 * low.observed.estimate; // 0.5, where 0.2 was said
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: ReliabilityOptions = {},
): ReliabilityBin[] {
  const where = 'reliabilityBins';
  checkKnownOptions(where, options, ['bins', 'binning', 'level']);
  const { level = 0.95, ...binOptions } = options;
  checkLevel(where, level);
  return fillBins(where, probabilities, labels, binOptions).map(
    ({ from, to, count, sum, anomalies }) => ({
      from,
      to,
      count,
      meanProbability: sum / count,
      observed: wilsonInterval(anomalies, count, { level }),
    }),
  );
}

/**
 * Expected calibration error: how far what was said lies from what happened, over the bins.
 *
 * ECE = sum_b count_b / count * |mean probability_b - share anomalous_b|
 *
 * It depends on the bins and is above 0 by chance alone, more so with few images a bin: compare
 * values of one set and one choice of bins only.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; one class may be missing.
 * @returns A number in [0, 1].
 * @throws LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, INVALID_OPTION, UNKNOWN_OPTION
 * @see Naeini et al., AAAI 2015.
 * @example
 * expectedCalibrationError([0.1, 0.3, 0.9], [0, 1, 1], { bins: 2 }); // 2/3 * 0.3 + 1/3 * 0.1
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BinOptions = {},
): number {
  const where = 'expectedCalibrationError';
  checkKnownOptions(where, options, ['bins', 'binning']);
  let gaps = 0;
  for (const { sum, anomalies } of fillBins(where, probabilities, labels, options)) {
    gaps += Math.abs(sum - anomalies);
  }
  return gaps / labels.length;
}

/** The bins that hold an image, with sums over it. */
function fillBins(
  where: string,
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { bins = 10, binning = 'equal-width' }: BinOptions,
) {
  checkNumber(where, 'bins', bins, { min: 1, integer: true });
  checkChoice(where, 'binning', binning, ['equal-width', 'equal-mass']);
  checkLabelledProbabilities(where, probabilities, labels);
  const sorted = Float64Array.from(probabilities).sort();
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    binning === 'equal-width' ? i / bins : quantile(sorted, i / bins),
  );
  const filled = Array.from({ length: bins }, (_, i) => {
    return { from: edges[i], to: edges[i + 1], count: 0, sum: 0, anomalies: 0 };
  });
  const inner = edges.slice(1, -1);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = filled[inner.filter((edge) => edge < probabilities[i]).length];
    bin.count += 1;
    bin.sum += probabilities[i];
    bin.anomalies += labels[i];
  }
  return filled.filter(({ count }) => count > 0);
}
