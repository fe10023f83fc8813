import type { EncoderParts } from './encoder-parts.js';
import type { Value } from './graph.js';
import { channelsFirst, halvingLevels, type MapValue, projected } from './layer-nodes.js';

/** Vectors of a stack of halving convolutions and a linear map. */
export function convVectors(
  { graph, cursor, precision }: Pick<EncoderParts, 'graph' | 'cursor' | 'precision'>,
  images: MapValue,
  {
    channels,
    activationSlope,
  }: { readonly channels: readonly number[]; readonly activationSlope: number },
  bias: boolean,
): Value {
  const maps = halvingLevels(graph, images, cursor, precision, {
    levels: channels.length,
    slope: activationSlope,
  });
  const last = maps[maps.length - 1];
  return projected(graph, graph.node('Flatten', [last.value]), cursor, precision, {
    bias,
    order: (weights, outputs) => channelsFirst(weights, last, outputs),
  });
}
