import { pick } from '../metrics/pick.js';
import { averagePrecision } from '../metrics/precision-recall.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { areaUnderRocWithin } from '../metrics/strata.js';
import type { TestFacts } from './data-facts.js';
import { isSeen, isUnseen } from './kinds.js';
import { type Replicates, replicatesOf } from './mean-interval.js';
import { type Row, rowsOf } from './rows.js';
import type { ExperimentResults } from './run-experiment.js';

/** What a row of runs is worth on the test images, over its seeds; JSON. */
export interface RowSummary
  extends Pick<Row, 'dataSet' | 'anomalies' | 'detector' | 'readout' | 'choice'> {
  /** Test areas in the order of the seeds. */
  readonly seeds: readonly {
    readonly seed: number;
    readonly id: string;
    readonly areaUnderRoc: number;
  }[];
  readonly failed: readonly { readonly seed: number; readonly code: string }[];
  readonly missing: readonly number[];
  /** Those below are absent where no run is done. */
  readonly areaUnderRoc?: Replicates;
  readonly averagePrecision?: Replicates;
  readonly validationAuc?: Replicates;
  /** Among images of one quarter of the texture score, pair-weighted. */
  readonly withinTexture?: Replicates;
  /** Among images of one view, pair-weighted; where views are known. */
  readonly withinViews?: Replicates;
  readonly byView?: Readonly<Record<string, Replicates>>;
  /** Anomalies that have the finding against all normal images. */
  readonly byKind?: Readonly<Record<string, Replicates>>;
  /** Anomalies that have one of the known kinds, or none of them, against all normal images. */
  readonly seenKinds?: Replicates;
  readonly unseenKinds?: Replicates;
  /** The fewest of any seed. */
  readonly distinctScores?: number;
  /** Settings, and looks at validation in the one that was kept. */
  readonly settings?: number;
  readonly checkpoints?: number;
  /** Of a whole run, all its settings. */
  readonly seconds?: Replicates;
  /** Bytes; the largest of any seed. */
  readonly peakMemory?: number;
  /** Runs that the budget ended, or that exceeded it. */
  readonly overBudget: number;
  /** Whether it was planned after a look at the test images. */
  readonly afterLook: boolean;
}

/**
 * What every row of the tables is worth: areas over all test images, within strata and by finding, with what
 * it took.
 *
 * @example
 * const rows = summarize(await runExperiment(config, options));
 * rows[0].areaUnderRoc?.mean;
 */
export function summarize(results: ExperimentResults): readonly RowSummary[] {
  return rowsOf(results).map((row) => summaryOf(row, results.data[row.dataSet].test));
}

function summaryOf(row: Row, facts: TestFacts): RowSummary {
  const { dataSet, anomalies, detector, readout, choice, done, missing } = row;
  const { labels, texture, views, kinds } = facts;
  const scores = done.map(({ run }) => run.test.scores[readout]);
  const areas = scores.map((values) => areaUnderRoc(values, labels));
  const over = (measure: (values: readonly number[]) => number) =>
    replicatesOf(scores.map(measure));
  const against = (isOne: (findings: readonly string[]) => boolean) =>
    among(over, labels, (i) => labels[i] === 0 || isOne(kinds?.[i] ?? []));
  const shared = {
    dataSet,
    anomalies,
    detector,
    readout,
    choice,
    seeds: done.map(({ seed, run }, i) => ({ seed, id: run.id, areaUnderRoc: areas[i] })),
    failed: row.failed.map(({ seed, run }) => ({ seed, code: run.error.code })),
    missing,
    overBudget: done.filter(({ run }) => run.tried.some(({ overBudget }) => overBudget)).length,
    afterLook: row.afterLook,
  };
  if (done.length === 0) return shared;
  const runs = done.map(({ run }) => run);
  const kept = runs[0].tried[runs[0].setting];
  const validationAucs = runs.flatMap(({ validation }) =>
    new Set(validation.labels).size === 2
      ? [areaUnderRoc(validation.scores[readout], validation.labels)]
      : [],
  );
  return {
    ...shared,
    areaUnderRoc: replicatesOf(areas),
    averagePrecision: over((values) => averagePrecision(values, labels)),
    ...(validationAucs.length > 0 && { validationAuc: replicatesOf(validationAucs) }),
    withinTexture: within(over, labels, texture),
    ...(views && { withinViews: within(over, labels, views), byView: byView(over, labels, views) }),
    ...(kinds && { byKind: entriesOf(kinds, (kind) => against((one) => one.includes(kind))) }),
    ...(anomalies.kinds && {
      seenKinds: against((one) => isSeen(one, anomalies)),
      unseenKinds: against((one) => isUnseen(one, anomalies)),
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
