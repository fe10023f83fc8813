import type { CellBank } from '../cells/cell-bank.js';
import type { ScoreNormalizer } from '../core/calibration.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { check } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { SaladError } from '../support/errors.js';
import type { SaladWarning } from '../support/warning.js';
import type { EpochLog } from './history.js';
import type { Network } from './network.js';
import type { NormalScores } from './normal-scores.js';
import type { SaladSettings } from './options.js';
import type { ScoreSpreads } from './score-spreads.js';
import type { AttachedStore, StoredBank } from './stored-bank.js';
import { disposeTrainingState, type TrainingState } from './training-state.js';

/** What a model knows besides its network. */
export interface ModelState {
  /** The bank that scores are made with; absent before the first fit. */
  readonly bank?: MemoryBank;
  /** In place of it, where its rows lie in a store. */
  readonly stored?: StoredBank;
  /** The bank of cells, where the score is made of them. */
  readonly cells?: CellBank;
  /** By which the sum of two scores is standardised. */
  readonly spreads?: ScoreSpreads;
  /** [N]: rows of known anomalies. */
  readonly discard: readonly boolean[];
  /** [N], names of the training images, where known. */
  readonly ids?: readonly string[];
  readonly normalizer?: ScoreNormalizer;
  readonly threshold?: DecisionThreshold;
  /** Of the images that set both. */
  readonly normalScores?: NormalScores;
  readonly history: readonly EpochLog[];
  /** The epoch whose weights are kept, where validation chose them. */
  readonly best?: { readonly epoch: number; readonly validationAuc: number };
  /** The run in progress, or the one that made the model. */
  readonly training?: TrainingState;
}

/** What a model knows before its first fit. */
export const nothingLearnt: ModelState = Object.freeze({ discard: [], history: [] });

/** All that makes a model. The model and the trainer that trains it hold the same one. */
export interface ModelPieces {
  /** Its preparation knows the recipe of the images that a run learns from. */
  network: Network;
  readonly settings: SaladSettings;
  state: ModelState;
  /** The trainer whose steps count: a later one takes over from it. */
  trainer?: object;
  disposed?: boolean;
  /** What the first fit warns of. */
  readonly seedWarning?: SaladWarning;
}

/** Epoch logs of the run in progress, or of the one that made the model. */
export function historyOf(state: ModelState): readonly EpochLog[] {
  return state.training?.history ?? state.history;
}

/** @throws DISPOSED */
export function checkAlive(where: string, { disposed }: ModelPieces): void {
  check(
    !disposed,
    'DISPOSED',
    () => `${where}: the model has been disposed; create or load another.`,
  );
}

/** What work gives that lets others have their turn. @throws DISPOSED, whatever came of it, where one of them disposed the model */
export async function whileAlive<Result>(
  where: string,
  model: ModelPieces,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    checkAlive(where, model);
    throw error;
  }
}

/** What work gives; where it fails, what was made before it is freed. */
export async function orDispose<Result>(
  made: { dispose(): void },
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    made.dispose();
    throw error;
  }
}

/** The store that scores are made with; undefined where the bank is in memory. @throws DISPOSED | BANK_IN_STORE */
export function attachedStore(where: string, model: ModelPieces): AttachedStore | undefined {
  checkAlive(where, model);
  const { stored } = model.state;
  check(
    !stored || stored.attached !== undefined,
    'BANK_IN_STORE',
    () =>
      `${where}: the bank of the model lies in a store, which it was not given yet; expected a call of useStore(store) before.`,
  );
  return stored?.attached;
}

/** The bank that scores are made with. @throws DISPOSED | BANK_IN_STORE | NOT_FITTED, also while training is in progress */
export function fittedBank(where: string, model: ModelPieces): MemoryBank {
  if (attachedStore(where, model))
    throw new SaladError(
      'BANK_IN_STORE',
      `${where}: the bank of the model lies in a store, and this call needs its rows in memory; add rows by add of the store, and for anything else load a file that was saved before useStore, or call refreshBank.`,
    );
  const { bank, training } = model.state;
  check(bank !== undefined, 'NOT_FITTED', () =>
    training
      ? `${where}: a training run was begun and not brought to its end, so there is no memory bank to score with; wait for fit or train where one is running, call the trainer's finish(), or go on with fit(images, { resume: true }); after TRAINING_DIVERGED create a model with a lower learningRate.`
      : `${where}: the model has no memory bank yet; call fit, or load a fitted model.`,
  );
  return bank;
}

/** Frees the banks that scores are made with. */
export function disposeBanks({ bank, cells }: Pick<ModelState, 'bank' | 'cells'>): void {
  bank?.dispose();
  cells?.dispose();
}

export function disposeModel(model: ModelPieces): void {
  if (model.disposed) return;
  model.disposed = true;
  disposeBanks(model.state);
  disposeTrainingState(model.state.training);
  model.network.backbone.dispose();
}
