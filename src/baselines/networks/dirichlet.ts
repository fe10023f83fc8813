/** Steps of the fixed point after which it is taken as it is. */
const MAX_STEPS = 1000;

/**
 * The Dirichlet density that makes observed probabilities most likely.
 *
 *     psi(alpha_k) = psi(sum alpha) + mean log p_k,   iterated from alpha = 1
 *
 * @param meanLogs mean of log p_k over the observations, [classes], each below 0.
 * @returns alpha, [classes], each above 0.
 * @see Minka, "Estimating a Dirichlet distribution", 2000, Eq. 9.
 */
export function fitDirichlet(meanLogs: ArrayLike<number>): Float64Array {
  let alphas = Float64Array.from(meanLogs, () => 1);
  for (let step = 0; step < MAX_STEPS; step++) {
    const common = digamma(alphas.reduce((sum, alpha) => sum + alpha, 0));
    const next = Float64Array.from(meanLogs, (mean) => inverseDigamma(common + mean));
    const change = next.reduce((most, a, k) => Math.max(most, Math.abs(a / alphas[k] - 1)), 0);
    alphas = next;
    if (change < 1e-9) break;
  }
  return alphas;
}

/** psi(x), the derivative of log gamma(x), for x above 0. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift -= 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
  return shift + Math.log(at) - 0.5 / at - series;
}

/** The derivative of `digamma`. */
function trigamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += 1 / (at * at);
  const square = 1 / (at * at);
  const series = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)));
  return shift + (1 + 0.5 / at + series) / at;
}

/** x above 0 with digamma(x) = y: Newton's method from Minka's start. */
export function inverseDigamma(y: number): number {
  let x = y >= -2.22 ? Math.exp(y) + 0.5 : -1 / (y - digamma(1));
  for (let step = 0; step < 6; step++) x -= (digamma(x) - y) / trigamma(x);
  return x;
}
