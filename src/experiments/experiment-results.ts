import type { AnomalyPlan, Choice, ExperimentConfig } from './config.js';
import type { DataFacts } from './data-facts.js';
import type { RunRecord } from './run-record.js';

/**
 * What tables and figures are made of; JSON.
 *
 * @example
 * const { cells }: ExperimentResults = await runExperiment(config, options);
 * console.log(cells.filter(({ run }) => run?.status === 'done').length);
 */
export interface ExperimentResults {
  /** The config as it was given. */
  readonly config: ExperimentConfig;
  /** Facts of each data set, by name. */
  readonly data: Readonly<Record<string, DataFacts>>;
  /** Every place of the tables, with its run where there is one; places may share a run. */
  readonly cells: readonly {
    /** Name of the data set. */
    readonly dataSet: string;
    /** Name of the detector. */
    readonly detector: string;
    /** The known anomalies among its training images. */
    readonly anomalies: AnomalyPlan;
    /** Of everything that is drawn. */
    readonly seed: number;
    /** How settings and weights are fixed. */
    readonly choice: Choice;
    /** Of the run. */
    readonly id: string;
    /** Absent where it was not run yet. */
    readonly run?: RunRecord;
  }[];
}
