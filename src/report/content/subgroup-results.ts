import { confusionAt } from '../../metrics/confusion.js';
import { delongInterval } from '../../metrics/delong.js';
import { checkAllFinite, countAnomalies } from '../../metrics/labelled-scores.js';
import { wilsonInterval } from '../../metrics/wilson.js';
import type { ImageRecord } from '../../records/image-record.js';
import { check, checkKnownOptions, checkList } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import type { LabelledScores, SubgroupResult } from './report-input.js';

/**
 * Results by view, sex and age band, where these are known and not the same for every image.
 *
 * Areas have DeLong's interval, rates Wilson's; both take images as independent. An area needs two
 * images of each class, and with a few tens of them its interval is wide.
 *
 * @param input scores (higher = more anomalous), labels (0 = normal, 1 = abnormal) and records, one of each per image.
 * @returns views first, then sexes, then age bands from young to old.
 * @throws LABELS_MISMATCH, NOT_FINITE, UNKNOWN_OPTION, INVALID_OPTION
 * @example
 * const subgroups = subgroupResults({ scores, labels, records }, { threshold: 0.6 });
 */
export function subgroupResults(
  input: Pick<LabelledScores, 'scores' | 'labels'> & {
    /** What is known of each image. */
    readonly records: readonly Pick<ImageRecord, 'view' | 'sex' | 'age'>[];
  },
  options: {
    /** Scores at or above it are flagged; without it there are no rates. */
    readonly threshold?: number;
    /** Where one age band ends and the next begins, in years, rising. @defaultValue [18, 40, 60, 80] */
    readonly ageBands?: readonly number[];
  } = {},
): SubgroupResult[] {
  const where = 'subgroupResults';
  checkKnownOptions(where, options, { threshold: true, ageBands: true });
  checkHasLists(where, 'input', input, ['scores', 'labels', 'records']);
  const { scores, labels, records } = input;
  const { threshold, ageBands = [18, 40, 60, 80] } = options;
  checkList(where, 'ageBands', ageBands);
  check(
    scores.length === labels.length && scores.length === records.length,
    'LABELS_MISMATCH',
    () =>
      `${where}: got ${scores.length} scores, ${labels.length} labels and ${records.length} records; expected one of each per image.`,
  );
  check(
    ageBands.every((edge, i) => Number.isFinite(edge) && !(edge <= ageBands[i - 1])),
    'INVALID_OPTION',
    () => `${where}: ageBands is ${ageBands.join(', ')}; expected years that rise, 18, 40, 60 say.`,
  );
  checkAllFinite(where, 'scores', scores);
  countAnomalies(where, labels);
  check(
    !Number.isNaN(threshold),
    'INVALID_OPTION',
    () => `${where}: threshold is NaN; expected a number on the scale of the scores.`,
  );
  const bands = bandNames(ageBands);
  const attributes = [
    { attribute: 'view', of: records.map(({ view }) => view) },
    { attribute: 'sex', of: records.map(({ sex }) => sex) },
    {
      attribute: 'age',
      of: records.map(({ age = Number.NaN }) =>
        Number.isNaN(age) ? undefined : bands[ageBands.filter((edge) => edge <= age).length],
      ),
    },
  ];
  return attributes.flatMap(({ attribute, of }) => {
    const found = [...new Set(of)].filter((value) => value !== undefined);
    if (found.length < 2) return [];
    const values =
      attribute === 'age' ? bands.filter((band) => found.includes(band)) : found.sort();
    return values.map((value) => {
      const members = of.flatMap((one, i) => (one === value ? [i] : []));
      const own = (list: ArrayLike<number>) => members.map((i) => list[i]);
      return { attribute, value, ...resultOf(own(scores), own(labels), threshold) };
    });
  });
}

function resultOf(scores: number[], labels: number[], threshold: number | undefined) {
  const anomalies = labels.filter((label) => label === 1).length;
  const normals = labels.length - anomalies;
  const counts = { normalCount: normals, anomalyCount: anomalies };
  const area = Math.min(normals, anomalies) >= 2 && {
    areaUnderRoc: delongInterval(scores, labels),
  };
  if (threshold === undefined || Math.min(normals, anomalies) < 1) return { ...counts, ...area };
  const { truePositives, trueNegatives } = confusionAt(scores, labels, threshold);
  return {
    ...counts,
    ...area,
    sensitivity: wilsonInterval(truePositives, anomalies),
    specificity: wilsonInterval(trueNegatives, normals),
  };
}

/** 'under 18', '18 to 39', '80 and over'. */
function bandNames(edges: readonly number[]): string[] {
  if (edges.length === 0) return ['any'];
  return [
    `under ${edges[0]}`,
    ...edges.slice(1).map((edge, i) => `${edges[i]} to ${edge - 1}`),
    `${edges[edges.length - 1]} and over`,
  ];
}
