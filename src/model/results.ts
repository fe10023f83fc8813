import { normalizeScore } from '../core/calibration.js';
import type { ImageProblem } from '../images/problems.js';
import { chosenScores } from './chosen-score.js';
import type { Comparison } from './compare.js';
import type { ModelPieces } from './model-state.js';
import { pValuesOf } from './normal-scores.js';
import type { ScoreResult } from './score-result.js';

export type { ScoreResult };

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
    ...(raw.relativeErrors && { relativeErrors: raw.relativeErrors, recall: raw.recall }),
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
  const { pValues, pValueGroups, restsOn, relativeErrors, recall } = fullest;
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
    ...(relativeErrors && {
      relativeErrors: join((piece) => piece.relativeErrors as Float32Array),
      recall,
    }),
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
