import type { Backbone } from '../backbones/backbone.js';
import { type ConvAutoencoderOptions, resolveConv } from '../backbones/conv-autoencoder.js';
import { backboneOptions } from '../backbones/from-config.js';
import {
  type ResnetAutoencoderOptions,
  resolveResnet,
  stagesOf,
} from '../backbones/resnet-autoencoder.js';
import { SaladError } from '../support/errors.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import {
  activated,
  convolved,
  foldedConvolution,
  type MapValue,
  pooled,
  projected,
  unitRows,
} from './layer-nodes.js';
import { lite0 } from './lite0-nodes.js';

/** The encoder of a backbone of the library, in inference mode. @throws INVALID_OPTION for any other | MISSING_WEIGHTS */
export async function encoded(
  { config }: Pick<Backbone, 'config'>,
  parts: EncoderParts,
): Promise<EncodedValues> {
  if (config.kind === 'efficientNetLite0') return lite0(config, parts);
  const { kind = config.kind, ...options } = backboneOptions(config) ?? {};
  if (kind === 'convAutoencoder') return conv(options as unknown as ConvAutoencoderOptions, parts);
  if (kind === 'resnetAutoencoder')
    return resnet(options as unknown as ResnetAutoencoderOptions, parts);
  throw new SaladError(
    'INVALID_OPTION',
    `${parts.where}: the backbone is '${kind}', whose layers are not known here; expected convAutoencoder, resnetAutoencoder or efficientNetLite0; score with the model itself, or learn with one of these.`,
    { kind },
  );
}

function conv(options: ConvAutoencoderOptions, parts: EncoderParts): EncodedValues {
  const { where, graph, images, cursor, precision } = parts;
  const { channels, convsPerLevel, activationSlope } = resolveConv(where, options);
  const maps: MapValue[] = [];
  let map = images;
  for (let level = 0; level < channels.length; level++) {
    for (let index = 0; index < convsPerLevel; index++) {
      const numbers = foldedConvolution(cursor, index === 0 ? 2 : 1);
      map = activated(graph, convolved(graph, map, numbers, precision), activationSlope);
    }
    maps.push(map);
  }
  const flat = graph.node('Flatten', [map.value]);
  const projection = projected(graph, flat, cursor, precision, (weights, outputs) =>
    channelsFirst(weights, map, outputs),
  );
  return { embeddings: unitRows(graph, projection), maps };
}

/** Weights of rows [height, width, channels] for rows [channels, height, width]. */
function channelsFirst(
  weights: Float32Array,
  { size: [height, width], channels }: MapValue,
  outputs: number,
): Float32Array {
  const places = height * width;
  const turned = new Float32Array(weights.length);
  for (let place = 0; place < places; place++)
    for (let channel = 0; channel < channels; channel++) {
      const from = (place * channels + channel) * outputs;
      turned.set(weights.subarray(from, from + outputs), (channel * places + place) * outputs);
    }
  return turned;
}

function resnet(options: ResnetAutoencoderOptions, parts: EncoderParts): EncodedValues {
  const { where, graph, images, cursor, precision } = parts;
  const layer = (map: MapValue, stride: number, slope: number) =>
    activated(graph, convolved(graph, map, foldedConvolution(cursor, stride), precision), slope);
  const maps: MapValue[] = [];
  let map = layer(images, 2, 0);
  for (const blocks of stagesOf(resolveResnet(where, options))) {
    for (const { stride, inputChannels, outputChannels } of blocks) {
      const residual = layer(layer(map, stride, 0), 1, 1);
      const same = stride === 1 && inputChannels === outputChannels;
      const shortcut = same ? map : layer(map, stride, 1);
      const sum = { ...residual, value: graph.node('Add', [residual.value, shortcut.value]) };
      map = activated(graph, sum, 0);
    }
    maps.push(map);
  }
  const projection = projected(graph, pooled(graph, map), cursor, precision);
  return { embeddings: unitRows(graph, projection), maps };
}
