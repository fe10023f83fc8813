import type { AnomalyPlan, Choice } from './config.js';
import { canonicalJson } from './identity.js';
import type { ExperimentResults } from './run-experiment.js';
import type { DoneRun, FailedRun } from './run-record.js';

/** Runs that differ in their seed alone. */
export interface Row {
  readonly dataSet: string;
  readonly anomalies: AnomalyPlan;
  /** Name of the detector, and of a read-out that is not its own score. */
  readonly detector: string;
  readonly choice: Choice;
  /** In the order of the seeds. */
  readonly done: readonly { readonly seed: number; readonly run: DoneRun }[];
  readonly failed: readonly { readonly seed: number; readonly run: FailedRun }[];
  /** Seeds that were not run yet. */
  readonly missing: readonly number[];
  /** 'score' is the detector's own, by which its model was chosen where validation chooses. */
  readonly readout: string;
  /** Whether it was planned after a look at the test images. */
  readonly afterLook: boolean;
}

/** Cells grouped into rows, a row more for each read-out. */
export function rowsOf({ config, cells }: ExperimentResults): readonly Row[] {
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
    const { readouts = [], afterLook = false } = plans.get(detector) ?? {};
    const shared = { dataSet, anomalies, choice, done, failed, missing, afterLook };
    return ['score', ...readouts].map((readout) => ({
      ...shared,
      readout,
      detector: readout === 'score' ? detector : `${detector}, ${readout}`,
    }));
  });
}
