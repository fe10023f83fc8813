import type { ImageSource } from '../images/image-source.js';
import type { SaladWarning } from '../support/warning.js';
import type { ScoreResult } from './results.js';

/** Of fewer images most may be abnormal by chance. */
const FEWEST = 5;

/** Images of the same kind are told of at most so often. */
const BY_CHANCE = 0.01;

/**
 * Warns where most images score beyond every validation normal; of labelled images those labelled normal count.
 *
 * Of m normals that are exchangeable with n validation normals, k or more do so with a probability of
 * m (m - 1) ... (m - k + 1) / ((m + n) (m + n - 1) ... (m + n - k + 1)), which must be small: beside few validation normals, that
 * is often. Without calibration there is nothing to compare with.
 */
export function warnOfShift(
  where: string,
  {
    normalized,
    indices,
    decisionThreshold,
  }: Pick<ScoreResult, 'normalized' | 'indices' | 'decisionThreshold'>,
  { labels }: Pick<ImageSource, 'labels'>,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  if (!onWarning || !normalized) return;
  const counted = normalized.filter((_, i) => !labels?.[indices?.[i] ?? i]);
  const beyond = counted.filter((share) => share === 1).length;
  const isMost = counted.length >= FEWEST && 2 * beyond > counted.length;
  if (isMost && byChance(beyond, counted.length, decisionThreshold?.normalCount) < BY_CHANCE)
    onWarning(domainShift(where, beyond, counted.length));
}

/** The probability that `beyond` of so many images of the kind of `normalCount` others lie above all of these; 0 where nobody knows how many. */
function byChance(beyond: number, images: number, normalCount = 0): number {
  if (normalCount === 0) return 0;
  let probability = 1;
  for (let i = 0; i < beyond; i++) probability *= (images - i) / (images + normalCount - i);
  return probability;
}

/** Images are not of the kind that the model learnt from. */
function domainShift(where: string, beyond: number, images: number): SaladWarning {
  return {
    code: 'DOMAIN_SHIFT',
    message: `${where}: ${beyond} of ${images} images that are not labelled abnormal score beyond all validation normals; unless they are abnormal indeed, they are of another kind than the model learnt from: another view or body part, inverted, of another device or hospital, or made by another recipe; look at some beside nearest(), compare how both were made, and calibrate on normals of this kind before you trust abnormal.`,
  };
}
