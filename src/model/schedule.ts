import type { SaladSettings } from './options.js';

/** Epochs of a whole run: pre-training, then the rounds. */
export function totalEpochs(settings: SaladSettings): number {
  return settings.pretrainEpochs + settings.rounds * settings.epochsPerRound;
}

/** The round of an epoch; 0 is pre-training. */
export function roundOf(epoch: number, settings: SaladSettings): number {
  const { pretrainEpochs, epochsPerRound } = settings;
  return epoch < pretrainEpochs ? 0 : 1 + Math.floor((epoch - pretrainEpochs) / epochsPerRound);
}
