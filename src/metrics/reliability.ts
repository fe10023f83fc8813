import { checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkLevel, type Interval } from './interval.js';
import { checkLabelledProbabilities } from './probabilities.js';
import { quantile } from './quantile.js';
import { wilsonInterval } from './wilson.js';

/** One point of a reliability diagram: images whose probabilities are alike. */
export interface ReliabilityBin {
  /** Probabilities above `from` (of the first bin: from it on) up to and with `to`. */
  readonly from: number;
  /** The upper end of the bin. */
  readonly to: number;
  /** Images in the bin, at least one. */
  readonly count: number;
  /** Mean of their probabilities: where the point lies across. */
  readonly meanProbability: number;
  /** Share of them that is anomalous, with Wilson's interval: where it lies up. */
  readonly observed: Interval;
}

/**
 * Whether probabilities agree with what is observed: the points of a reliability diagram, and the expected calibration error over
 * the same bins.
 *
 * ECE = sum_b count_b / count * |mean probability_b - share anomalous_b|
 *
 * A calibrated detector's points lie on the diagonal, within their intervals. The error depends on the bins and is
 * above 0 by chance alone, more so with few images a bin: compare values of one set and one choice of bins only.
 * Bins without an image are left out; bins of equal mass keep equal probabilities together and so may differ in
 * size.
 *
 * @param probabilities [count], in [0, 1].
 * @param labels [count], 0 = normal, 1 = anomalous; one class may be missing.
 * @returns bins: in rising order of probability. expectedCalibrationError: in [0, 1].
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see scikit-learn's calibration_curve(strategy='uniform' or 'quantile'); Naeini et al., AAAI 2015 (ECE).
 * @example
 * const { bins, expectedCalibrationError } = reliability([0.1, 0.3, 0.9], [0, 1, 1], { bins: 2 });
 * bins[0].observed.estimate; // 0.5, where 0.2 was said
 * console.log(expectedCalibrationError); // 2/3 * 0.3 + 1/3 * 0.1
 */
export function reliability(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: {
    /** How many bins. @defaultValue 10 */
    readonly bins?: number;
    /** Bins of one width from 0 to 1, or of about as many images each. @defaultValue 'equalWidth' */
    readonly binning?: 'equalWidth' | 'equalMass';
    /** Confidence of the intervals, in (0, 1). @defaultValue 0.95 */
    readonly level?: number;
  } = {},
): { readonly bins: readonly ReliabilityBin[]; readonly expectedCalibrationError: number } {
  const where = 'reliability';
  checkKnownOptions(where, options, { bins: true, binning: true, level: true });
  const { bins = 10, binning = 'equalWidth', level = 0.95 } = options;
  checkNumber(where, 'bins', bins, { min: 1, integer: true });
  checkChoice(where, 'binning', binning, ['equalWidth', 'equalMass']);
  checkLevel(where, level);
  checkLabelledProbabilities(where, probabilities, labels);
  const sorted = Float64Array.from(probabilities).sort();
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    binning === 'equalWidth' ? i / bins : quantile(sorted, i / bins),
  );
  const filled = fillBins(probabilities, labels, edges);
  const gaps = filled.map(({ sum, anomalies }) => Math.abs(sum - anomalies));
  return {
    bins: filled.map(({ from, to, count, sum, anomalies }) => ({
      from,
      to,
      count,
      meanProbability: sum / count,
      observed: wilsonInterval(anomalies, count, { level }),
    })),
    expectedCalibrationError: gaps.reduce((total, gap) => total + gap, 0) / labels.length,
  };
}

/** The bins that hold an image, with sums over it. */
function fillBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  edges: readonly number[],
) {
  const filled = edges.slice(1).map((to, i) => {
    return { from: edges[i], to, count: 0, sum: 0, anomalies: 0 };
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
