import type { Backbone } from '../backbones/backbone.js';
import { type ConvAutoencoderOptions, resolveConv } from '../backbones/conv-autoencoder.js';
import { backboneOptions } from '../backbones/from-config.js';
import { type ResnetAutoencoderOptions, resolveResnet } from '../backbones/resnet-autoencoder.js';
import { tfjsModelsOf } from '../backbones/tfjs-models.js';
import { SaladError } from '../support/errors.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import { frozen } from './frozen-nodes.js';
import { channelsFirst, halvingLevels, pooled, projected, unitRows } from './layer-nodes.js';
import { lite0 } from './lite0-nodes.js';
import { resnetMaps } from './residual-nodes.js';
import { layersEncoded } from './tfjs/tfjs-encoder.js';

/** The encoder of a backbone of the library, in inference mode. @throws INVALID_OPTION for any other | MISSING_WEIGHTS */
export async function encoded(
  backbone: Pick<Backbone, 'config' | 'mapSizes' | 'embeddingSize'>,
  parts: EncoderParts,
): Promise<EncodedValues> {
  const { config } = backbone;
  if (config.kind === 'frozenEncoder') return frozen(backbone, parts);
  if (config.kind === 'efficientNetLite0') return lite0(config, parts);
  const models = tfjsModelsOf(backbone);
  if (models) return layersEncoded(parts, models);
  const { kind = config.kind, ...options } = backboneOptions(config) ?? {};
  if (kind === 'convAutoencoder') return conv(options as unknown as ConvAutoencoderOptions, parts);
  if (kind === 'resnetAutoencoder')
    return resnet(options as unknown as ResnetAutoencoderOptions, parts);
  throw new SaladError(
    'INVALID_OPTION',
    `${parts.where}: the backbone is '${kind}', whose layers are not known here; expected convAutoencoder, resnetAutoencoder, layersBackbone, efficientNetLite0, or a frozenEncoder of an .onnx file or of a model of tfjs; score with the model itself, or learn with one of these.`,
    { kind },
  );
}

function conv(options: ConvAutoencoderOptions, parts: EncoderParts): EncodedValues {
  const { where, graph, images, cursor, precision } = parts;
  const { channels, convsPerLevel, activationSlope } = resolveConv(where, options);
  const maps = halvingLevels(graph, images, cursor, precision, {
    levels: channels.length,
    convsPerLevel,
    slope: activationSlope,
  });
  const map = maps[maps.length - 1];
  const flat = graph.node('Flatten', [map.value]);
  const projection = projected(graph, flat, cursor, precision, {
    order: (weights, outputs) => channelsFirst(weights, map, outputs),
  });
  return { embeddings: unitRows(graph, projection), maps };
}

function resnet(options: ResnetAutoencoderOptions, parts: EncoderParts): EncodedValues {
  const { where, graph, cursor, precision } = parts;
  const maps = resnetMaps(parts, resolveResnet(where, options));
  const projection = projected(graph, pooled(graph, maps[maps.length - 1]), cursor, precision);
  return { embeddings: unitRows(graph, projection), maps };
}
