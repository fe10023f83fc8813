import { normalizeScore } from '../../core/calibration.js';
import {
  type ScoreSpread,
  standardizedBy,
  standardizedByOthers,
  sumOf,
} from '../../core/combined-score.js';
import type { ImageSource } from '../../images/image-source.js';
import type { ImageProblem } from '../../images/problems.js';
import type { DetectorScores } from '../../learning/detector.js';
import type { FittedCalibration } from '../../model/calibrated.js';
import { pValuesOf } from '../../model/normal-scores.js';
import type { ScoreResult } from '../../model/score-result.js';
import type { DecisionThreshold } from '../../support/decision-threshold.js';
import type { TermValues } from './term-values.js';
import type { Term } from './terms.js';

/** What `combinedDetector` says of each image that all of its models could read; arrays go image by image. */
export interface CombinedScores
  extends DetectorScores,
    Pick<ScoreResult, 'pValues' | 'pValueGroups' | 'restsOn'> {
  /** [images] by the name of a term: standard deviations from the mean of the normals, before its weight. */
  readonly terms: Readonly<Record<string, Float32Array>>;
  /** [images], the share of validation normals that score lower (or minMax), in [0, 1]; absent before calibration. */
  readonly normalized?: Float32Array;
  /** [images], whether the score reaches the threshold; absent before calibration. */
  readonly abnormal?: readonly boolean[];
  /** The decision threshold on `scores`; absent before calibration. */
  readonly threshold?: number;
  /** The same with what is promised of it; absent before calibration. */
  readonly decisionThreshold?: DecisionThreshold;
  /** Images that could not be read, which have no entry above; absent where all could. */
  readonly problems?: readonly ImageProblem[];
  /** Index in the source of each entry above; absent where `problems` is. */
  readonly indices?: readonly number[];
}

/** Mean and deviation of each term over the normals, by its name. */
export type Spreads = Readonly<Record<string, ScoreSpread>>;

/** [images]: the weighted sum of the terms, each standardised. */
export function sums(
  terms: readonly Term[],
  spreads: Spreads,
  { values }: TermValues,
): Float32Array {
  return weighted(terms, (term) =>
    standardizedBy(spreads[term.name], values.get(term.name) as Float32Array),
  );
}

/** [normals]: the same of those images that the spreads were taken of, each standardised by the others. */
export function sumsByOthers(terms: readonly Term[], { values }: TermValues): Float32Array {
  return weighted(terms, (term) => standardizedByOthers(values.get(term.name) as Float32Array));
}

function weighted(
  terms: readonly Term[],
  standardized: (term: Term) => Float64Array,
): Float32Array {
  const weights = terms.map(({ weight }) => weight);
  return Float32Array.from(sumOf(terms.map(standardized), weights));
}

/** What there is to say of images. */
export function combinedScores(
  source: ImageSource,
  terms: readonly Term[],
  spreads: Spreads,
  measured: TermValues,
  { calibration, groups }: { calibration?: FittedCalibration; groups?: readonly string[] },
): CombinedScores {
  const { indices, values, problems } = measured;
  const scores = sums(terms, spreads, measured);
  const standardized = terms.map(({ name }) => [
    name,
    Float32Array.from(standardizedBy(spreads[name], values.get(name) as Float32Array)),
  ]);
  return {
    ids: indices.map((index) => source.ids[index]),
    scores,
    terms: Object.fromEntries(standardized),
    ...(calibration && judged(scores, calibration)),
    ...pValuesOf(
      scores,
      groups && indices.map((index) => groups[index]),
      calibration?.normalScores,
    ),
    ...(problems.length > 0 && { problems, indices }),
  };
}

function judged(scores: Float32Array, { normalizer, threshold }: FittedCalibration) {
  return {
    normalized: scores.map((score) => normalizeScore(normalizer, score)),
    abnormal: Array.from(scores, (score) => score >= threshold.value),
    threshold: threshold.value,
    decisionThreshold: threshold,
  };
}
