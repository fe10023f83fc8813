import { distinctScores } from '../../metrics/distinct-scores.js';
import type { SaladWarning } from '../../support/warning.js';

/**
 * Warns where a detector gives nearly everything one score: fewer than one distinct score in ten images, or
 * a standard deviation under 1e-4 of the mean.
 *
 * Networks that are asked for nothing but sameness (Deep SVDD above all) can get there; an area under the
 * ROC curve made of ties and rounding means nothing then.
 */
export function warnOfCollapse(
  where: string,
  scores: ArrayLike<number>,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  const count = scores.length;
  if (!onWarning || count < 2) return;
  const values = Array.from(scores);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const distinct = distinctScores(values);
  const deviation = Math.sqrt(variance);
  if (distinct > Math.max(1, count / 10) && deviation > 1e-4 * Math.abs(mean)) return;
  onWarning({
    code: 'SCORES_COLLAPSED',
    message: `${where}: ${count} images have ${distinct} distinct scores, mean ${mean}, standard deviation ${deviation}; the detector hardly distinguishes them: train it less or at a lower learning rate, and do not trust its ranking.`,
  });
}
