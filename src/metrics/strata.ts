import { check, checkList } from '../support/check.js';
import { checkAllFinite, checkSameLength, splitByLabel } from './labelled-scores.js';
import { quantile } from './quantile.js';
import { totalWins } from './wins.js';

/**
 * Area under the ROC curve among images that share a stratum: what is left of a detector once view,
 * sharpness or site can no longer tell the classes apart.
 *
 * AUC_within = sum_s wins_s / sum_s (anomalies_s * normals_s), wins as in {@link areaUnderRoc}.
 *
 * @param scores [count], higher = more anomalous, finite.
 * @param labels [count], 0 = normal, 1 = anomalous.
 * @param strata [count], a key per image: a view, or the quarter given by {@link quartiles}.
 * @returns An area in [0, 1]; 0.5 is chance.
 * @throws INVALID_OPTION, LABELS_MISMATCH, NOT_FINITE, EMPTY_SET where no stratum holds both classes
 * @example
 * areaUnderRocWithin([0.1, 0.2, 0.8, 0.9], [0, 1, 0, 1], ['AP', 'AP', 'PA', 'PA']).estimate; // 1
 */
export function areaUnderRocWithin<Key extends string | number>(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  strata: ArrayLike<Key>,
): {
  /** Pairs won over pairs compared, summed over the strata: each weighs by its pairs. */
  estimate: number;
  /** In the order in which they first appear. */
  strata: readonly {
    /** The key of its images. */
    readonly stratum: Key;
    /** Normal images in it. */
    readonly normalCount: number;
    /** Anomalous images in it. */
    readonly anomalyCount: number;
    /** Of these images; absent where the stratum lacks a class, so that it has no pairs to compare. */
    readonly areaUnderRoc?: number;
  }[];
} {
  const where = 'areaUnderRocWithin';
  splitByLabel(where, scores, labels);
  checkSameLength(where, 'strata', strata, 'labels', labels);
  const members = new Map<Key, { normal: number[]; anomalous: number[] }>();
  for (let i = 0; i < strata.length; i++) {
    const member = members.get(strata[i]) ?? { normal: [], anomalous: [] };
    members.set(strata[i], member);
    (labels[i] === 1 ? member.anomalous : member.normal).push(scores[i]);
  }
  let allWins = 0;
  let allPairs = 0;
  const areas: ReturnType<typeof areaUnderRocWithin<Key>>['strata'][number][] = [];
  for (const [stratum, { normal, anomalous }] of members) {
    const pairs = normal.length * anomalous.length;
    const wins = totalWins(Float64Array.from(anomalous), Float64Array.from(normal));
    allWins += wins;
    allPairs += pairs;
    const counts = { stratum, normalCount: normal.length, anomalyCount: anomalous.length };
    areas.push(pairs > 0 ? { ...counts, areaUnderRoc: wins / pairs } : counts);
  }
  check(
    allPairs > 0,
    'EMPTY_SET',
    () =>
      `${where}: none of the ${members.size} strata holds both normal (0) and anomalous (1) ` +
      'images; expected at least one that does; use coarser strata.',
    { strata: members.size },
  );
  return { estimate: allWins / allPairs, strata: areas };
}

/**
 * The quarter of the set in which each value lies, counted from 0 (lowest) to 3.
 *
 * A value's quarter is the number of quartiles (linear between order statistics) below it, so equal
 * values share a quarter and quarters may differ in size.
 *
 * @param values [count], finite.
 * @returns [count], whole numbers from 0 to 3.
 * @throws INVALID_OPTION, EMPTY_SET, NOT_FINITE
 * @example
 * quartiles([10, 20, 30, 40]); // 0, 1, 2, 3
 */
export function quartiles(values: ArrayLike<number>): Int32Array {
  checkList('quartiles', 'values', values);
  check(
    values.length > 0,
    'EMPTY_SET',
    () => 'quartiles: values is empty; expected at least one number.',
  );
  checkAllFinite('quartiles', 'values', values);
  const sorted = Float64Array.from(values).sort();
  const cuts = [0.25, 0.5, 0.75].map((probability) => quantile(sorted, probability));
  return Int32Array.from(values, (value) => cuts.filter((cut) => cut < value).length);
}
