import type { Backbone } from '../../backbones/backbone.js';
import type { ConvAutoencoderOptions } from '../../backbones/conv-autoencoder.js';
import type { ResnetAutoencoderOptions } from '../../backbones/resnet-autoencoder.js';
import { convParts } from './conv-parts.js';
import type { NamedWeight, Part } from './parts.js';
import { resnetParts } from './resnet-parts.js';

/**
 * The weights of a backbone in their order, all that is trainable before all statistics, by their names in PyTorch; none of a
 * backbone that is not the library's, whose weights have numbers instead.
 *
 * `encoder.1.0.conv.weight` is the filter of the first convolution of the second level: what `state_dict` calls it of a module
 * with a list `encoder` of lists of modules with a `conv` and a `norm`.
 */
export function weightNames(config: Backbone['config']): readonly NamedWeight[] {
  const parts = partsOf(config);
  return [
    ...parts.flatMap(({ trainable }) => trainable),
    ...parts.flatMap(({ statistics }) => statistics),
  ];
}

/** The i-th weight; one without a name has its number, and its axes as they are. */
export function weightAt(names: readonly NamedWeight[], i: number): NamedWeight {
  return names[i] ?? { name: `weights.${i}` };
}

/** Other tensors: their names in a model file of the library, those in a safetensors file, and how many axes they have. */
export const BANKS = Object.freeze([
  ['bank', 'bank', 2],
  ['cells', 'cells', 2],
  ['cells/films', 'cells.films', 1],
  ['cells/places', 'cells.places', 1],
] as const);

function partsOf(config: Backbone['config']): Part[] {
  if (config.kind === 'convAutoencoder')
    return convParts(config as unknown as Required<ConvAutoencoderOptions>);
  if (config.kind === 'resnetAutoencoder')
    return resnetParts(config as unknown as Required<ResnetAutoencoderOptions>);
  return [];
}
