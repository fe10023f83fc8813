import { normalizeScore } from '../core/calibration.js';
import type { ImageProblem } from '../images/problems.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { chosenScores } from './chosen-score.js';
import type { Comparison } from './compare.js';
import type { ModelPieces } from './model-state.js';
import { type PValues, pValuesOf } from './normal-scores.js';

/** What scoring says of each image that could be read; arrays go image by image. */
export interface ScoreResult extends PValues {
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
  /** Images that could not be read, which have no entry above; absent where all could. */
  readonly problems?: readonly ImageProblem[];
  /** Index in the source of each entry above; absent where `problems` is. */
  readonly indices?: readonly number[];
}

/** A training image that a score is computed from. */
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
  where: string,
  { source, indices, groups, raw, problems }: Comparison,
  { settings, state }: Pick<ModelPieces, 'settings' | 'state'>,
): ScoreResult {
  const { normalizer, threshold, normalScores, spreads } = state;
  const scores = chosenScores(where, settings, raw, spreads);
  return {
    ids: indices.map((index) => source.ids[index]),
    scores,
    relative: raw.relative,
    angular: raw.angular,
    ...(raw.cells && { cells: raw.cells.scores }),
    ...(normalizer && { normalized: scores.map((score) => normalizeScore(normalizer, score)) }),
    ...pValuesOf(scores, groups, normalScores),
    ...(threshold && {
      abnormal: Array.from(scores, (score) => score >= threshold.value),
      threshold: threshold.value,
      decisionThreshold: threshold,
    }),
    nearestRows: raw.nearest,
    nearestAngles: raw.angles,
    scoreNeighbors: raw.scoreNeighbors,
    ...(problems.length > 0 && { problems, indices }),
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

/** The results of a source that was scored in pieces, in order. */
export function joinResults(pieces: readonly ScoreResult[]): ScoreResult {
  const fullest = pieces.find(({ scores }) => scores.length > 0) ?? pieces[0];
  const { cells, normalized, abnormal, threshold, decisionThreshold, scoreNeighbors } = fullest;
  const { pValues, pValueGroups, restsOn } = fullest;
  const join = (values: (piece: ScoreResult) => Float32Array) =>
    Float32Array.from(pieces.flatMap((piece) => Array.from(values(piece))));
  return {
    ids: pieces.flatMap(({ ids }) => [...ids]),
    scores: join(({ scores }) => scores),
    relative: join(({ relative }) => relative),
    angular: join(({ angular }) => angular),
    ...(cells && { cells: join((piece) => piece.cells as Float32Array) }),
    ...(normalized && { normalized: join((piece) => piece.normalized as Float32Array) }),
    ...(pValues && {
      pValues: Float64Array.from(pieces.flatMap((piece) => [...(piece.pValues as Float64Array)])),
      restsOn,
    }),
    ...(pValueGroups && {
      pValueGroups: pieces.flatMap((piece) => [...(piece.pValueGroups as (string | undefined)[])]),
    }),
    ...(abnormal && { abnormal: pieces.flatMap((piece) => [...(piece.abnormal as boolean[])]) }),
    ...(threshold !== undefined && { threshold, decisionThreshold }),
    nearestRows: pieces.flatMap(({ nearestRows }) => [...nearestRows]),
    nearestAngles: pieces.flatMap(({ nearestAngles }) => [...nearestAngles]),
    scoreNeighbors,
    ...joinProblems(pieces),
  };
}

function joinProblems(pieces: readonly ScoreResult[]): Pick<ScoreResult, 'problems' | 'indices'> {
  if (pieces.every(({ problems }) => problems === undefined)) return {};
  const problems: ImageProblem[] = [];
  const indices: number[] = [];
  let first = 0;
  for (const piece of pieces) {
    for (const problem of piece.problems ?? [])
      problems.push({ ...problem, index: first + problem.index });
    for (let i = 0; i < piece.ids.length; i++) indices.push(first + (piece.indices?.[i] ?? i));
    first += piece.ids.length + (piece.problems?.length ?? 0);
  }
  return { problems, indices };
}
