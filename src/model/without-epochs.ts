import type { Backbone } from '../backbones/backbone.js';
import { isFrozen } from '../backbones/frozen.js';
import { check } from '../support/check.js';
import type { SaladSettings } from './options.js';

const EPOCHS = ['pretrainEpochs', 'rounds'] as const;

/** @throws INVALID_OPTION where epochs are asked for of a frozen backbone, which has nothing to learn */
export function checkEpochs(
  where: string,
  backbone: Backbone,
  options: Partial<Pick<SaladSettings, (typeof EPOCHS)[number]>>,
): void {
  if (!isFrozen(backbone)) return;
  for (const name of EPOCHS) {
    check(
      !options[name],
      'INVALID_OPTION',
      () =>
        `${where}: ${name} is ${options[name]}, but the backbone is frozen: it has no trainable variables, so that epochs would change nothing; leave ${name} out, or give a backbone that learns.`,
      { name, value: options[name] },
    );
  }
}

/** The settings of a model with that backbone; of a frozen one they have no epochs. */
export function settingsWith(backbone: Backbone, settings: SaladSettings): SaladSettings {
  return isFrozen(backbone)
    ? Object.freeze({ ...settings, pretrainEpochs: 0, rounds: 0 })
    : settings;
}
