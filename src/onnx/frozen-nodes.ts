import type { Backbone } from '../backbones/backbone.js';
import type { PixelRecipe } from '../encoders/pixel-recipe.js';
import { check } from '../support/check.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import type { Value } from './graph.js';
import { type MapValue, pooled, unitRows } from './layer-nodes.js';
import { floats } from './tensor-data.js';

/** A `frozenEncoder` by its own ONNX file, within the graph. @throws INVALID_OPTION where that is not given */
export function frozen(
  { config, mapSizes = [], embeddingSize }: Pick<Backbone, 'config' | 'mapSizes' | 'embeddingSize'>,
  { where, graph, images, file }: EncoderParts,
): EncodedValues {
  check(
    file !== undefined && file.maps.length === mapSizes.length,
    'INVALID_OPTION',
    () =>
      `${where}: the backbone is a frozenEncoder of ${mapSizes.length} maps, whose graph is in no file of a model, and encoder ${file ? `has ${file.maps.length}` : 'was not given'}; expected the bytes of the .onnx file that its session was made of as encoder, with the same maps and layout.`,
  );
  const { channels, mean, deviation } = config as unknown as PixelRecipe;
  const perChannel = (values: readonly number[]) =>
    graph.constant(floats(Float32Array.from(values), [channels, 1, 1]));
  const repeated =
    images.channels === channels
      ? images.value
      : graph.node('Tile', [images.value, graph.longs(1, channels, 1, 1)]);
  const centred = graph.node('Sub', [repeated, perChannel(mean)]);
  const scaled = graph.node('Div', [centred, perChannel(deviation)]);
  const last = file.layout === 'nhwc';
  const turned = (value: Value, perm: readonly number[]) =>
    last ? graph.node('Transpose', [value], { perm: { ints: perm } }) : value;
  const { nodes, initializers } = file.into(turned(scaled, [0, 2, 3, 1]));
  graph.takeIn(nodes, initializers);
  const maps = file.maps.map((value, i): MapValue => {
    const size = mapSizes[i];
    // Cells ask for no channels, and only of the last map it is known how many there are.
    return { value: turned(value, [0, 3, 1, 2]), size, channels: embeddingSize };
  });
  return { embeddings: unitRows(graph, pooled(graph, maps[maps.length - 1])), maps };
}
