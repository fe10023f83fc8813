import type { Backbone } from '../backbones/backbone.js';
import { tfjsModelsOf } from '../backbones/tfjs-models.js';
import type { PixelRecipe } from '../encoders/pixel-recipe.js';
import { check } from '../support/check.js';
import type { EncoderFile } from './encoder-file.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import type { Graph, Value } from './graph.js';
import { type MapValue, pooled, unitRows } from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { tfjsMaps } from './tfjs/tfjs-encoder.js';

type Frozen = Pick<Backbone, 'config' | 'mapSizes' | 'embeddingSize'>;

/**
 * A `frozenEncoder` by its own ONNX file, or by its model of tfjs, within the graph.
 *
 * @throws INVALID_OPTION where there is neither
 */
export async function frozen(backbone: Frozen, parts: EncoderParts): Promise<EncodedValues> {
  const { where, graph, images, file } = parts;
  const { channels, mean, deviation } = backbone.config as unknown as PixelRecipe;
  const perChannel = (values: readonly number[]) =>
    graph.constant(floats(Float32Array.from(values), [channels, 1, 1]));
  const repeated =
    images.channels === channels
      ? images.value
      : graph.node('Tile', [images.value, graph.longs(1, channels, 1, 1)]);
  const centred = graph.node('Sub', [repeated, perChannel(mean)]);
  const value = graph.node('Div', [centred, perChannel(deviation)]);
  const models = tfjsModelsOf(backbone);
  const maps =
    models && !file
      ? await tfjsMaps(parts, models, { ...images, value, channels })
      : mapsOfFile(where, graph, backbone, file, value);
  return { embeddings: unitRows(graph, pooled(graph, maps[maps.length - 1])), maps };
}

function mapsOfFile(
  where: string,
  graph: Graph,
  { mapSizes = [], embeddingSize }: Frozen,
  file: EncoderFile | undefined,
  pixels: Value,
): MapValue[] {
  check(
    file !== undefined && file.maps.length === mapSizes.length,
    'INVALID_OPTION',
    () =>
      `${where}: the backbone is a frozenEncoder of ${mapSizes.length} maps, whose graph is in no file of a model, and encoder ${file ? `has ${file.maps.length}` : 'was not given'}; expected the bytes of the .onnx file that its session was made of as encoder, with the same maps and layout.`,
  );
  const last = file.layout === 'nhwc';
  const turned = (value: Value, perm: readonly number[]) =>
    last ? graph.node('Transpose', [value], { perm: { ints: perm } }) : value;
  const { nodes, initializers } = file.into(turned(pixels, [0, 2, 3, 1]));
  graph.takeIn(nodes, initializers);
  return file.maps.map((value, i) => ({
    value: turned(value, [0, 3, 1, 2]),
    size: mapSizes[i],
    // Cells ask for no channels, and only of the last map it is known how many there are.
    channels: embeddingSize,
  }));
}
