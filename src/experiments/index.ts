/** Detectors on data sets, again and again: runs that resume, tables with intervals, nothing chosen by test images. */

export type { Progress } from '../support/progress.js';
export type { AcrossCell } from './across-cell.js';
export { acrossDataSets } from './across-data-sets.js';
export type { AcrossOptions } from './across-options.js';
export { acrossTable } from './across-table.js';
export { sideBySideTable } from './areas-table.js';
export { checkExperiment } from './check-config.js';
export { compareWith, type PairedComparison } from './compare.js';
export type { AnomalyPlan, Choice, DetectorPlan, ExperimentConfig } from './config.js';
export type { DataFacts } from './data-facts.js';
export type { DetectorFactory, DetectorRequest, Trial } from './detector-factory.js';
export type { ExperimentData } from './experiment-data.js';
export type { ExperimentResults } from './experiment-results.js';
export { libraryDetectors } from './library-detectors.js';
export type { Replicates } from './mean-interval.js';
export { pairedTable } from './paired-table.js';
export type { PlannedRun } from './plan.js';
export { ratioSeries } from './ratio-series.js';
export type { RunConfig } from './run-config.js';
export { runExperiment } from './run-experiment.js';
export type { RunExperimentOptions } from './run-options.js';
export type { RunRecord } from './run-record.js';
export { type RowSummary, summarize } from './summarize.js';
export { experimentTables } from './tables.js';
