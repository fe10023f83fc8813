import type { ScoreNormalizer, ScoreThreshold } from '../core/calibration.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { disposeTrainingState, type EpochLog, type TrainingState } from './training-state.js';

/** What a model knows besides its network. */
export interface ModelState {
  /** The bank that scores are made with; absent before the first fit. */
  readonly bank?: MemoryBank;
  /** [N]: rows of known anomalies. */
  readonly discard: readonly boolean[];
  /** [N], names of the training images, where known. */
  readonly ids?: readonly string[];
  readonly normalizer?: ScoreNormalizer;
  readonly threshold?: ScoreThreshold;
  readonly history: readonly EpochLog[];
  /** The epoch whose weights are kept, where validation chose them. */
  readonly best?: { readonly epoch: number; readonly validationAuc: number };
  /** The run in progress, or the one that made the model. */
  readonly training?: TrainingState;
}

export function disposeModelState(state: ModelState): void {
  state.bank?.dispose();
  disposeTrainingState(state.training);
}
