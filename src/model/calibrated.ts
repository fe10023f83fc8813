import { fitScoreNormalizer, fitThreshold, type ScoreNormalizer } from '../core/calibration.js';
import type { SaladWarning } from '../core/warning.js';
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
  const threshold = fitThreshold(scores, { quantile });
  const { falseAlarmRate = 0 } = threshold;
  if (falseAlarmRate > 1 - threshold.quantile) {
    const fewest = Math.ceil(threshold.quantile / (1 - threshold.quantile) - 1e-9);
    const enough = Number.isFinite(fewest) ? `${fewest} normal images at least,` : 'more of them,';
    onWarning?.({
      code: 'FEW_VALIDATION_NORMALS',
      message: `${where}: ${threshold.normalCount} normal images cannot promise a false alarm rate of ${percent(1 - threshold.quantile)}; their smallest is ${percent(falseAlarmRate)}; use ${enough} or a lower quantile.`,
    });
  }
  return { ...state, normalizer: fitScoreNormalizer(scores, { method }), threshold };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
