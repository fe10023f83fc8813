/** For a normal distribution the median distance from the median, times this, is the standard deviation. */
const TO_DEVIATION = 1.4826;

/**
 * The score beyond which a normal image counts as odd: median + beyond * 1.4826 * median(s - median | s >= median).
 *
 * Medians, so that a few odd images do not move it; of the upper half alone, since scores have a longer tail there: of a normal
 * distribution 3 deviations leave out .1%, of an exponential one 2%, and never more than a quarter. Infinity where half of the
 * scores are the same.
 *
 * @param sorted [n], ascending, n > 0. @param beyond robust deviations, at least 1.
 * @see Leys et al., Detecting outliers, Journal of Experimental Social Psychology 2013 (median absolute deviation). The upper half alone is ours.
 */
export function oddFence(sorted: readonly number[], beyond: number): number {
  const middle = medianOf(sorted);
  const above = sorted.filter((score) => score >= middle).map((score) => score - middle);
  const deviation = TO_DEVIATION * medianOf(above);
  return deviation > 0 ? middle + beyond * deviation : Number.POSITIVE_INFINITY;
}

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
