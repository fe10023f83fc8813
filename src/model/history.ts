import type { FitHistory } from '../core/detector.js';
import type { EpochLog } from './training-state.js';

/** What a fit leaves to read; JSON. */
export interface History extends FitHistory {
  readonly epochs: readonly EpochLog[];
}
