import { isSaladError, SaladError } from '../support/errors.js';
import { historyOf, type ModelState } from './model-state.js';

/** What tells of weights that are of no use, or of a model that is somebody else's now. */
const NOTHING_KEPT = ['TRAINING_DIVERGED', 'TRAINING_IN_PROGRESS', 'DISPOSED'];

/** An error of a run as one that also says what the model keeps in memory of what it has learnt; errors of others as they are. */
export function withWhatIsKept(error: unknown, state: ModelState): unknown {
  const epochs = historyOf(state).length;
  if (!isSaladError(error) || NOTHING_KEPT.includes(error.code) || epochs === 0) return error;
  const learnt = epochs === 1 ? 'the epoch that it learnt' : `the ${epochs} epochs that it learnt`;
  const kept = state.bank
    ? `The model keeps ${learnt}, and scores${state.threshold ? '' : ', without a threshold, which calibrate sets'}: save keeps it`
    : `The model keeps ${learnt}, without a memory bank yet: save with includeTraining: true keeps it`;
  const message = error.message.replace(` [${error.code}]`, '');
  return new SaladError(
    error.code,
    `${message} ${kept}, and fit with resume: true goes on.`,
    error.details,
    { cause: error },
  );
}
