/**
 * P(|Z| > z) of a standard normal, to about 1e-15 relative.
 *
 * Near the middle by the series of erf, in the tail by Laplace's continued fraction, which keeps
 * every digit where 1 - erf would lose them (Abramowitz and Stegun 7.1.6 and 7.1.14).
 */
export function normalTwoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const density = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (density === 0) return 0;
  if (x < 2) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - density * sum;
  }
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x + n / 2 / fraction;
  return density / fraction;
}

/** The z with P(|Z| <= z) = level, 0 < level < 1: 1.96 for .95. */
export function normalHalfWidth(level: number): number {
  // P(|Z| > z) is convex in z >= 0, so Newton's steps from 0 rise to the root and never pass it.
  let z = 0;
  for (let i = 0; i < 100; i++) {
    const excess = normalTwoSided(z) - (1 - level);
    const step = (excess / 2) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
    z += step;
    if (Math.abs(step) <= 1e-15 * z) break;
  }
  return z;
}
