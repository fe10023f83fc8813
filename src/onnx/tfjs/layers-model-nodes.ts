import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { EncoderParts } from '../encoder-parts.js';
import { layerNodes } from './layer-kinds.js';
import type { LayerParts } from './layer-parts.js';
import type { LayerValue } from './layer-value.js';

type Network = Pick<EncoderParts, 'where' | 'graph' | 'precision'>;
type Layer = SymbolicTensor['sourceLayer'];
type Weights = ReadonlyMap<object, Float32Array>;

/**
 * What layers of a model of tfjs-layers give in inference, sequential or not, with models within it.
 *
 * @throws INVALID_OPTION for a layer that is not written
 */
export async function layersModelNodes(
  network: Network,
  model: LayersModel,
  input: LayerValue,
  outputs: readonly SymbolicTensor[],
): Promise<LayerValue[]> {
  const weights = new Map<object, Float32Array>();
  for (const weight of model.weights)
    weights.set(weight, (await weight.read().data()) as Float32Array);
  const known = new Map([[model.inputs[0].id, input]]);
  return outputs.map((output) => valueFrom(network, weights, known, output));
}

/** A value of a model, where those that are `known` stand for it. */
function valueFrom(
  network: Network,
  weights: Weights,
  known: Map<number, LayerValue>,
  wanted: SymbolicTensor,
): LayerValue {
  const found = known.get(wanted.id);
  if (found) return found;
  const { sourceLayer, nodeIndex, tensorIndex } = wanted;
  const { inputTensors } = sourceLayer.inboundNodes[nodeIndex];
  const inputs = inputTensors.map((one) => valueFrom(network, weights, known, one));
  const made = isModel(sourceLayer)
    ? ofModel(network, weights, sourceLayer, inputs, tensorIndex ?? 0)
    : ofLayer(network, weights, sourceLayer, inputs);
  known.set(wanted.id, made);
  return made;
}

function isModel(layer: Layer): layer is LayersModel {
  return 'layers' in layer;
}

/** A model that is a layer of another one; it may be used twice, so that what it gives is not kept. */
function ofModel(
  network: Network,
  weights: Weights,
  { inputs: ends, outputs }: LayersModel,
  inputs: readonly LayerValue[],
  output: number,
): LayerValue {
  const known = new Map(ends.map(({ id }, i) => [id, inputs[i]]));
  return valueFrom(network, weights, known, outputs[output]);
}

function ofLayer(
  { where, graph, precision }: Network,
  weights: Weights,
  layer: Layer,
  inputs: readonly LayerValue[],
): LayerValue {
  // Some layers leave the shape open where that of the batch is.
  const shapes = inputs.map(({ shape }) => [1, ...shape]);
  const shape = layer.computeOutputShape(shapes.length === 1 ? shapes[0] : shapes) as number[];
  const parts: LayerParts = {
    where,
    graph,
    precision,
    layer: layer.name,
    kind: layer.getClassName(),
    config: layer.getConfig(),
    weight(name) {
      const one = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === name);
      const values = one && weights.get(one);
      return one && values && { shape: one.shape as number[], values };
    },
    inputs,
    shape: shape.slice(1),
  };
  return { value: layerNodes(parts), shape: parts.shape };
}
