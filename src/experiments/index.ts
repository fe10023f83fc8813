/** Detectors on data sets, again and again: runs that resume, tables with intervals, nothing chosen by test images. */
export { sideBySideTable } from './areas-table.js';
export { checkExperiment } from './check-config.js';
export { compareWith, type PairedComparison, type PairedDifference } from './compare.js';
export type { AnomalyPlan, Choice, DetectorPlan, ExperimentConfig } from './config.js';
export type { DataFacts, PartCounts, TestFacts } from './data-facts.js';
export type { DetectorFactory, DetectorRequest, Trial } from './detector-factory.js';
export type { Environment } from './environment.js';
export type { ExperimentData, OpenData, Part } from './experiment-data.js';
export { libraryDetectors } from './library-detectors.js';
export type { Replicates } from './mean-interval.js';
export { pairedTable } from './paired-table.js';
export type { PlannedRun, RunConfig } from './plan.js';
export { ratioSeries } from './ratio-series.js';
export {
  type ExperimentProgress,
  type ExperimentResults,
  type RunExperimentOptions,
  runExperiment,
} from './run-experiment.js';
export type { ExperimentWarning } from './run-folder.js';
export type { DoneRun, FailedRun, RunRecord, ScoredPart, TriedSetting } from './run-record.js';
export { type RowSummary, summarize } from './summarize.js';
export { experimentTables } from './tables.js';
