import { models } from '@tensorflow/tfjs-layers';
import { check } from '../support/check.js';
import type { Backbone, BackboneConfig } from './backbone.js';
import { type ConvAutoencoderOptions, makeConvAutoencoder } from './conv-autoencoder.js';
import { layersBackbone } from './layers-backbone.js';
import { makeResnetAutoencoder, type ResnetAutoencoderOptions } from './resnet-autoencoder.js';

/** A backbone as the name of the function that makes it, and the options of that function; JSON. */
export type BackboneOptions =
  | ({ readonly kind: 'convAutoencoder' } & ConvAutoencoderOptions)
  | ({ readonly kind: 'resnetAutoencoder' } & ResnetAutoencoderOptions);

/** What a model is given: how to make its backbone, or one that was made beforehand. */
export type BackboneSource = BackboneOptions | ((seed: number) => Backbone) | Backbone;

/** Kinds as files of version 0.1.0 name them. */
const EARLIER_KINDS: Readonly<Record<string, string>> = Object.freeze({
  conv: 'convAutoencoder',
  resnet: 'resnetAutoencoder',
  layers: 'layersBackbone',
});

/**
 * The backbone of a model: of its options or its function with `seed`, where the options have none of their own;
 * one that was made beforehand as it is.
 *
 * @throws INVALID_OPTION, and what the options and the function throw
 */
export function makeBackbone(where: string, source: BackboneSource, seed: number): Backbone {
  if (isBackbone(source)) return source;
  if (typeof source === 'function') {
    const made: unknown = source(seed);
    check(
      isBackbone(made),
      'INVALID_OPTION',
      () =>
        `${where}: the function that backbone is returned ${made}; expected a Backbone, not a promise of one.`,
    );
    return made;
  }
  check(
    typeof source === 'object' && source !== null,
    'INVALID_OPTION',
    () =>
      `${where}: backbone is ${source}; expected { kind: 'convAutoencoder', inputShape } say, a function of the seed, or a Backbone.`,
  );
  return ofOptions(`${where}: backbone`, { ...source, seed: source.seed ?? seed });
}

/** Whether it is a backbone, and no options of one. */
export function isBackbone(value: unknown): value is Backbone {
  const { encode, inputShape } = (value ?? {}) as Partial<Backbone>;
  return typeof encode === 'function' && Array.isArray(inputShape);
}

/**
 * Builds a backbone of the library anew from its `config`, with its initial weights.
 *
 * @throws INVALID_OPTION for a kind that the library does not know.
 */
export async function backboneFromConfig(config: BackboneConfig): Promise<Backbone> {
  return restoreBackbone('backboneFromConfig', config);
}

/** The same for a call that errors are to name. */
export async function restoreBackbone(
  where: string,
  { kind: saved, ...options }: BackboneConfig,
): Promise<Backbone> {
  const kind = EARLIER_KINDS[saved] ?? saved;
  if (kind !== 'layersBackbone') return ofOptions(where, { kind, ...options });
  const { encoder, decoder } = options as { encoder: ModelTopology; decoder?: ModelTopology };
  return layersBackbone({
    encoder: await models.modelFromJSON(encoder),
    decoder: decoder && (await models.modelFromJSON(decoder)),
  });
}

type ModelTopology = Parameters<typeof models.modelFromJSON>[0];

function ofOptions(where: string, { kind, ...options }: BackboneConfig): Backbone {
  if (kind === 'convAutoencoder')
    return makeConvAutoencoder(where, options as unknown as ConvAutoencoderOptions);
  check(
    kind === 'resnetAutoencoder',
    'INVALID_OPTION',
    () =>
      `${where}: kind is '${kind}'; expected 'convAutoencoder' or 'resnetAutoencoder'; hand over a backbone of your own, or of layers, itself.`,
    { kind },
  );
  return makeResnetAutoencoder(where, options as unknown as ResnetAutoencoderOptions);
}
