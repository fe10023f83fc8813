import type { Backbone } from '../backbones/backbone.js';
import { isBackbone, makeBackbone } from '../backbones/from-config.js';
import { isFrozen } from '../backbones/frozen.js';
import { localContrast } from '../images/local-contrast.js';
import { preparationOf } from '../images/preparation.js';
import type { ImageIntake } from '../learning/intake.js';
import { check } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';
import type { SaladOptions, SaladSettings } from './options.js';
import { checkEpochs } from './without-epochs.js';

/** A network with what is done to images before it. */
export interface Network extends ImageIntake {
  readonly backbone: Backbone;
}

/** The network that options describe, checked. @throws INVALID_OPTION */
export function resolveNetwork(
  where: string,
  { backbone: given, imageNormalization = localContrast(), resize, ...options }: SaladOptions,
  { seed, latentWeight, reconstructionWeight, augmentation }: SaladSettings,
): Network {
  const backbone = makeBackbone(where, given, seed);
  const { inputShape } = backbone;
  const steps = { inputShape, resize, imageNormalization, augmentation };
  try {
    checkEpochs(where, backbone, options);
    check(
      isFrozen(backbone) ||
        latentWeight > 0 ||
        (reconstructionWeight > 0 && backbone.decode !== undefined),
      'INVALID_OPTION',
      () =>
        `${where}: latentWeight is 0 and the backbone has no decoder, so there is nothing to learn; set it above 0, or use a backbone with decode.`,
    );
    return { backbone, preparation: preparationOf(where, steps) };
  } catch (error) {
    if (backbone !== given) backbone.dispose();
    throw error;
  }
}

/** A warning where a seed that was given does not reach the weights. */
export function seedWarning(
  where: string,
  { backbone: given, seed }: SaladOptions,
  backbone: Backbone,
): SaladWarning | undefined {
  const { config } = backbone;
  // Of a function whose backbone does not tell its seed nobody knows; options may have a seed of their own.
  const asked = isBackbone(given) || (typeof given === 'function' && config.seed !== undefined);
  if (seed === undefined || !asked || config.seed === seed || isFrozen(backbone)) return undefined;
  const own = config.seed === undefined ? 'weights of its own' : `seed ${config.seed}`;
  const made = isBackbone(given) ? 'was made beforehand' : 'comes of a function';
  return {
    code: 'BACKBONE_KEEPS_ITS_SEED',
    message: `${where}: seed is ${seed}, but the backbone ${made} and keeps ${own}; give backbone as options, { kind: 'convAutoencoder', inputShape }, or as a function, (seed) => convAutoencoder({ inputShape, seed }).`,
  };
}

/** A network as JSON, from which `load` makes it again. */
export function networkConfig({ backbone, preparation }: Network) {
  const { imageNormalization, resize } = preparation.toJSON();
  return { backbone: backbone.config, imageNormalization, resize };
}
