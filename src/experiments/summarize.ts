import { pick } from '../metrics/pick.js';
import { averagePrecision } from '../metrics/precision-recall.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { areaUnderRocWithin } from '../metrics/strata.js';
import { checkObjects } from '../support/check.js';
import type { AnomalyPlan, Choice } from './config.js';
import type { DataFacts } from './data-facts.js';
import type { ExperimentResults } from './experiment-results.js';
import { isSeen, isUnseen } from './findings.js';
import { type Replicates, replicatesOf } from './mean-interval.js';
import { type Row, rowsOf } from './rows.js';

/**
 * The results of a row of runs on the test images, over its seeds; JSON.
 *
 * @example
 * const [{ detector, areaUnderRoc }]: readonly RowSummary[] = summarize(results);
 */
export interface RowSummary {
  /** Name of the data set. */
  readonly dataSet: string;
  /** The known anomalies among its training images. */
  readonly anomalies: AnomalyPlan;
  /** Name of the detector, and of a score method that is not its own. */
  readonly detector: string;
  /** 'score' is the detector's own, by which its model was chosen where validation chooses. */
  readonly scoreMethod: string;
  /** How settings and weights were fixed. */
  readonly choice: Choice;
  /** Test areas in the order of the seeds. */
  readonly seeds: readonly {
    /** The seed. */
    readonly seed: number;
    /** Of the run. */
    readonly id: string;
    /** Area under the ROC curve on all test images. */
    readonly areaUnderRoc: number;
  }[];
  /** Runs that failed. */
  readonly failed: readonly {
    /** The seed. */
    readonly seed: number;
    /** Code of the error. */
    readonly code: string;
  }[];
  /** Seeds that were not run yet. */
  readonly missing: readonly number[];
  /** Area under the ROC curve on all test images. Absent where no run is done. */
  readonly areaUnderRoc?: Replicates;
  /** Average precision on all test images. Absent where no run is done. */
  readonly averagePrecision?: Replicates;
  /** Area under the ROC curve on the validation images. Absent where no run is done, or they lack a class. */
  readonly validationAuc?: Replicates;
  /** Area among images of one quarter of the texture score, pair-weighted. Absent where no run is done, or no quarter has both classes. */
  readonly withinTexture?: Replicates;
  /** Area among images of one quarter of brightness, pair-weighted. Absent where no run is done, or no quarter has both classes. */
  readonly withinBrightness?: Replicates;
  /** Area among images of one view, pair-weighted. Absent where no run is done, views are not known, or no view has both classes. */
  readonly withinViews?: Replicates;
  /** Area by view, of the views with both classes. Absent where no run is done, or views are not known. */
  readonly byView?: Readonly<Record<string, Replicates>>;
  /** By finding, the area of the anomalies that have it against all normal images. Absent where no run is done, or findings are not known. */
  readonly byFinding?: Readonly<Record<string, Replicates>>;
  /** Area of the anomalies that have one of the known findings against all normal images. Absent where no run is done, or the known anomalies are of any finding. */
  readonly seenFindings?: Replicates;
  /** Area of the anomalies that have none of the known findings against all normal images. Absent like `seenFindings`. */
  readonly unseenFindings?: Replicates;
  /** How many different scores the test images have; the fewest of any seed. Absent where no run is done. */
  readonly distinctScores?: number;
  /** How many settings were chosen among. Absent where no run is done. */
  readonly settings?: number;
  /** How many epochs of the setting that was kept were chosen among. Absent where no run is done. */
  readonly checkpoints?: number;
  /** Seconds of a whole run, all its settings. Absent where no run is done. */
  readonly seconds?: Replicates;
  /** Bytes; the largest of any seed. Absent where no run is done. */
  readonly peakMemory?: number;
  /** Runs that the budget ended, or that exceeded it. */
  readonly overBudget: number;
  /** Whether it was planned after an evaluation on the test set. */
  readonly afterEvaluation: boolean;
}

/**
 * Summarises every row of the tables: areas over all test images, within strata and by finding, with time and memory.
 *
 * @param results what `runExperiment` returned
 * @returns one summary for each row, in the order of the config
 * @throws INVALID_OPTION; EMPTY_SET for results whose test images are not of both classes
 * @example
 * const rows = summarize(await runExperiment(config, options));
 * rows[0].areaUnderRoc?.mean;
 */
export function summarize(results: ExperimentResults): readonly RowSummary[] {
  return summariesOf('summarize', results);
}

/** Summaries of rows, or INVALID_OPTION. */
export function checkSummaries(where: string, rows: readonly RowSummary[]): void {
  checkObjects(where, 'rows', rows, 'what summarize returned', ['detector', 'anomalies', 'seeds']);
}

/** `summarize` for the public call `where`. */
export function summariesOf(where: string, results: ExperimentResults): readonly RowSummary[] {
  return rowsOf(where, results).map((row) => summaryOf(row, results.data[row.dataSet].test));
}

function summaryOf(row: Row, facts: DataFacts['test']): RowSummary {
  const { dataSet, anomalies, detector, scoreMethod, choice, done, missing } = row;
  const { labels, texture, brightness, views, findings } = facts;
  const scores = done.map(({ run }) => run.test.scores[scoreMethod]);
  const areas = scores.map((values) => areaUnderRoc(values, labels));
  const over = (measure: (values: readonly number[]) => number) =>
    replicatesOf(scores.map(measure));
  const against = (isOne: (findings: readonly string[]) => boolean) =>
    among(over, labels, (i) => labels[i] === 0 || isOne(findings?.[i] ?? []));
  const shared = {
    dataSet,
    anomalies,
    detector,
    scoreMethod,
    choice,
    seeds: done.map(({ seed, run }, i) => ({ seed, id: run.id, areaUnderRoc: areas[i] })),
    failed: row.failed.map(({ seed, run }) => ({ seed, code: run.error.code })),
    missing,
    overBudget: done.filter(({ run }) => run.tried.some(({ overBudget }) => overBudget)).length,
    afterEvaluation: row.afterEvaluation,
  };
  if (done.length === 0) return shared;
  const runs = done.map(({ run }) => run);
  const kept = runs[0].tried[runs[0].setting];
  const validationAucs = runs.flatMap(({ validation }) =>
    new Set(validation.labels).size === 2
      ? [areaUnderRoc(validation.scores[scoreMethod], validation.labels)]
      : [],
  );
  return {
    ...shared,
    areaUnderRoc: replicatesOf(areas),
    averagePrecision: over((values) => averagePrecision(values, labels)),
    ...(validationAucs.length > 0 && { validationAuc: replicatesOf(validationAucs) }),
    withinTexture: within(over, labels, texture),
    withinBrightness: within(over, labels, brightness),
    ...(views && { withinViews: within(over, labels, views), byView: byView(over, labels, views) }),
    ...(findings && {
      byFinding: entriesOf(findings, (finding) => against((one) => one.includes(finding))),
    }),
    ...(anomalies.findings && {
      seenFindings: against((one) => isSeen(one, anomalies)),
      unseenFindings: against((one) => isUnseen(one, anomalies)),
    }),
    distinctScores: Math.min(...scores.map((values) => new Set(values).size)),
    settings: runs[0].tried.length,
    checkpoints: kept.checkpoints,
    seconds: replicatesOf(runs.map(({ seconds }) => seconds)),
    peakMemory: Math.max(...runs.map(({ peakMemory }) => peakMemory)),
  };
}

type Over = (measure: (values: readonly number[]) => number) => Replicates;

/** Undefined where no stratum has both classes. */
function within(
  over: Over,
  labels: readonly number[],
  strata: readonly (string | number)[],
): Replicates | undefined {
  if (!holdsPairs(labels, strata)) return undefined;
  return over((values) => areaUnderRocWithin(values, labels, strata).estimate);
}

/** Whether some stratum has both classes. */
export function holdsPairs(
  labels: readonly number[],
  strata: readonly (string | number)[],
): boolean {
  const mixed = new Set(strata.filter((_, i) => labels[i] === 1));
  return strata.some((stratum, i) => labels[i] === 0 && mixed.has(stratum));
}

function byView(over: Over, labels: readonly number[], views: readonly string[]) {
  return entriesOf([views], (view) => among(over, labels, (i) => views[i] === view));
}

/** Of some images; undefined where they lack a class. */
function among(
  over: Over,
  labels: readonly number[],
  isOne: (image: number) => boolean,
): Replicates | undefined {
  const images = labels.flatMap((_, i) => (isOne(i) ? [i] : []));
  const some = images.map((i) => labels[i]);
  if (new Set(some).size < 2) return undefined;
  return over((values) => areaUnderRoc(pick(values, images), some));
}

/** What there is of each name, names sorted. */
function entriesOf(
  lists: readonly (readonly string[])[],
  of: (name: string) => Replicates | undefined,
): Readonly<Record<string, Replicates>> {
  const names = [...new Set(lists.flat())].sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = of(name);
      return found ? [[name, found]] : [];
    }),
  );
}
