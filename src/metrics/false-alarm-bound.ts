import { certifiedRate, simultaneousMargin } from '../support/certified-rate.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBoolean } from '../support/check-kinds.js';

/**
 * A certificate: with so much confidence the false alarm rate of a threshold is at most this.
 *
 * Of a threshold that was set without these normals, `reaching` of `normalCount` of which reach it, the quantile of
 * Beta(reaching + 1, normalCount - reaching) at the confidence (Clopper and Pearson's upper bound). The same holds of one just above the
 * order statistic s_(k) of the normals themselves, k fixed beforehand, as `fitThreshold` takes it, with reaching = n - k: what lies above
 * has the distribution Beta(n + 1 - k, k). Of a threshold that was chosen by looking at their scores, `everyThreshold`,
 * reaching / n + d with the one-sided Kolmogorov-Smirnov distance d of n draws, which holds for all thresholds at once.
 *
 * The confidence is over the draw of the normals. It rests on normals, old and new, that are drawn independently from one distribution
 * by a model that did not see them; exchangeable ones are not enough.
 *
 * @param reaching how many of the normals reach the threshold, from 0 to `normalCount`.
 * @param normalCount n, at least 1.
 * @returns a share in (0, 1].
 * @throws INVALID_OPTION | UNKNOWN_OPTION
 * @see Clopper, Pearson, Biometrika 1934; Vovk, Conditional validity of inductive conformal predictors, ACML 2012, proposition 2;
 * Birnbaum, Tingey, Annals of Mathematical Statistics 1951, as `FPRCertificate` of nonconform 2.0.
 * @example
 * conformal.falseAlarmBound(4, 99); // 0.0899: 99 normals, the threshold of 5% just above the 95th
 */
export function falseAlarmBound(
  reaching: number,
  normalCount: number,
  options: {
    /** In (0, 1). @defaultValue 0.95 */
    readonly confidence?: number;
    /** Whether it is to hold for all thresholds at once, so that one may be chosen by the scores. @defaultValue false */
    readonly everyThreshold?: boolean;
  } = {},
): number {
  const where = 'conformal.falseAlarmBound';
  checkKnownOptions(where, options, { confidence: true, everyThreshold: true });
  const { confidence = 0.95, everyThreshold = false } = options;
  checkNumber(where, 'normalCount', normalCount, { min: 1, integer: true });
  checkNumber(where, 'reaching', reaching, { min: 0, max: normalCount, integer: true });
  checkNumber(where, 'confidence', confidence, { above: 0, max: 1 - Number.EPSILON });
  checkBoolean(where, 'everyThreshold', everyThreshold);
  return everyThreshold
    ? Math.min(1, reaching / normalCount + simultaneousMargin(normalCount, confidence))
    : certifiedRate(reaching, normalCount, confidence);
}
