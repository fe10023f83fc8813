import {
  type ScoreSpread,
  spreadOf,
  standardizedBy,
  standardizedByOthers,
  sumOf,
} from '../core/combined-score.js';
import { check } from '../support/check.js';
import type { SaladSettings } from './options.js';
import type { RawScores } from './raw-scores.js';
import type { ScoreSpreads } from './score-spreads.js';

/** Fewer normals tell too little of a deviation. */
export const FEWEST_TO_STANDARDIZE = 20;

/** The scores that a model judges by: of the embedding, of cells, or the sum of both in deviations. @throws NOT_FITTED */
export function chosenScores(
  where: string,
  { score, method }: Pick<SaladSettings, 'score' | 'method'>,
  raw: RawScores,
  spreads: ScoreSpreads | undefined,
): Float32Array {
  if (score === 'embedding') return raw[method];
  const cells = cellsOfRaw(where, raw);
  if (score === 'cells') return cells;
  checkStandardized(where, spreads);
  const terms = [
    standardizedBy(spreads.embedding, raw[method]),
    standardizedBy(spreads.cells, cells),
  ];
  return Float32Array.from(sumOf(terms));
}

/** How the terms of a sum are standardised is known. @throws NOT_FITTED */
export function checkStandardized(
  where: string,
  spreads: ScoreSpreads | undefined,
): asserts spreads is ScoreSpreads {
  check(
    spreads !== undefined,
    'NOT_FITTED',
    () =>
      `${where}: the sum of two scores was never standardised, since the run did not come to its end; go on with fit(images, { resume: true }).`,
  );
}

/** Both scores of images as they are spread on the normal ones; undefined where these are too few, or all alike. */
export function spreadsOn(
  where: string,
  { method }: Pick<SaladSettings, 'method'>,
  raw: RawScores,
  normal: readonly boolean[],
): ScoreSpreads | undefined {
  const [embedding, cells] = [raw[method], cellsOfRaw(where, raw)].map((scores) =>
    Array.from(scores).filter((_, i) => normal[i]),
  );
  if ([embedding, cells].some((scores) => scores.every((one) => one === scores[0])))
    return undefined;
  return {
    embedding: spreadOf(where, 'scores of the embedding', embedding),
    cells: spreadOf(where, 'scores of cells', cells),
  };
}

/**
 * The sum of both scores of the images that they are standardised by, for their threshold: each normal image is measured
 * by the others, the abnormal ones by all normals.
 */
export function sumsAmongOthers(
  where: string,
  { method }: Pick<SaladSettings, 'method'>,
  raw: RawScores,
  normal: readonly boolean[],
  spreads: ScoreSpreads,
): Float32Array {
  const term = (scores: Float32Array, spread: ScoreSpread) => {
    const ofAll = standardizedBy(spread, scores);
    const ofOthers = standardizedByOthers(scores.filter((_, i) => normal[i]));
    let next = 0;
    return ofAll.map((value, i) => (normal[i] ? ofOthers[next++] : value));
  };
  const terms = [term(raw[method], spreads.embedding), term(cellsOfRaw(where, raw), spreads.cells)];
  return Float32Array.from(sumOf(terms));
}

function cellsOfRaw(where: string, { cells }: RawScores): Float32Array {
  check(
    cells !== undefined,
    'NOT_FITTED',
    () => `${where}: the model has no bank of cells; fit it, or load one that was fitted.`,
  );
  return cells.scores;
}
