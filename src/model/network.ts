import type { Backbone } from '../backbones/backbone.js';
import { localContrast } from '../images/local-contrast.js';
import { imagePreparation } from '../images/preparation.js';
import type { ImageIntake } from '../learning/intake.js';
import { check } from '../support/check.js';
import type { SaladOptions, SaladSettings } from './options.js';

/** A network with what is done to images before it. */
export interface Network extends ImageIntake {
  readonly backbone: Backbone;
}

/** The network that options describe, its parts checked. @throws INVALID_OPTION */
export function resolveNetwork(
  where: string,
  { backbone, imageNormalization = localContrast(), resize }: SaladOptions,
  { latentWeight, reconstructionWeight, augmentation }: SaladSettings,
): Network {
  check(
    typeof backbone?.encode === 'function' && Array.isArray(backbone.inputShape),
    'INVALID_OPTION',
    () =>
      `${where}: backbone is missing or no Backbone; expected convAutoencoder({ inputShape }) or one of your own.`,
  );
  check(
    latentWeight > 0 || (reconstructionWeight > 0 && backbone.decode !== undefined),
    'INVALID_OPTION',
    () =>
      `${where}: latentWeight is 0 and the backbone has no decoder, so there is nothing to learn; set it above 0, or use a backbone with decode.`,
  );
  const { inputShape } = backbone;
  const steps = { inputShape, resize, imageNormalization, augmentation };
  return { backbone, preparation: imagePreparation(steps, where) };
}

/** A network as JSON, from which `load` makes it anew. */
export function networkConfig({ backbone, preparation }: Network) {
  const { imageNormalization, resize } = preparation.toJSON();
  return { backbone: backbone.config, imageNormalization, resize };
}
