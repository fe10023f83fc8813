import { checkNumber } from '../support/check.js';
import { defaultSettings, type SaladSettings } from './options.js';

/** Normal images that the default epochs were chosen on. */
const IMAGES = 800;

/** Epochs of a whole run: pre-training, then the rounds. */
export function totalEpochs(settings: SaladSettings): number {
  return settings.pretrainEpochs + settings.rounds * settings.epochsPerRound;
}

/** The round of an epoch; 0 is pre-training. */
export function roundOf(epoch: number, settings: SaladSettings): number {
  const { pretrainEpochs, epochsPerRound } = settings;
  return epoch < pretrainEpochs ? 0 : 1 + Math.floor((epoch - pretrainEpochs) / epochsPerRound);
}

/**
 * Epochs that give few images about as many training steps as the default epochs give 800: each phase times
 * 800 / images, rounded; the defaults from 800 images on.
 *
 * @param images how many are learnt from; at least 1. An epoch has one step at least, so that fewer than a hundred are given
 * more steps than that.
 * @returns settings to be spread into `SaladModel.create`.
 * @throws INVALID_OPTION
 * @see ours: the paper trains 550 epochs of tens of thousands of images.
 * @example
 * scheduleFor(290); // { pretrainEpochs: 28, rounds: 5, epochsPerRound: 11 }
 */
export function scheduleFor(
  images: number,
): Pick<SaladSettings, 'pretrainEpochs' | 'rounds' | 'epochsPerRound'> {
  checkNumber('scheduleFor', 'images', images, { min: 1, integer: true });
  const { pretrainEpochs, rounds, epochsPerRound } = defaultSettings;
  const times = Math.max(1, IMAGES / images);
  return {
    pretrainEpochs: Math.round(times * pretrainEpochs),
    rounds,
    epochsPerRound: Math.round(times * epochsPerRound),
  };
}
