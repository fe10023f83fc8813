import { check } from '../support/check.js';
import type { Backbone } from './backbone.js';
import {
  type ConvAutoencoderOptions,
  makeConvAutoencoder,
  resolveConv,
} from './conv-autoencoder.js';
import { checkNotFrozenKind } from './frozen.js';
import { checkLeast, leastConvWeights, leastResnetWeights } from './least-weights.js';
import {
  makeResnetAutoencoder,
  type ResnetAutoencoderOptions,
  resolveResnet,
} from './resnet-autoencoder.js';
import { savedLayers } from './saved-layers.js';

/** A backbone as the name of the function that makes it, and the options of that function; JSON. */
export type BackboneOptions =
  | ({
      /** The function that makes it. */
      readonly kind: 'convAutoencoder';
    } & ConvAutoencoderOptions)
  | ({
      /** The function that makes it. */
      readonly kind: 'resnetAutoencoder';
    } & ResnetAutoencoderOptions);

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
      `${where}: backbone is ${source}; expected options such as { kind: 'convAutoencoder', inputShape }, a function of the seed, or a Backbone.`,
  );
  return ofOptions(`${where}: backbone`, { ...source, seed: source.seed ?? seed });
}

/** Whether it is a backbone, and no options of one. */
export function isBackbone(value: unknown): value is Backbone {
  const { encode, inputShape } = (value ?? {}) as Partial<Backbone>;
  return typeof encode === 'function' && Array.isArray(inputShape);
}

/**
 * A backbone of the library from its `config`, with its initial weights; of layers with zeros where it is made for a file.
 *
 * @param where the call that errors name
 * @param mostWeights that the backbone may have, where it is made for a file
 * @throws INVALID_OPTION for a kind that the library does not know; NOT_A_MODEL for layers that cannot be made.
 */
export async function backboneFromConfig(
  config: Backbone['config'],
  where = 'backboneFromConfig',
  mostWeights = Number.POSITIVE_INFINITY,
): Promise<Backbone> {
  const { kind: saved, ...options } = config;
  const kind = EARLIER_KINDS[saved] ?? saved;
  if (kind !== 'layersBackbone') return ofOptions(where, { kind, ...options });
  return savedLayers(where, options, mostWeights);
}

/**
 * Refuses the config of a backbone that has more weights than a file: before it is made, which may take longer than
 * anybody waits and more memory than there is.
 *
 * @throws NOT_A_MODEL, and INVALID_OPTION and UNKNOWN_OPTION for what is no config of a backbone
 */
export function checkBackboneSize(
  where: string,
  config: Backbone['config'],
  mostWeights: number,
): void {
  const options = backboneOptions(config);
  if (!options) return;
  checkNotFrozenKind(where, config);
  const { kind, ...own } = options;
  const named = `${where}: backbone`;
  if (kind === 'convAutoencoder')
    checkLeast(
      where,
      leastConvWeights(resolveConv(named, own as ConvAutoencoderOptions)),
      mostWeights,
    );
  if (kind === 'resnetAutoencoder')
    checkLeast(
      where,
      leastResnetWeights(resolveResnet(named, own as ResnetAutoencoderOptions)),
      mostWeights,
    );
}

/** A config as options of a backbone, whatever name a file has for its kind; undefined for a backbone of layers. */
export function backboneOptions({
  kind: saved,
  ...options
}: Backbone['config']): BackboneOptions | undefined {
  const kind = EARLIER_KINDS[saved] ?? saved;
  return kind === 'layersBackbone'
    ? undefined
    : ({ kind, ...options } as unknown as BackboneOptions);
}

function ofOptions(where: string, { kind, ...options }: Backbone['config']): Backbone {
  checkNotFrozenKind(where, { kind, ...options });
  if (kind === 'convAutoencoder')
    return makeConvAutoencoder(where, options as unknown as ConvAutoencoderOptions);
  check(
    kind === 'resnetAutoencoder',
    'INVALID_OPTION',
    () =>
      `${where}: kind is '${kind}'; expected 'convAutoencoder' or 'resnetAutoencoder'; give a backbone of your own, or of layers, as it is.`,
    { kind },
  );
  return makeResnetAutoencoder(where, options as unknown as ResnetAutoencoderOptions);
}
