import type { ImageProblem } from '../images/problems.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';

/** What scoring says of each image that could be read; arrays go image by image. */
export interface ScoreResult {
  /** Names of the images that could be read, in the order of their source. */
  readonly ids: readonly string[];
  /**
   * [images], the model's own score, by its settings: `relative` or `angular`, in [0, 1]; `cells`, at least 0; or the sum of both in
   * standard deviations, around 0 for normal images. Higher is more anomalous.
   */
  readonly scores: Float32Array;
  /** [images], Eq. 4, in [0, 1]. */
  readonly relative: Float32Array;
  /** [images], mean angle to the nearest rows over pi, in [0, 1]. */
  readonly angular: Float32Array;
  /** [images], distance of the image's cells to those of normal images, at least 0; absent where no cells are read. */
  readonly cells?: Float32Array;
  /** [images], the share of validation normals that score lower (or minMax), in [0, 1]; absent before calibration. */
  readonly normalized?: Float32Array;
  /**
   * [images], conformal p-values, (1 + normals scoring as high) / (n + 1) with the n validation normals, or those of the image's group, in
   * (0, 1]: of new normals that are exchangeable with these a share of at most p has a value of p or less. Absent before calibration, and
   * in a model whose file holds no scores of its normals.
   */
  readonly pValues?: Float64Array;
  /** [images], the group whose normals a p-value rests on; undefined where it rests on all. Absent where no groups were given. */
  readonly pValueGroups?: readonly (string | undefined)[];
  /** What `pValues` and a promised rate rest on, as a sentence; absent where `pValues` are. */
  readonly restsOn?: string;
  /** [images], whether the score reaches the threshold; absent before calibration. */
  readonly abnormal?: readonly boolean[];
  /** The decision threshold on `scores`; absent before calibration. */
  readonly threshold?: number;
  /** The same with what is promised of it; absent before calibration. */
  readonly decisionThreshold?: DecisionThreshold;
  /** [images][K], the training images that each score is computed from, nearest first. */
  readonly nearestRows: readonly Int32Array[];
  /** [images][K], the angle to each of them, radians. */
  readonly nearestAngles: readonly Float32Array[];
  /** The K in force. */
  readonly scoreNeighbors: number;
  /** [images], the standard error of `relative`, whose sum over the bank was estimated by a sample (`useStore` with `search: 'index'`); absent where every row was compared. */
  readonly relativeErrors?: Float32Array;
  /** Recall at K of the index of a store, in [0, 1], as `useStore` measured it; absent likewise. */
  readonly recall?: number;
  /** Images that could not be read, which have no entry above; absent where all could. */
  readonly problems?: readonly ImageProblem[];
  /** Index in the source of each entry above; absent where `problems` is. */
  readonly indices?: readonly number[];
}
