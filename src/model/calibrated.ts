import { normalizerFrom, type ScoreNormalizer, thresholdFrom } from '../core/calibration.js';
import { fewValidationNormals, type SaladWarning } from '../core/warning.js';
import type { ModelState } from './model-state.js';

/** A state with threshold and normalizer from the scores of normal images; warns where they are few. */
export function calibrated(
  where: string,
  state: ModelState,
  scores: ArrayLike<number>,
  options: {
    readonly quantile?: number;
    readonly normalizer?: ScoreNormalizer['method'];
    readonly onWarning?: (warning: SaladWarning) => void;
  },
): ModelState {
  const { quantile, normalizer: method, onWarning } = options;
  const threshold = thresholdFrom(where, scores, quantile);
  const { falseAlarmRate = 0 } = threshold;
  if (falseAlarmRate > 1 - threshold.quantile)
    onWarning?.(fewValidationNormals(where, threshold.quantile, threshold.normalCount));
  return { ...state, normalizer: normalizerFrom(where, scores, method, 'normalizer'), threshold };
}
