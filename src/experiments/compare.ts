import { bootstrapInterval, pick } from '../metrics/bootstrap.js';
import type { Interval } from '../metrics/interval.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import type { AnomalyPlan, Choice } from './config.js';
import { canonicalJson } from './identity.js';
import { meanInterval } from './mean-interval.js';
import type { ExperimentResults } from './run-experiment.js';
import { type Row, rowsOf } from './summarize.js';

/** The difference of two rows' areas under the ROC curve on the same test images from the same seeds; JSON. */
export interface PairedComparison {
  readonly dataSet: string;
  readonly anomalies: AnomalyPlan;
  readonly choice: Choice;
  readonly reference: string;
  readonly detector: string;
  /** Seeds that both were run from. */
  readonly seeds: readonly number[];
  /** Mean over the seeds of reference minus detector. */
  readonly difference: number;
  /**
   * 95%, Student's t over the seeds: what another draw of weights and known anomalies would change, on these test images.
   * Absent of fewer than two seeds.
   */
  readonly overSeeds?: Interval;
  /**
   * 95%, bootstrap of the mean difference over test images, by patients where they are known: what other
   * patients would change, with these fitted detectors.
   */
  readonly overImages: Interval;
  /** By `overSeeds`: above 0, below 0, or holding 0 and no wider than +-.02, or none of these. */
  readonly verdict: 'better' | 'worse' | 'tied' | 'undecided';
}

/** Half of the width that a tie may have, an area. */
const TIE = 0.02;

/**
 * One detector of an experiment against every other, by paired seeds.
 *
 * @param options `reference`: name of a row; `replicates` of the bootstrap, 1000 unless told
 * @throws INVALID_OPTION where no row has that name
 * @example
 * const pairs = compareWith(results, { reference: 'SALAD' });
 */
export function compareWith(
  results: ExperimentResults,
  options: { readonly reference: string; readonly replicates?: number },
): readonly PairedComparison[] {
  const where = 'compareWith';
  checkKnownOptions(where, options, ['reference', 'replicates']);
  const { reference, replicates = 1000 } = options;
  checkNumber(where, 'replicates', replicates, { min: 1, integer: true });
  const rows = rowsOf(results);
  const references = rows.filter(({ detector }) => detector === reference);
  check(
    references.length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: reference is '${reference}'; expected one of ${[...new Set(rows.map(({ detector }) => detector))].join(', ')}.`,
    { reference },
  );
  const placeOf = ({ dataSet, anomalies, choice }: Row) =>
    canonicalJson([dataSet, anomalies, choice]);
  return references.flatMap((row) =>
    rows
      .filter((other) => other.detector !== reference && placeOf(other) === placeOf(row))
      .flatMap((other) => compared(row, other, results, replicates) ?? []),
  );
}

/** Undefined where no seed was run for both. */
function compared(
  a: Row,
  b: Row,
  { data }: ExperimentResults,
  replicates: number,
): PairedComparison | undefined {
  const pairs = a.done.flatMap(({ seed, run }) => {
    const other = b.done.find((one) => one.seed === seed);
    return other
      ? [{ seed, a: run.test.scores[a.readout], b: other.run.test.scores[b.readout] }]
      : [];
  });
  if (pairs.length === 0) return undefined;
  const { labels, patientNumbers } = data[a.dataSet].test;
  const differences = pairs.map(
    (pair) => areaUnderRoc(pair.a, labels) - areaUnderRoc(pair.b, labels),
  );
  const overSeeds = meanInterval(differences);
  const overImages = bootstrapInterval(
    (drawn) => {
      const some = pick(labels, drawn);
      const area = (scores: readonly number[]) => areaUnderRoc(pick(scores, drawn), some);
      return pairs.reduce((sum, pair) => sum + area(pair.a) - area(pair.b), 0) / pairs.length;
    },
    labels,
    { replicates, ...(patientNumbers && { groups: patientNumbers }) },
  );
  const { estimate, lower, upper } = overImages;
  const { dataSet, anomalies, choice } = a;
  return {
    dataSet,
    anomalies,
    choice,
    reference: a.detector,
    detector: b.detector,
    seeds: pairs.map(({ seed }) => seed),
    difference: estimate,
    ...(overSeeds && { overSeeds }),
    overImages: { estimate, lower, upper },
    verdict: verdictOf(overSeeds),
  };
}

function verdictOf(interval: Interval | undefined): PairedComparison['verdict'] {
  if (!interval) return 'undecided';
  const { lower, upper } = interval;
  if (lower > 0) return 'better';
  if (upper < 0) return 'worse';
  return (upper - lower) / 2 <= TIE ? 'tied' : 'undecided';
}
