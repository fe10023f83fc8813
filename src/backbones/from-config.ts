import { models } from '@tensorflow/tfjs-layers';
import { SaladError } from '../support/errors.js';
import type { Backbone, BackboneConfig } from './backbone.js';
import { type ConvAutoencoderOptions, convAutoencoder } from './conv-autoencoder.js';
import { layersBackbone } from './layers-backbone.js';
import { type ResnetAutoencoderOptions, resnetAutoencoder } from './resnet-autoencoder.js';

type ModelTopology = Parameters<typeof models.modelFromJSON>[0];

/**
 * Builds a backbone of the library anew from its `config`, with its initial weights.
 *
 * @throws INVALID_OPTION for a kind that the library does not know.
 */
export async function backboneFromConfig(config: BackboneConfig): Promise<Backbone> {
  const { kind, ...options } = config;
  switch (kind) {
    case 'conv':
      return convAutoencoder(options as unknown as ConvAutoencoderOptions);
    case 'resnet':
      return resnetAutoencoder(options as unknown as ResnetAutoencoderOptions);
    case 'layers': {
      const { encoder, decoder } = options as { encoder: ModelTopology; decoder?: ModelTopology };
      return layersBackbone({
        encoder: await models.modelFromJSON(encoder),
        decoder: decoder && (await models.modelFromJSON(decoder)),
      });
    }
    default:
      throw new SaladError(
        'INVALID_OPTION',
        `backboneFromConfig: kind is '${kind}'; expected 'conv', 'resnet' or 'layers'; hand a backbone of your own to load, which cannot build it.`,
        { kind },
      );
  }
}
