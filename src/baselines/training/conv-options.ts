import { defaultChannels } from '../../backbones/conv-autoencoder.js';
import { checkInputShape } from '../../backbones/options.js';
import { checkNumber } from '../../support/check.js';
import type { TrainingOptions } from '../detector/settings.js';

/** Options of a detector with a convolutional network; the defaults are those of `convAutoencoder`. */
export interface ConvNetworkOptions extends TrainingOptions {
  /** Channels after each level; a level halves height and width. @defaultValue those of `convAutoencoder` */
  readonly channels?: readonly number[];
  /** Numbers in an embedding. @defaultValue 128 of `deepSvdd` and `deepSad`, 200 of the others */
  readonly embeddingSize?: number;
  /** Slope of the leaky ReLU left of zero, in [0, 1]. @defaultValue 0.1 */
  readonly activationSlope?: number;
}

/** Defaults of the shared options but the embedding's size, which follow from the shape. @throws INVALID_OPTION */
export function networkDefaults(where: string, options: ConvNetworkOptions) {
  const { inputShape, channels } = options ?? {};
  checkInputShape(where, inputShape);
  return { channels: channels ?? defaultChannels(inputShape), activationSlope: 0.1 };
}

/** @throws INVALID_OPTION */
export function checkNetwork(
  where: string,
  settings: Required<Pick<ConvNetworkOptions, 'channels' | 'embeddingSize' | 'activationSlope'>>,
): void {
  const count = { min: 1, integer: true };
  checkNumber(where, 'the number of channels', settings.channels.length, count);
  for (const size of settings.channels) checkNumber(where, 'channels', size, count);
  checkNumber(where, 'embeddingSize', settings.embeddingSize, count);
  checkNumber(where, 'activationSlope', settings.activationSlope, { min: 0, max: 1 });
}
