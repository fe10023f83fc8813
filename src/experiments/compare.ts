import { bootstrapInterval } from '../metrics/bootstrap.js';
import type { Interval } from '../metrics/interval.js';
import type { BootstrapOptions } from '../metrics/resamples.js';
import { canonicalJson } from '../support/canonical-json.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import type { AnomalyPlan, Choice } from './config.js';
import type { ExperimentResults } from './experiment-results.js';
import { isUnseen } from './findings.js';
import { meanInterval, replicatesOf } from './mean-interval.js';
import { resampledArea } from './resampled-area.js';
import { type Row, rowsOf } from './rows.js';
import { holdsPairs } from './summarize.js';

/**
 * Two rows on the same test images from the same seeds: the area under the ROC curve of the reference minus that of the detector;
 * JSON.
 *
 * @example
 * const [{ detector, difference, verdict }]: readonly PairedComparison[] = compareWith(results, { reference: 'SALAD' });
 */
export interface PairedComparison {
  /** Name of the data set. */
  readonly dataSet: string;
  /** The known anomalies among its training images. */
  readonly anomalies: AnomalyPlan;
  /** How settings and weights were fixed. */
  readonly choice: Choice;
  /** Name of the row that is compared with all others. */
  readonly reference: string;
  /** Name of the other row. */
  readonly detector: string;
  /** Seeds that both were run from. */
  readonly seeds: readonly number[];
  /** Mean over paired seeds of the reference's area minus the detector's. */
  readonly difference: number;
  /**
   * 95%, Student's t over the seeds: how much another draw of weights and known anomalies would change the difference, on these
   * test images. Absent for fewer than two seeds.
   */
  readonly overSeeds?: Interval;
  /**
   * 95%, bootstrap of the mean difference over test images, by patients where they are known: how much other
   * patients would change the difference, with these fitted detectors.
   */
  readonly overImages: Interval;
  /** By `overSeeds`: above 0, below 0, or holding 0 and no wider than +-.02, or none of these. */
  readonly verdict: 'better' | 'worse' | 'tied' | 'undecided';
  /** The same among images of one quarter of the texture score, pair-weighted: what is gained beyond sharpness. Absent where no quarter has both classes. */
  readonly withinTexture?: Pick<
    PairedComparison,
    'difference' | 'overSeeds' | 'overImages' | 'verdict'
  >;
  /** The same among images of one quarter of brightness, pair-weighted. Absent where no quarter has both classes. */
  readonly withinBrightness?: PairedComparison['withinTexture'];
  /** The same among images of one view, pair-weighted. Absent where views are not known, or no view has both classes. */
  readonly withinViews?: PairedComparison['withinTexture'];
  /** The same for anomalies that have none of the known findings, against all normal images. Absent where the known anomalies are of any finding. */
  readonly unseenFindings?: PairedComparison['withinTexture'];
}

/** What is the same for all images and for strata of them. */
export type PairedDifference = NonNullable<PairedComparison['withinTexture']>;

/** Half of the width that a tie may have, an area. */
const TIE = 0.02;

/**
 * Compares one row of an experiment with every other, by paired seeds.
 *
 * @param results what `runExperiment` returned
 * @param options `reference`, `replicates`
 * @returns one comparison for each other row on the same data set, with the same known anomalies and choice
 * @throws INVALID_OPTION where no row has that name; UNKNOWN_OPTION
 * @example
 * const pairs = compareWith(results, { reference: 'SALAD' });
 */
export function compareWith(
  results: ExperimentResults,
  options: {
    /** Name of a row: a detector, or `detector, score method` such as 'SALAD, relative'. */
    readonly reference: string;
    /**
     * Resamples of the bootstrap.
     * @defaultValue 1000
     */
    readonly replicates?: number;
  },
): readonly PairedComparison[] {
  const where = 'compareWith';
  checkKnownOptions(where, options, { reference: true, replicates: true });
  const { reference, replicates = 1000 } = options;
  checkNumber(where, 'replicates', replicates, { min: 1, integer: true });
  const rows = rowsOf(where, results);
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
      ? [{ seed, a: run.test.scores[a.scoreMethod], b: other.run.test.scores[b.scoreMethod] }]
      : [];
  });
  if (pairs.length === 0) return undefined;
  const { labels, texture, brightness, views, findings, patientNumbers } = data[a.dataSet].test;
  const bootstrap = { replicates, ...(patientNumbers && { groups: patientNumbers }) };
  const within = (strata: readonly (string | number)[]) =>
    differenceWithin(pairs, labels, strata, bootstrap);
  const { dataSet, anomalies, choice } = a;
  // Anomalies of seen findings are a stratum without a normal image, which has no pairs.
  const unseen =
    anomalies.findings &&
    findings?.map((found, i) => labels[i] === 0 || isUnseen(found, anomalies));
  return {
    dataSet,
    anomalies,
    choice,
    reference: a.detector,
    detector: b.detector,
    seeds: pairs.map(({ seed }) => seed),
    ...differenceOf(pairs, labels, bootstrap),
    withinTexture: within(texture),
    withinBrightness: within(brightness),
    ...(views && { withinViews: within(views) }),
    ...(unseen && { unseenFindings: within(unseen.map(Number)) }),
  };
}

interface ScorePair {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Of the images whose stratum holds both classes; undefined where none does. */
function differenceWithin(
  pairs: readonly ScorePair[],
  labels: readonly number[],
  strata: readonly (string | number)[],
  bootstrap: BootstrapOptions,
): PairedDifference | undefined {
  return holdsPairs(labels, strata) ? differenceOf(pairs, labels, bootstrap, strata) : undefined;
}

function differenceOf(
  pairs: readonly ScorePair[],
  labels: readonly number[],
  bootstrap: BootstrapOptions,
  strata?: readonly (string | number)[],
): PairedDifference {
  const areas = pairs.map(({ a, b }) => ({
    a: resampledArea(a, labels, strata),
    b: resampledArea(b, labels, strata),
  }));
  const differences = (drawn: Int32Array) => {
    const times = new Int32Array(labels.length);
    for (const image of drawn) times[image] += 1;
    return areas.map(({ a, b }) => a(times) - b(times));
  };
  const everything = differences(Int32Array.from(labels, (_, i) => i));
  const overSeeds = meanInterval(everything);
  const whole = replicatesOf(everything).mean;
  // Drawn by class alone: a patient whose mixture of strata nobody shares would be in every resample.
  const { estimate, lower, upper } = bootstrapInterval(
    (drawn) => {
      const { mean } = replicatesOf(differences(drawn));
      // A few images may be drawn without a pair of one stratum; such a draw has no value.
      return Number.isNaN(mean) ? whole : mean;
    },
    labels,
    bootstrap,
  );
  return {
    difference: estimate,
    ...(overSeeds && { overSeeds }),
    overImages: { estimate, lower, upper },
    verdict: verdictOf(overSeeds),
  };
}

function verdictOf(interval: Interval | undefined): PairedDifference['verdict'] {
  if (!interval) return 'undecided';
  const { lower, upper } = interval;
  if (lower > 0) return 'better';
  if (upper < 0) return 'worse';
  return (upper - lower) / 2 <= TIE ? 'tied' : 'undecided';
}
