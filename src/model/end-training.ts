import { copyWeights, restoreWeights } from '../learning/weights.js';
import type { StartedTraining } from './begin-training.js';
import type { ModelState } from './model-state.js';
import type { SaladSettings } from './options.js';
import { totalEpochs } from './schedule.js';
import { settleStatistics } from './settle-statistics.js';
import { encodeBankOfRun } from './training-bank.js';

/** Best weights and refreshed bank; a run that ends here may still be resumed. */
export async function endTraining(
  settings: SaladSettings,
  state: ModelState,
  { network, source }: StartedTraining,
): Promise<ModelState> {
  const { training } = state;
  if (!training) return state;
  const { backbone } = network;
  const { best, history } = training;
  const stopped = history.length < totalEpochs(settings);
  if (stopped && (best || history.length === 0)) training.last ??= await copyWeights(backbone);
  if (best) restoreWeights(backbone, best.values);
  else if (history.length === 0) await settleStatistics(network, source);
  const where = 'SaladModel.fit';
  const { bank, discard } = await encodeBankOfRun(where, network, source, training, settings);
  state.bank?.dispose();
  return {
    training,
    history,
    bank,
    discard,
    ids: source.ids,
    best: best && { epoch: best.epoch, validationAuc: best.validationAuc },
  };
}
