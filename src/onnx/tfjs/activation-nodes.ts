import { SaladError } from '../../support/errors.js';
import type { Graph, Value } from '../graph.js';
import { heldAxis, type LayerValue } from './layer-value.js';

type Activation = (graph: Graph, given: LayerValue) => Value;

const plain =
  (operation: string): Activation =>
  (graph, { value }) =>
    graph.node(operation, [value]);

/** By their names in tfjs-layers. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = Object.freeze({
  linear: (_, { value }) => value,
  relu: plain('Relu'),
  relu6: (graph, { value }) => graph.node('Clip', [value, graph.float(0), graph.float(6)]),
  elu: plain('Elu'),
  selu: plain('Selu'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  hardSigmoid: plain('HardSigmoid'),
  swish: (graph, { value }) => graph.node('Mul', [value, graph.node('Sigmoid', [value])]),
  mish: (graph, { value }) =>
    graph.node('Mul', [value, graph.node('Tanh', [graph.node('Softplus', [value])])]),
  softmax: (graph, given) =>
    graph.node('Softmax', [given.value], { axis: { int: heldAxis(-1, given) } }),
});

/** An activation by its name in tfjs-layers. @throws INVALID_OPTION for one that is not written */
export function activationOf(
  where: string,
  graph: Graph,
  given: LayerValue,
  name: string,
  layer: string,
): Value {
  if (!Object.hasOwn(ACTIVATIONS, name))
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the activation of the layer '${layer}' is '${name}', which is not written; expected one of ${Object.keys(ACTIVATIONS).join(', ')}; score with the model itself, or export the encoder to an .onnx file and use a session of that.`,
      { layer, name },
    );
  return ACTIVATIONS[name](graph, given);
}
