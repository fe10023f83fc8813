/**
 * The lowest threshold that leaves a share q of new normal scores below it, as far as n scores can promise that: just
 * above the order statistic s_(k), k = ceil((n + 1) q). A new score that is exchangeable with the n others is above s_(k) with
 * a probability of (n + 1 - k) / (n + 1) <= 1 - q, whatever the distribution. Where k > n, just above the highest.
 *
 * @param sorted [n], ascending, n > 0. @param quantile q in (0, 1].
 */
export function promisedThreshold(sorted: ArrayLike<number>, quantile: number): number {
  return justAbove(sorted[promisedRank(sorted.length, quantile) - 1]);
}

/** The k of that order statistic, from 1 to n. */
export function promisedRank(count: number, quantile: number): number {
  // A billionth: (19 + 1) * .95 is 19, whatever a double makes of it.
  const rank = Math.ceil((count + 1) * quantile - 1e-9);
  return Math.max(1, Math.min(count, rank));
}

/**
 * The highest threshold that a share s of new abnormal scores reaches, as far as m scores can promise that: the order statistic
 * s_(k), k = floor((m + 1)(1 - s)). A new score that is exchangeable with the m others is below s_(k) with a probability of at most
 * k / (m + 1) <= 1 - s. Where k is 0, the lowest, with a promise of m / (m + 1).
 *
 * @param sorted [m], ascending, m > 0. @param sensitivity s in (0, 1].
 */
export function sensitiveThreshold(sorted: ArrayLike<number>, sensitivity: number): number {
  const rank = Math.floor((sorted.length + 1) * (1 - sensitivity) + 1e-9);
  return sorted[Math.max(1, rank) - 1];
}

/** The next double: a new score that equals the old one is below the threshold. */
function justAbove(score: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, score === 0 ? 0 : score);
  bits.setBigInt64(0, bits.getBigInt64(0) + (score < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
