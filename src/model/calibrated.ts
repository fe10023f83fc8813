import { fitScoreNormalizer, fitThreshold, type ScoreNormalizer } from '../core/calibration.js';
import type { SaladWarning } from '../core/warning.js';
import type { ModelState } from './model-state.js';

/** A state with threshold and normalizer from the scores of normal images; warns where they are few. */
export function calibrated(
  state: ModelState,
  scores: ArrayLike<number>,
  options: {
    readonly quantile?: number;
    readonly normalizer?: ScoreNormalizer['method'];
    readonly onWarning?: (warning: SaladWarning) => void;
  },
): ModelState {
  const { quantile, normalizer: method, onWarning } = options;
  const threshold = fitThreshold(scores, { quantile });
  const above = threshold.normalCount * (1 - threshold.quantile);
  // One part in a billion: 20 * (1 - 0.95) is just under 1.
  if (above < 1 - 1e-9) {
    onWarning?.({
      code: 'FEW_VALIDATION_NORMALS',
      message: `calibrate: a quantile of ${threshold.quantile} over ${threshold.normalCount} normal images lies between the two highest scores; use more normal images or a lower quantile.`,
    });
  }
  return { ...state, normalizer: fitScoreNormalizer(scores, { method }), threshold };
}
