import type { RawScores } from './inference.js';

/** What scoring says of each image; arrays go image by image. */
export interface ScoreResult {
  /** Names of the images. */
  readonly ids: readonly string[];
  /** The model's own score, `relative` or `angular` by its `method`; higher is more anomalous. */
  readonly scores: Float32Array;
  /** Eq. 4, in [0, 1]. */
  readonly relative: Float32Array;
  /** Mean angle to the nearest rows over pi, in [0, 1]. */
  readonly angular: Float32Array;
  /** The share of validation normals that score lower (or min-max), in [0, 1]; after calibration. */
  readonly normalized?: Float32Array;
  /** Whether the score reaches the threshold; after calibration. */
  readonly abnormal?: readonly boolean[];
  /** The decision threshold on `scores`; after calibration. */
  readonly threshold?: number;
  /** [images][K], the training images each score rests on, nearest first. */
  readonly nearestRows: readonly Int32Array[];
  /** [images][K], the angle to each of them, radians. */
  readonly nearestAngles: readonly Float32Array[];
  /** The K in force. */
  readonly scoreNeighbors: number;
}

/** A training image that a score rests on. */
export interface NearestImage {
  /** Its row in the bank, which is its index in the training source. */
  readonly row: number;
  /** Its name; absent in a loaded model that was saved without names. */
  readonly id?: string;
  /** Angle between the embeddings, radians. */
  readonly angle: number;
}

/** The `count` nearest training images of each image. */
export function nearestImages(
  raw: RawScores,
  count: number,
  ids: readonly string[] | undefined,
): NearestImage[][] {
  return raw.nearest.map((rows, image) =>
    Array.from(rows.subarray(0, count), (row, i) => ({
      row,
      ...(ids && { id: ids[row] }),
      angle: raw.angles[image][i],
    })),
  );
}

/** The results of a source that was scored in parts, in order. */
export function joinResults(parts: readonly ScoreResult[]): ScoreResult {
  const [{ normalized, abnormal, threshold, scoreNeighbors }] = parts;
  const join = (values: (part: ScoreResult) => Float32Array) =>
    Float32Array.from(parts.flatMap((part) => Array.from(values(part))));
  return {
    ids: parts.flatMap(({ ids }) => [...ids]),
    scores: join(({ scores }) => scores),
    relative: join(({ relative }) => relative),
    angular: join(({ angular }) => angular),
    ...(normalized && { normalized: join((part) => part.normalized as Float32Array) }),
    ...(abnormal && { abnormal: parts.flatMap((part) => [...(part.abnormal as boolean[])]) }),
    ...(threshold !== undefined && { threshold }),
    nearestRows: parts.flatMap(({ nearestRows }) => [...nearestRows]),
    nearestAngles: parts.flatMap(({ nearestAngles }) => [...nearestAngles]),
    scoreNeighbors,
  };
}
