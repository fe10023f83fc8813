import type { ScoreMethod } from '../core/anomaly-score.js';
import { normalizeScore } from '../core/calibration.js';
import type { ImageProblem } from '../images/problems.js';
import type { Comparison } from './compare.js';
import type { ModelState } from './model-state.js';

/** What scoring says of each image that could be read; arrays go image by image. */
export interface ScoreResult {
  /** Names of the images that could be read, in the order of their source. */
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
  /** Images that could not be read, which have no entry above; absent where all could. */
  readonly unreadable?: readonly ImageProblem[];
  /** Index in the source of each entry above; there where `unreadable` is. */
  readonly indices?: readonly number[];
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

/** What a comparison says of each image, by the model's own score, threshold and normalizer. */
export function scoreResult(
  { source, indices, raw, unreadable }: Comparison,
  method: ScoreMethod,
  { normalizer, threshold }: Pick<ModelState, 'normalizer' | 'threshold'>,
): ScoreResult {
  const scores = raw[method];
  return {
    ids: indices.map((index) => source.ids[index]),
    scores,
    relative: raw.relative,
    angular: raw.angular,
    ...(normalizer && { normalized: scores.map((score) => normalizeScore(normalizer, score)) }),
    ...(threshold && {
      abnormal: Array.from(scores, (score) => score >= threshold.value),
      threshold: threshold.value,
    }),
    nearestRows: raw.nearest,
    nearestAngles: raw.angles,
    scoreNeighbors: raw.scoreNeighbors,
    ...(unreadable.length > 0 && { unreadable, indices }),
  };
}

/** The `count` nearest training images of each image; of one that could not be read none. */
export function nearestImages(
  { source, indices, raw }: Comparison,
  count: number,
  ids: readonly string[] | undefined,
): NearestImage[][] {
  const found = Array.from({ length: source.length }, (): NearestImage[] => []);
  indices.forEach((index, i) => {
    found[index] = Array.from(raw.nearest[i].subarray(0, count), (row, rank) => ({
      row,
      ...(ids && { id: ids[row] }),
      angle: raw.angles[i][rank],
    }));
  });
  return found;
}

/** The results of a source that was scored in parts, in order. */
export function joinResults(parts: readonly ScoreResult[]): ScoreResult {
  const fullest = parts.find(({ scores }) => scores.length > 0) ?? parts[0];
  const { normalized, abnormal, threshold, scoreNeighbors } = fullest;
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
    ...joinUnreadable(parts),
  };
}

function joinUnreadable(
  parts: readonly ScoreResult[],
): Pick<ScoreResult, 'unreadable' | 'indices'> {
  if (parts.every(({ unreadable }) => unreadable === undefined)) return {};
  const unreadable: ImageProblem[] = [];
  const indices: number[] = [];
  let first = 0;
  for (const part of parts) {
    for (const problem of part.unreadable ?? [])
      unreadable.push({ ...problem, index: first + problem.index });
    for (let i = 0; i < part.ids.length; i++) indices.push(first + (part.indices?.[i] ?? i));
    first += part.ids.length + (part.unreadable?.length ?? 0);
  }
  return { unreadable, indices };
}
