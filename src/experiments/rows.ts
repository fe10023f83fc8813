import { canonicalJson } from '../support/canonical-json.js';
import { checkObject } from '../support/check.js';
import { inWords } from '../support/in-words.js';
import type { AnomalyPlan, Choice } from './config.js';
import type { ExperimentResults } from './experiment-results.js';
import type { DoneRun, FailedRun } from './run-record.js';

/** Runs that differ in their seed alone. */
export interface Row {
  readonly dataSet: string;
  readonly anomalies: AnomalyPlan;
  /** Name of the detector, and of a score method that is not its own. */
  readonly detector: string;
  readonly choice: Choice;
  /** In the order of the seeds. */
  readonly done: readonly { readonly seed: number; readonly run: DoneRun }[];
  readonly failed: readonly { readonly seed: number; readonly run: FailedRun }[];
  /** Seeds that were not run yet. */
  readonly missing: readonly number[];
  /** 'score' is the detector's own, by which its model was chosen where validation chooses. */
  readonly scoreMethod: string;
  /** Whether it was planned after an evaluation on the test set. */
  readonly afterEvaluation: boolean;
}

/** Cells grouped into rows, one more row for each score method. @throws INVALID_OPTION */
export function rowsOf(where: string, results: ExperimentResults): readonly Row[] {
  checkObject(where, 'results', results, 'what runExperiment returned', [
    'config',
    'data',
    'cells',
  ]);
  const { config, cells } = results;
  const plans = new Map(config.detectors.map((plan) => [plan.name, plan]));
  const groups = new Map<string, ExperimentResults['cells'][number][]>();
  for (const cell of cells) {
    const { dataSet, anomalies, detector, choice } = cell;
    const key = canonicalJson([dataSet, anomalies, detector, choice]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => {
    const { dataSet, anomalies, detector, choice } = group[0];
    const done = group.flatMap(({ seed, run }) => (run?.status === 'done' ? [{ seed, run }] : []));
    const failed = group.flatMap(({ seed, run }) =>
      run?.status === 'failed' ? [{ seed, run }] : [],
    );
    const missing = group.flatMap(({ seed, run }) => (run ? [] : [seed]));
    const { scoreMethods = [], afterEvaluation = false } = plans.get(detector) ?? {};
    const shared = { dataSet, anomalies, choice, done, failed, missing, afterEvaluation };
    return ['score', ...scoreMethods].map((scoreMethod) => ({
      ...shared,
      scoreMethod,
      detector: scoreMethod === 'score' ? detector : `${detector}, ${inWords(scoreMethod)}`,
    }));
  });
}
