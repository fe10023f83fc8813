import type { Backbone } from '../backbones/backbone.js';
import { type ConvAutoencoderOptions, resolveConv } from '../backbones/conv-autoencoder.js';
import { backboneOptions } from '../backbones/from-config.js';
import { halvings } from '../backbones/layers/upsample.js';
import { SaladError } from '../support/errors.js';
import { alongAxis } from './along-axis.js';
import { rowSum } from './bank-nodes.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import type { Graph, Value } from './graph.js';
import {
  activated,
  channelsFirst,
  convolved,
  foldedConvolution,
  foldedNormalization,
  type MapSize,
  type MapValue,
} from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { weightsIn } from './weights.js';

/**
 * How badly the decoder of a `convAutoencoder` repeats each image, [images]: mean over its pixels of the squared difference.
 *
 * @param parts whose cursor stands where the encoder ends
 * @throws INVALID_OPTION for any other backbone
 */
export function reconstructionErrors(
  { config }: Pick<Backbone, 'config'>,
  parts: EncoderParts,
  encoded: EncodedValues,
): Value {
  return meanSquaresBetween(parts, decodedImages({ config }, parts, encoded));
}

/** The mean over pixels of the squared difference of images to those of `parts`, [images]. */
export function meanSquaresBetween({ graph, images }: EncoderParts, repeated: Value): Value {
  const apart = graph.node('Sub', [repeated, images.value]);
  const squares = graph.node('Flatten', [graph.node('Mul', [apart, apart])]);
  const count = images.size[0] * images.size[1] * images.channels;
  return graph.node('Div', [rowSum(graph, squares), graph.float(count)]);
}

/** What the decoder of a `convAutoencoder` makes of images. @throws INVALID_OPTION for any other backbone */
export function decodedImages(
  { config }: Pick<Backbone, 'config'>,
  parts: EncoderParts,
  encoded: EncodedValues,
): Value {
  const { where } = parts;
  const { kind = config.kind, ...options } = backboneOptions(config) ?? {};
  if (kind !== 'convAutoencoder')
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the score asks for reconstruction errors of '${kind}', whose decoder is not written; expected those of a convAutoencoder; make a sum without the error.`,
      { kind },
    );
  return decoded(options as unknown as ConvAutoencoderOptions, parts, encoded);
}

function decoded(
  given: ConvAutoencoderOptions,
  parts: EncoderParts,
  { embeddings, maps }: EncodedValues,
): Value {
  const { where, graph, cursor, precision } = parts;
  const options = resolveConv(where, given);
  const { inputShape, channels, convsPerLevel, upsampling, outputActivation } = options;
  const slope = options.activationSlope;
  const sizes = halvings(inputShape, channels.length);
  let map = maps[maps.length - 1];
  if (options.decodeFrom === 'embedding') map = expanded(parts, embeddings, map, slope);
  for (let level = channels.length - 1; level >= 0; level--) {
    if (upsampling === 'bilinear') map = doubled(graph, map, sizes[level]);
    for (let index = 0; index < convsPerLevel; index++) {
      const last = level === 0 && index === convsPerLevel - 1;
      if (upsampling === 'transpose' && index === 0)
        map = transposed(parts, map, sizes[level], last);
      else {
        const numbers = last ? plainConvolution(parts) : foldedConvolution(cursor, 1);
        map = convolved(graph, map, numbers, precision);
      }
      if (!last) map = activated(graph, map, slope);
    }
  }
  if (outputActivation === 'linear') return map.value;
  return graph.node(outputActivation === 'tanh' ? 'Tanh' : 'Sigmoid', [map.value]);
}

/** The embedding as a map: a linear map without a bias, normalised and activated. */
function expanded(
  { graph, cursor, precision }: EncoderParts,
  embeddings: Value,
  like: MapValue,
  slope: number,
): MapValue {
  const { shape, values } = cursor.next();
  const [inputs, outputs] = shape;
  const ordered = new Float32Array(values.length);
  for (let row = 0; row < inputs; row++)
    ordered.set(
      channelsFirst(values.subarray(row * outputs, (row + 1) * outputs), like, 1),
      row * outputs,
    );
  const rows = graph.node('MatMul', [embeddings, weightsIn(graph, ordered, shape, precision)]);
  const { size, channels } = like;
  const value = graph.node('Reshape', [rows, graph.longs(-1, channels, ...size)]);
  const { factor, shift } = foldedNormalization(cursor);
  const perChannel = (numbers: Float32Array) => graph.constant(floats(numbers, [channels, 1, 1]));
  const scaled = graph.node('Mul', [value, perChannel(factor)]);
  const normalized = graph.node('Add', [scaled, perChannel(shift)]);
  return activated(graph, { value: normalized, size, channels }, slope);
}

/** A transposed convolution of stride 2, the transpose of a `same` one from `size` to the size of the map. */
function transposed(
  { graph, cursor, precision }: EncoderParts,
  map: MapValue,
  size: MapSize,
  last: boolean,
): MapValue {
  const { shape, values } = cursor.next();
  const [kernel, , outputs, inputs] = shape;
  const { factor, shift } = last
    ? { factor: new Float32Array(outputs).fill(1), shift: cursor.next().values }
    : foldedNormalization(cursor);
  const turned = new Float32Array(values.length);
  // From [place, outputs, inputs] to [inputs, outputs, place].
  const places = kernel * kernel;
  for (let place = 0; place < places; place++)
    for (let output = 0; output < outputs; output++)
      for (let input = 0; input < inputs; input++)
        turned[(input * outputs + output) * places + place] =
          values[(place * outputs + output) * inputs + input] * factor[output];
  const pads = map.size.map((side, axis) => {
    const all = (side - 1) * 2 + kernel - size[axis];
    return [Math.floor(all / 2), Math.ceil(all / 2)] as const;
  });
  const filter = weightsIn(graph, turned, [inputs, outputs, kernel, kernel], precision);
  const value = graph.node(
    'ConvTranspose',
    [map.value, filter, graph.constant(floats(shift, [outputs]))],
    {
      strides: { ints: [2, 2] },
      kernel_shape: { ints: [kernel, kernel] },
      pads: { ints: [pads[0][0], pads[1][0], pads[0][1], pads[1][1]] },
    },
  );
  return { value, size, channels: outputs };
}

/** The next convolution of a file that nothing normalises. */
function plainConvolution({ cursor }: EncoderParts) {
  const { shape, values } = cursor.next();
  return {
    filter: values,
    bias: cursor.next().values,
    kernel: shape[0],
    stride: 1,
    outputs: shape[3],
  };
}

/** Bilinear doubling that keeps pixel centres, cropped to `size`. */
function doubled(graph: Graph, map: MapValue, size: MapSize): MapValue {
  const [height, width] = map.size;
  const wide = alongAxis(graph, map.value, halfway(width, size[1]), [size[1], width], 'width');
  const value = alongAxis(graph, wide, halfway(height, size[0]), [size[0], height], 'height');
  return { ...map, value, size };
}

/** [to, from]: 3/4 of the nearer place and 1/4 of the other, the border repeated. */
function halfway(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let out = 0; out < to; out++) {
    const nearer = Math.floor(out / 2);
    const other = Math.min(from - 1, Math.max(0, out % 2 === 0 ? nearer - 1 : nearer + 1));
    weights[out * from + nearer] += 0.75;
    weights[out * from + other] += 0.25;
  }
  return weights;
}
