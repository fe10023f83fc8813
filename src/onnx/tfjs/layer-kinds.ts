import { SaladError } from '../../support/errors.js';
import type { Value } from '../graph.js';
import { floats } from '../tensor-data.js';
import { weightsIn } from '../weights.js';
import { activationOf } from './activation-nodes.js';
import { type LayerParts, needed } from './layer-parts.js';
import { channelsLast, heldAxis, heldFirst, type LayerValue, reshaped } from './layer-value.js';
import {
  convolutionLayer,
  croppingLayer,
  globalPoolingLayer,
  paddingLayer,
  poolingLayer,
  preluLayer,
  separableLayer,
  upsamplingLayer,
} from './map-layers.js';

type LayerNodes = (parts: LayerParts) => Value;

const nothing: LayerNodes = ({ inputs: [{ value }] }) => value;
const together =
  (operation: string): LayerNodes =>
  ({ graph, inputs }) =>
    inputs.map(({ value }) => value).reduce((all, one) => graph.node(operation, [all, one]));
const toShape: LayerNodes = ({ graph, inputs: [given], shape }) => reshaped(graph, given, shape);

/** By the names of their classes, in inference. */
const KINDS: Readonly<Record<string, LayerNodes>> = Object.freeze({
  Conv2D: convolutionLayer,
  DepthwiseConv2D: convolutionLayer,
  SeparableConv2D: separableLayer,
  Dense: dense,
  BatchNormalization: batchNormalization,
  Activation: (parts) => activation(parts, parts.config.activation as string),
  ReLU: ({ graph, config, inputs: [{ value }] }) =>
    typeof config.maxValue === 'number'
      ? graph.node('Clip', [value, graph.float(0), graph.float(config.maxValue)])
      : graph.node('Relu', [value]),
  LeakyReLU: ({ graph, config, inputs: [{ value }] }) =>
    graph.node('LeakyRelu', [value], { alpha: { float: config.alpha as number } }),
  ELU: (parts) => activation(parts, 'elu'),
  PReLU: preluLayer,
  Softmax: (parts) => activation(parts, 'softmax'),
  MaxPooling2D: poolingLayer,
  AveragePooling2D: poolingLayer,
  GlobalAveragePooling2D: globalPoolingLayer,
  GlobalMaxPooling2D: globalPoolingLayer,
  ZeroPadding2D: paddingLayer,
  Cropping2D: croppingLayer,
  UpSampling2D: upsamplingLayer,
  Add: together('Add'),
  Multiply: together('Mul'),
  Maximum: together('Max'),
  Minimum: together('Min'),
  Average: (parts) => {
    const { graph, inputs } = parts;
    return graph.node('Div', [together('Add')(parts), graph.float(inputs.length)]);
  },
  Concatenate: ({ graph, config, inputs }) =>
    graph.node(
      'Concat',
      inputs.map(({ value }) => value),
      { axis: { int: heldAxis(config.axis as number, inputs[0]) } },
    ),
  Flatten: toShape,
  Reshape: toShape,
  Rescaling: ({ graph, config, inputs: [{ value }] }) => {
    const scaled = graph.node('Mul', [value, graph.float(config.scale as number)]);
    return graph.node('Add', [scaled, graph.float(config.offset as number)]);
  },
  Dropout: nothing,
  SpatialDropout2D: nothing,
  GaussianNoise: nothing,
  GaussianDropout: nothing,
  AlphaDropout: nothing,
});

/** What tfjs itself computes along the last dimension alone. */
const ALONG_THE_LAST: readonly string[] = ['BatchNormalization', 'Softmax'];

const isNotLast = (axis: number, { shape }: LayerValue) => axis !== -1 && axis !== shape.length;

/** A layer in inference. @throws INVALID_OPTION for one that is not written */
export function layerNodes(parts: LayerParts): Value {
  const { where, layer, kind, config, inputs } = parts;
  const refuse = (what: string, expected: string): never => {
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the layer '${layer}' is ${what}, which is not written; expected ${expected}; score with the model itself, or export the encoder to an .onnx file and use a session of that.`,
      { layer, kind },
    );
  };
  if (!Object.hasOwn(KINDS, kind)) refuse(`a ${kind}`, `one of ${Object.keys(KINDS).join(', ')}`);
  if (config.dataFormat === 'channelsFirst')
    refuse(`a ${kind} of channelsFirst`, 'the order channelsLast');
  const { axis } = config as { axis?: number };
  if (ALONG_THE_LAST.includes(kind) && axis !== undefined && isNotLast(axis, inputs[0]))
    refuse(`a ${kind} along dimension ${axis}`, 'one along the last');
  if (inputs.some(({ shape }) => shape.length !== inputs[0].shape.length))
    refuse(`a ${kind} of inputs with different numbers of dimensions`, 'as many of each');
  return KINDS[kind](parts);
}

function activation({ where, graph, layer, inputs }: LayerParts, name: string): Value {
  return activationOf(where, graph, inputs[0], name, layer);
}

/** A linear map of the last dimension. */
function dense(parts: LayerParts): Value {
  const { where, graph, precision, layer, config, inputs, shape } = parts;
  const { values, shape: dims } = needed(parts, 'kernel');
  const rows = channelsLast(graph, inputs[0]);
  const product = graph.node('MatMul', [rows, weightsIn(graph, values, dims, precision)]);
  const bias = parts.weight('bias');
  const sum = bias
    ? graph.node('Add', [product, graph.constant(floats(bias.values, bias.shape))])
    : product;
  const value = heldFirst(graph, sum, shape);
  return activationOf(where, graph, { value, shape }, config.activation as string, layer);
}

/** Along the last dimension. */
function batchNormalization(parts: LayerParts): Value {
  const { graph, config, inputs, weight } = parts;
  const [given] = inputs;
  const { values: mean } = needed(parts, 'moving_mean');
  const { values: variance } = needed(parts, 'moving_variance');
  const { epsilon } = config as { epsilon: number };
  const factor = variance.map(
    (value, i) => (weight('gamma')?.values[i] ?? 1) / Math.sqrt(value + epsilon),
  );
  const shift = mean.map((value, i) => (weight('beta')?.values[i] ?? 0) - value * factor[i]);
  const dims = given.shape.length === 3 ? [mean.length, 1, 1] : [mean.length];
  const scaled = graph.node('Mul', [given.value, graph.constant(floats(factor, dims))]);
  return graph.node('Add', [scaled, graph.constant(floats(shift, dims))]);
}
