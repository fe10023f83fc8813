import type { FitHistory } from '../core/detector.js';
import type { ReportedProblem } from '../data/problem-report.js';
import type { EpochLog } from './training-state.js';

/** What a fit leaves to read; JSON. */
export interface History extends FitHistory {
  readonly epochs: readonly EpochLog[];
  /** Images that could not be read and were left out, each once; absent where all could be read. */
  readonly problems?: readonly ReportedProblem[];
}
