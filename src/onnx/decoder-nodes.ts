import type { Backbone } from '../backbones/backbone.js';
import type { ConvAutoencoderOptions } from '../backbones/conv-autoencoder.js';
import { backboneOptions } from '../backbones/from-config.js';
import type { ResnetAutoencoderOptions } from '../backbones/resnet-autoencoder.js';
import { tfjsModelsOf } from '../backbones/tfjs-models.js';
import { SaladError } from '../support/errors.js';
import { rowSum } from './bank-nodes.js';
import { convDecoded } from './conv-decoder-nodes.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import type { Value } from './graph.js';
import { resnetDecoded } from './resnet-decoder-nodes.js';
import { layersDecoded } from './tfjs/tfjs-encoder.js';

/**
 * How badly the decoder of a backbone of the library repeats each image, [images]: mean over its pixels of the squared difference.
 *
 * @param parts whose cursor stands where the encoder ends
 * @throws INVALID_OPTION for any other
 */
export async function reconstructionErrors(
  backbone: Pick<Backbone, 'config'>,
  parts: EncoderParts,
  encoded: EncodedValues,
): Promise<Value> {
  return meanSquaresBetween(parts, await decodedImages(backbone, parts, encoded));
}

/** The mean over pixels of the squared difference of images to those of `parts`, [images]. */
export function meanSquaresBetween({ graph, images }: EncoderParts, repeated: Value): Value {
  const apart = graph.node('Sub', [repeated, images.value]);
  const squares = graph.node('Flatten', [graph.node('Mul', [apart, apart])]);
  const count = images.size[0] * images.size[1] * images.channels;
  return graph.node('Div', [rowSum(graph, squares), graph.float(count)]);
}

/** What the decoder of a backbone of the library makes of images. @throws INVALID_OPTION for any other */
export async function decodedImages(
  backbone: Pick<Backbone, 'config'>,
  parts: EncoderParts,
  encoded: EncodedValues,
): Promise<Value> {
  const { where } = parts;
  const { config } = backbone;
  const decoder = tfjsModelsOf(backbone)?.decoder;
  if (decoder) return layersDecoded(parts, decoder, encoded.embeddings);
  const { kind = config.kind, ...options } = backboneOptions(config) ?? {};
  if (kind === 'convAutoencoder')
    return convDecoded(options as unknown as ConvAutoencoderOptions, parts, encoded);
  if (kind === 'resnetAutoencoder')
    return resnetDecoded(options as unknown as ResnetAutoencoderOptions, parts, encoded);
  throw new SaladError(
    'INVALID_OPTION',
    `${where}: the score asks for reconstruction errors of '${kind}', whose decoder is not written; expected those of a convAutoencoder or a resnetAutoencoder; make a sum without the error.`,
    { kind },
  );
}
