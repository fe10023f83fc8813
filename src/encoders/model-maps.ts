import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { check, checkObject } from '../support/check.js';

/** What is asked of a tfjs GraphModel: the nodes of those names, computed from the pixels. */
export interface GraphLike {
  /** Computes nodes by their names. */
  execute(inputs: Tensor4D, outputs: string[]): unknown;
}

/** Pixels to the maps of a tfjs model that is cut at layers or nodes of those names. @throws INVALID_OPTION */
export function mapsOfModel(
  where: string,
  model: GraphLike | LayersModel,
  names: readonly string[] | undefined,
): (pixels: Tensor4D) => Tensor4D[] {
  checkObject(where, 'model', model, 'a GraphModel or a LayersModel of tfjs');
  check(
    Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string'),
    'INVALID_OPTION',
    () =>
      `${where}: maps is ${JSON.stringify(names)}; expected names of layers (LayersModel) or nodes (GraphModel), from shallow to deep.`,
  );
  // A LayersModel has both.
  if ('execute' in model && !('layers' in model)) {
    const graph = model as GraphLike;
    return (pixels) => [graph.execute(pixels, [...names])].flat() as Tensor4D[];
  }
  const whole = model as LayersModel;
  checkObject(where, 'model', whole, 'a GraphModel or a LayersModel of tfjs', ['inputs', 'layers']);
  // A view of the model's own layers: it has no weights of its own.
  const cut = modelOf({
    inputs: whole.inputs,
    outputs: names.map((name) => outputOf(where, whole, name)),
  });
  return (pixels) => [cut.apply(pixels, { training: false })].flat() as Tensor4D[];
}

function outputOf(where: string, { layers }: LayersModel, name: string): SymbolicTensor {
  const output = layers.find((layer) => layer.name === name)?.output;
  check(
    output !== undefined && !Array.isArray(output),
    'INVALID_OPTION',
    () =>
      `${where}: maps names '${name}'; expected layers of the model with one output, of ${layers.map((layer) => layer.name).join(', ')}.`,
    { name },
  );
  return output;
}
