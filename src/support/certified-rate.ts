/**
 * The highest false alarm rate with which at most `reaching` of n normals reach a threshold with a probability of 1 - confidence:
 * the x of P(Bin(n, x) <= reaching) = 1 - confidence, which is the quantile of Beta(reaching + 1, n - reaching) at the confidence.
 *
 * @param reaching a, from 0 to n. @param count n, at least 1. @param confidence in (0, 1).
 */
export function certifiedRate(reaching: number, count: number, confidence: number): number {
  if (reaching >= count) return 1;
  const choose = logChoose(count, reaching);
  return root(
    reaching / count,
    1,
    (x) => binomialCdf(reaching, count, x, choose) <= 1 - confidence,
  );
}

/**
 * By how much the share of n normals that reach a threshold may fall short of the false alarm rate, for all thresholds at once: the d
 * of P(D+ >= d) = 1 - confidence, D+ being the one-sided Kolmogorov-Smirnov distance of n draws.
 *
 * @see Birnbaum, Tingey, Annals of Mathematical Statistics 1951, for the sum.
 */
export function simultaneousMargin(count: number, confidence: number): number {
  const choose = logChooseAll(count);
  return root(0, 1, (d) => smirnovTail(d, count, choose) <= 1 - confidence);
}

/** P(Bin(n, x) <= a) for x >= a / n, from its largest term down. */
function binomialCdf(a: number, n: number, x: number, choose: number): number {
  let term = Math.exp(choose + a * Math.log(x) + (n - a) * Math.log1p(-x));
  if (a === 0) return term;
  let sum = term;
  for (let j = a; j > 0 && term > sum * 1e-18; j--) {
    term *= (j * (1 - x)) / ((n - j + 1) * x);
    sum += term;
  }
  return sum;
}

/** P(D+ >= d): d times the sum over j <= n (1 - d) of C(n, j) (d + j / n)^(j - 1) (1 - d - j / n)^(n - j). */
function smirnovTail(d: number, n: number, choose: Float64Array): number {
  if (d <= 0) return 1;
  let sum = 0;
  for (let j = 0; j <= n; j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) break;
    sum += Math.exp(choose[j] + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return d * sum;
}

/** Where a falling function has fallen far enough, to the last bit. */
function root(from: number, to: number, below: (x: number) => boolean): number {
  let [low, high] = [from, to];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (below(middle)) high = middle;
    else low = middle;
  }
}

function logChoose(n: number, k: number): number {
  const few = Math.min(k, n - k);
  return logChooseAll(n, few)[few];
}

/** [most + 1]: log C(n, k), each sum carrying what its last addition lost, since thousands are added. */
function logChooseAll(n: number, most = n): Float64Array {
  const all = new Float64Array(most + 1);
  let [sum, lost] = [0, 0];
  for (let k = 1; k <= most; k++) {
    const next = Math.log((n - k + 1) / k);
    const total = sum + next;
    lost += Math.abs(sum) >= Math.abs(next) ? sum - total + next : next - total + sum;
    sum = total;
    all[k] = sum + lost;
  }
  return all;
}
