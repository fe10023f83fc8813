import type { Backbone } from '../backbones/backbone.js';
import type { ConvAutoencoderOptions } from '../backbones/conv-autoencoder.js';
import { halvings } from '../backbones/layers/upsample.js';
import type { ResnetAutoencoderOptions } from '../backbones/resnet-autoencoder.js';
import { filter, type Layout, matrix, matrixOfMap, matrixToMap } from './layouts.js';

/** A weight by the name that a module of PyTorch would give it. */
export interface NamedWeight {
  readonly name: string;
  /** How its axes lie; absent for a list of numbers. */
  readonly layout?: Layout;
}

/** What a layer learns, and what training records beside it. */
interface Part {
  readonly trainable: readonly NamedWeight[];
  readonly statistics: readonly NamedWeight[];
}

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

function convParts(options: Required<ConvAutoencoderOptions>): Part[] {
  const { inputShape, channels, convsPerLevel, decodeFrom } = options;
  const levels = channels.length;
  const [height, width] = halvings(inputShape, levels)[levels];
  const lastMap = [height, width, channels[levels - 1]] as const;
  const indices = Array.from({ length: convsPerLevel }, (_, index) => index);
  const encoder = channels.flatMap((_, level) =>
    indices.map((index) => convolution(`encoder.${level}.${index}`)),
  );
  const decoder = channels.flatMap((_, step) => {
    const level = levels - 1 - step;
    return indices.map((index) =>
      level === 0 && index === convsPerLevel - 1
        ? lastConvolution(`decoder.${level}.${index}`)
        : convolution(`decoder.${level}.${index}`),
    );
  });
  const expansion = [
    linear('expansion.linear', matrixToMap(lastMap), false),
    norm('expansion.norm'),
  ];
  return [
    ...encoder,
    linear('projection', matrixOfMap(lastMap), true),
    ...(decodeFrom === 'embedding' ? expansion : []),
    ...decoder,
  ];
}

const RESNET_STAGES = [0, 1, 2, 3];

function resnetParts(options: Required<ResnetAutoencoderOptions>): Part[] {
  const { inputShape, width, decodeFrom } = options;
  const [height, wide] = halvings(inputShape, RESNET_STAGES.length)[RESNET_STAGES.length];
  const doublings = Math.max(0, Math.ceil(Math.log2(Math.max(height, wide) / 4)));
  const start = halvings([height, wide], doublings)[doublings];
  const map = [...start, 8 * width] as const;
  const expansion = [linear('expansion.linear', matrixToMap(map), false), norm('expansion.norm')];
  return [
    convolution('encoder.stem'),
    ...RESNET_STAGES.flatMap((stage) => [
      ...block(`encoder.${stage}.0`, stage > 0),
      ...block(`encoder.${stage}.1`, false),
    ]),
    linear('projection', matrix, true),
    ...(decodeFrom === 'embedding' ? expansion : []),
    ...[...RESNET_STAGES]
      .reverse()
      .flatMap((stage) => [
        ...block(`decoder.${stage}.1`, false),
        ...block(`decoder.${stage}.0`, stage > 0),
      ]),
    lastConvolution('decoder.image'),
  ];
}

/** A residual block; of one that changes the shape of a map the shortcut is a convolution too. */
function block(name: string, changesShape: boolean): Part[] {
  const names = ['first', 'second', ...(changesShape ? ['shortcut'] : [])];
  return names.map((one) => convolution(`${name}.${one}`));
}

/** A convolution, transposed or not, and the normalisation behind it. */
function convolution(name: string): Part {
  const { trainable, statistics } = norm(`${name}.norm`);
  return { trainable: [{ name: `${name}.conv.weight`, layout: filter }, ...trainable], statistics };
}

/** A convolution that nothing normalises. */
function lastConvolution(name: string): Part {
  const weight = { name: `${name}.conv.weight`, layout: filter };
  return { trainable: [weight, { name: `${name}.conv.bias` }], statistics: [] };
}

function linear(name: string, layout: Layout, bias: boolean): Part {
  const weight = { name: `${name}.weight`, layout };
  return { trainable: bias ? [weight, { name: `${name}.bias` }] : [weight], statistics: [] };
}

function norm(name: string): Part {
  return {
    trainable: [{ name: `${name}.weight` }, { name: `${name}.bias` }],
    statistics: [{ name: `${name}.running_mean` }, { name: `${name}.running_var` }],
  };
}
