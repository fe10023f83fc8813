import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { TfjsModels } from '../../backbones/tfjs-models.js';
import { SaladError } from '../../support/errors.js';
import type { EncodedValues, EncoderParts } from '../encoder-parts.js';
import type { Value } from '../graph.js';
import { type MapValue, unitRows } from '../layer-nodes.js';
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

/** The maps of a model of tfjs that is cut at layers. @throws INVALID_OPTION for a layer that is not written */
export async function tfjsMaps(
  parts: EncoderParts,
  { encoder, maps }: TfjsModels,
  images: MapValue,
): Promise<MapValue[]> {
  if (!('layers' in encoder))
    throw new SaladError(
      'INVALID_OPTION',
      `${parts.where}: the backbone is a frozenEncoder of a GraphModel of tfjs, which is not written; expected one of a LayersModel or of an .onnx file; score with the model itself, or convert the encoder to an .onnx file (tf2onnx does) and learn with a session of that.`,
    );
  const found = await layersModelNodes(parts, encoder, pixelsOf(images), outputsOf(encoder, maps));
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
