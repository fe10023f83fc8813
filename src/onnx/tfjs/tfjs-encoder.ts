import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { TfjsModels } from '../../backbones/tfjs-models.js';
import type { EncodedValues, EncoderParts } from '../encoder-parts.js';
import type { Value } from '../graph.js';
import { type MapValue, unitRows } from '../layer-nodes.js';
import { graphModelNodes } from './graph-model-nodes.js';
import type { LayerValue } from './layer-value.js';
import { layersModelNodes } from './layers-model-nodes.js';

/** The encoder of a `layersBackbone`: its vectors of unit length, and its maps. @throws INVALID_OPTION for a layer that is not written */
export async function layersEncoded(
  parts: EncoderParts,
  models: TfjsModels,
): Promise<EncodedValues> {
  const encoder = models.encoder as LayersModel;
  const wanted = [encoder.outputs[0], ...outputsOf(encoder, models.maps)];
  const [vectors, ...maps] = await layersModelNodes(parts, encoder, pixelsOf(parts.images), wanted);
  return { embeddings: unitRows(parts.graph, vectors.value), maps: maps.map(mapOf) };
}

/** The images that the decoder of a `layersBackbone` makes of embeddings. @throws INVALID_OPTION for a layer that is not written */
export async function layersDecoded(
  parts: EncoderParts,
  decoder: LayersModel,
  embeddings: Value,
): Promise<Value> {
  const [, size] = decoder.inputs[0].shape as number[];
  const rows = { value: embeddings, shape: [size] };
  const [images] = await layersModelNodes(parts, decoder, rows, [decoder.outputs[0]]);
  return images.value;
}

/** The maps of a model of tfjs that is cut at layers or nodes. @throws INVALID_OPTION for one that is not written */
export async function tfjsMaps(
  parts: EncoderParts,
  { encoder, maps }: TfjsModels,
  images: MapValue,
): Promise<MapValue[]> {
  const pixels = pixelsOf(images);
  const found =
    'layers' in encoder
      ? await layersModelNodes(parts, encoder, pixels, outputsOf(encoder, maps))
      : await graphModelNodes(parts, encoder, pixels, maps);
  return found.map(mapOf);
}

const outputsOf = ({ layers }: LayersModel, names: readonly string[]) =>
  names.map((name) => layers.find((layer) => layer.name === name)?.output as SymbolicTensor);

const pixelsOf = ({ value, size, channels }: MapValue): LayerValue => ({
  value,
  shape: [...size, channels],
});

const mapOf = ({ value, shape: [height, width, channels] }: LayerValue): MapValue => ({
  value,
  size: [height, width],
  channels,
});
