import type { SaladWarning } from '../support/warning.js';
import type { ComparedCells } from './cell-comparison.js';

/** Both scores of each image, and the rows it is nearest to. */
export interface RawScores {
  /** [images], Eq. 4, in [0, 1]. */
  readonly relative: Float32Array;
  /** [images], mean angle to the nearest rows over pi, in [0, 1]. */
  readonly angular: Float32Array;
  /** [images][K], rows of the bank, nearest first. */
  readonly nearest: readonly Int32Array[];
  /** [images][K], radians. */
  readonly angles: readonly Float32Array[];
  /** The K in force. */
  readonly scoreNeighbors: number;
  /** [images], standard error of `relative`; absent where its sum is exact. */
  readonly relativeErrors?: Float32Array;
  /** Recall at K of the index that was asked; absent where every row was compared. */
  readonly recall?: number;
  /** What the bank of cells says; absent where the score is made of the embedding alone. */
  readonly cells?: ComparedCells;
}

/** What is left out of a comparison with the bank, and how many rows count. */
export interface ScoringOptions {
  readonly scoreNeighbors: number;
  /** [N]: rows of known anomalies. */
  readonly discard?: ArrayLike<boolean | number>;
  /** [images]: the image's own row, or -1. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
  readonly signal?: AbortSignal;
}
