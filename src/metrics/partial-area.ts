import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { rocPoints } from './roc.js';

type RocRegion = Parameters<typeof partialAreaUnderRoc>[2];

/**
 * Area under a stretch of the ROC curve: where the specificity is high, say.
 *
 * By specificity, area = integral of sensitivity over 1 - specificity; by sensitivity, area =
 * integral of specificity over sensitivity; the curve is joined by straight lines.
 * standardized = (1 + (area - chance) / (to - from - chance)) / 2, where chance is the area under
 * the diagonal in the same region.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param region `{ specificity: [from, to] }` or `{ sensitivity: [from, to] }`, 0 <= from < to <= 1.
 * @returns area: between 0 and to - from. standardized: McClish's; 1 is perfect, 0.5 is chance, below
 * 0.5 is worse than chance.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET, UNKNOWN_OPTION
 * @see McClish, Medical Decision Making 1989; pROC's auc(partial.auc, partial.auc.focus) and
 * scikit-learn's roc_auc_score(max_fpr = 0.1), which is standardized for specificity [0.9, 1].
 * @example
 * const scores = [0.1, 0.4, 0.35, 0.8];
 * partialAreaUnderRoc(scores, [0, 0, 1, 1], { specificity: [0.5, 1] }).area; // 0.25 of at most 0.5
 */
export function partialAreaUnderRoc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  region:
    | {
        /** From and to. */
        readonly specificity: readonly [number, number];
        /** Left out with `specificity`. */
        readonly sensitivity?: undefined;
      }
    | {
        /** From and to. */
        readonly sensitivity: readonly [number, number];
        /** Left out with `sensitivity`. */
        readonly specificity?: undefined;
      },
): { readonly area: number; readonly standardized: number } {
  const where = 'partialAreaUnderRoc';
  checkKnownOptions(where, region, { specificity: true, sensitivity: true });
  const [from, to] = checkRegion(where, region);
  const { falsePositiveRates, truePositiveRates } = rocPoints(where, scores, labels);
  // Both ways the curve is read as a height over a rising axis on which chance falls short by half.
  const area = region.specificity
    ? areaBetween(falsePositiveRates, truePositiveRates, 1 - to, 1 - from)
    : areaBetween(truePositiveRates, complement(falsePositiveRates), from, to);
  const chance = ((1 - from) ** 2 - (1 - to) ** 2) / 2;
  return { area, standardized: (1 + (area - chance) / (to - from - chance)) / 2 };
}

function checkRegion(where: string, region: RocRegion): readonly [number, number] {
  const { specificity, sensitivity } = region;
  const range = specificity ?? sensitivity;
  check(
    Array.isArray(range) && range.length === 2 && !(specificity && sensitivity),
    'INVALID_OPTION',
    () =>
      `${where}: region is ${JSON.stringify(region)}; expected one of { specificity: [from, to] } ` +
      'and { sensitivity: [from, to] }.',
  );
  const [from, to] = range as readonly [number, number];
  checkNumber(where, 'from', from, { min: 0, max: 1 });
  checkNumber(where, 'to', to, { above: from, max: 1 });
  return [from, to];
}

/** Trapezoids under the points (xs rising), each cut to [from, to]. */
function areaBetween(xs: Float64Array, ys: Float64Array, from: number, to: number): number {
  let area = 0;
  for (let i = 1; i < xs.length; i++) {
    const left = Math.max(xs[i - 1], from);
    const right = Math.min(xs[i], to);
    if (right <= left) continue;
    const slope = (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1]);
    const middle = (left + right) / 2;
    area += (right - left) * (ys[i - 1] + slope * (middle - xs[i - 1]));
  }
  return area;
}

function complement(values: Float64Array): Float64Array {
  return values.map((value) => 1 - value);
}
