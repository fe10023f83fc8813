import { domainShift, type SaladWarning } from '../core/warning.js';
import type { ImageSource } from '../images/image-source.js';
import type { ScoreResult } from './results.js';

/** Of fewer images most may be abnormal by chance. */
const FEWEST = 5;

/**
 * Warns where most images score beyond every validation normal; of labelled images those labelled normal count.
 *
 * A normal that is exchangeable with n validation normals does so with a probability of 1 / (n + 1). Without
 * calibration there is nothing to compare with.
 */
export function warnOfShift(
  where: string,
  { normalized, indices }: Pick<ScoreResult, 'normalized' | 'indices'>,
  { labels }: Pick<ImageSource, 'labels'>,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  if (!onWarning || !normalized) return;
  const counted = normalized.filter((_, i) => !labels?.[indices?.[i] ?? i]);
  const beyond = counted.filter((share) => share === 1).length;
  if (counted.length >= FEWEST && 2 * beyond > counted.length)
    onWarning(domainShift(where, beyond, counted.length));
}
