import { type ConvAutoencoderOptions, resolveConv } from '../backbones/conv-autoencoder.js';
import { halvings } from '../backbones/layers/upsample.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import { doubled, expanded } from './expansion-nodes.js';
import type { Value } from './graph.js';
import {
  activated,
  convolved,
  foldedConvolution,
  foldedNormalization,
  type MapSize,
  type MapValue,
  plainConvolution,
  squeezed,
} from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { weightsIn } from './weights.js';

/** What the decoder of a `convAutoencoder` makes of what its encoder gives: images. */
export function convDecoded(
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
        const numbers = last ? plainConvolution(cursor) : foldedConvolution(cursor, 1);
        map = convolved(graph, map, numbers, precision);
      }
      if (!last) map = activated(graph, map, slope);
    }
  }
  return squeezed(graph, map.value, outputActivation);
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
