import { convolution, poolingOver } from '../convolution-nodes.js';
import type { Graph, Value } from '../graph.js';
import { floats } from '../tensor-data.js';
import { type WeightPrecision, weightsIn } from '../weights.js';
import { activationOf } from './activation-nodes.js';
import {
  attributesOf,
  type Constant,
  type GraphValue,
  isConstant,
  type NodeDef,
  spreadOver,
} from './graph-values.js';
import { heldAxis, type LayerValue, reshaped } from './layer-value.js';

type Pair = readonly [number, number];

/** What an operation is written of. */
export interface OperationParts {
  readonly where: string;
  readonly graph: Graph;
  readonly precision: WeightPrecision;
  readonly node: NodeDef;
  readonly inputs: readonly GraphValue[];
  /** Refuses it, because of what it is. */
  refuse(what: string): never;
}

type Operation = (parts: OperationParts) => LayerValue;

/** Activations by their names in TensorFlow. */
const ACTIVATIONS: Readonly<Record<string, string>> = Object.freeze({
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softmax: 'softmax',
});

const same: Operation = (parts) => computed(parts, 0);

const activation: Operation = (parts) => activated(parts, computed(parts, 0), parts.node.op);

/** By their names. */
export const OPERATIONS: Readonly<Record<string, Operation>> = Object.freeze({
  Identity: same,
  StopGradient: same,
  Conv2D: convolved,
  _FusedConv2D: convolved,
  DepthwiseConv2dNative: convolved,
  FusedDepthwiseConv2dNative: convolved,
  BiasAdd: (parts) => elementwise(parts, 'Add'),
  Add: (parts) => elementwise(parts, 'Add'),
  AddV2: (parts) => elementwise(parts, 'Add'),
  Sub: (parts) => elementwise(parts, 'Sub'),
  Mul: (parts) => elementwise(parts, 'Mul'),
  RealDiv: (parts) => elementwise(parts, 'Div'),
  Maximum: (parts) => elementwise(parts, 'Max'),
  Minimum: (parts) => elementwise(parts, 'Min'),
  ...Object.fromEntries(Object.keys(ACTIVATIONS).map((name) => [name, activation])),
  LeakyRelu: activation,
  Prelu: activation,
  FusedBatchNorm: normalized,
  FusedBatchNormV2: normalized,
  FusedBatchNormV3: normalized,
  MaxPool: pooling,
  AvgPool: pooling,
  Mean: mean,
  Pad: padded,
  PadV2: padded,
  ConcatV2: joined,
  Reshape: shaped,
  MatMul: product,
  _FusedMatMul: product,
});

function computed({ inputs, refuse }: OperationParts, place: number): LayerValue {
  const found = inputs[place];
  return isConstant(found) ? refuse(`of numbers where its input ${place} is expected`) : found;
}

function constant({ inputs, refuse }: OperationParts, place: number): Constant {
  const found = inputs[place];
  return found && isConstant(found)
    ? found
    : refuse(`whose input ${place} is computed, not held by the graph`);
}

/** A map, whose dimensions are those of TensorFlow. */
function mapOf(parts: OperationParts): LayerValue & { readonly size: Pair } {
  const map = computed(parts, 0);
  if (map.shape.length !== 3 || attributesOf(parts.node).text('data_format', 'NHWC') !== 'NHWC')
    parts.refuse('of another order than [batch, height, width, channels]');
  return { ...map, size: [map.shape[0], map.shape[1]] };
}

function convolved(parts: OperationParts): LayerValue {
  const { graph, precision, node } = parts;
  const filter = constant(parts, 1);
  const { texts, numbers } = attributesOf(node);
  const fused = texts('fused_ops');
  const withBias = fused[0] === 'BiasAdd';
  const given = {
    filter: Float32Array.from(filter.values),
    shape: filter.shape,
    bias: withBias ? Float32Array.from(constant(parts, 2).values) : undefined,
    depthwise: node.op.includes('Depthwise'),
    dilations: pair(numbers('dilations')),
    ...windowOf(parts),
  };
  const { value, size, channels } = convolution(graph, mapOf(parts), given, precision);
  return withFused(parts, { value, shape: [...size, channels] }, fused);
}

/** Activations that are part of an operation, after its bias. */
function withFused(parts: OperationParts, given: LayerValue, fused: readonly string[]): LayerValue {
  const withBias = fused[0] === 'BiasAdd';
  return fused
    .slice(withBias ? 1 : 0)
    .reduce((map, name) => activated(parts, map, name, withBias ? 3 : 2), given);
}

/** An activation; the slopes of a PReLU are the input of that place. */
function activated(parts: OperationParts, given: LayerValue, name: string, slopes = 1): LayerValue {
  const { where, graph, node, refuse } = parts;
  if (name === 'Prelu') {
    const spread = spreadOver(graph, constant(parts, slopes), given);
    return { ...given, value: graph.node('PRelu', [given.value, spread]) };
  }
  if (name === 'LeakyRelu') {
    // The converter does not read the slope of this one.
    if (node.op === 'FusedDepthwiseConv2dNative') refuse('with a leaky ReLU');
    const { number } = attributesOf(node);
    const alpha = { float: number('alpha', number('leakyrelu_alpha', 0.2)) };
    return { ...given, value: graph.node('LeakyRelu', [given.value], { alpha }) };
  }
  if (!Object.hasOwn(ACTIVATIONS, name)) refuse(`with '${name}'`);
  return { ...given, value: activationOf(where, graph, given, ACTIVATIONS[name], node.name) };
}

function elementwise(parts: OperationParts, operation: string): LayerValue {
  const { graph, inputs, refuse } = parts;
  const whole = inputs.find((one) => !isConstant(one)) as LayerValue | undefined;
  if (!whole) return refuse('of numbers alone');
  const shapes = inputs.map(({ shape }) => shape);
  if (inputs.some((one) => !isConstant(one) && one.shape.length !== whole.shape.length))
    refuse('of inputs with different numbers of dimensions');
  const values = inputs.map((one) => (isConstant(one) ? spreadOver(graph, one, whole) : one.value));
  const ends = whole.shape.map((_, i) =>
    Math.max(...shapes.map((shape) => shape.at(i - whole.shape.length) ?? 1)),
  );
  return { value: graph.node(operation, values), shape: ends };
}

function normalized(parts: OperationParts): LayerValue {
  const { graph, node } = parts;
  const map = mapOf(parts);
  const [scale, offset, means, variances] = [1, 2, 3, 4].map((i) => constant(parts, i).values);
  const epsilon = attributesOf(node).number('epsilon', 0.001);
  const factor = Float32Array.from(
    scale as Float32Array,
    (value, i) => value / Math.sqrt(variances[i] + epsilon),
  );
  const shift = factor.map((value, i) => offset[i] - means[i] * value);
  const each = (numbers: Float32Array) => graph.constant(floats(numbers, [numbers.length, 1, 1]));
  const scaled = graph.node('Mul', [map.value, each(factor)]);
  return { shape: map.shape, value: graph.node('Add', [scaled, each(shift)]) };
}

function pooling(parts: OperationParts): LayerValue {
  const { graph, node } = parts;
  const { value, size, shape } = mapOf(parts);
  const kernel = pair(attributesOf(node).numbers('ksize')) ?? [1, 1];
  const { strides, padding } = windowOf(parts);
  if (typeof padding !== 'string') return parts.refuse('with padding in numbers');
  const { size: left, attributes } = poolingOver(size, { kernel, strides, padding });
  const operation = node.op === 'MaxPool' ? 'MaxPool' : 'AveragePool';
  return { value: graph.node(operation, [value], attributes), shape: [...left, shape[2]] };
}

/** Over height and width. */
function mean(parts: OperationParts): LayerValue {
  const { graph, node, refuse } = parts;
  const { value, shape } = mapOf(parts);
  const axes = Array.from(constant(parts, 1).values, (axis) => (axis < 0 ? axis + 4 : axis));
  if (axes.sort().join() !== '1,2') refuse(`along ${axes}`);
  const means = graph.node('GlobalAveragePool', [value]);
  return attributesOf(node).flag('keep_dims')
    ? { value: means, shape: [1, 1, shape[2]] }
    : { value: graph.node('Flatten', [means]), shape: [shape[2]] };
}

function padded(parts: OperationParts): LayerValue {
  const { graph, node, inputs } = parts;
  const { value, shape } = mapOf(parts);
  const { values } = constant(parts, 1);
  const order = [0, 3, 1, 2];
  const pads = [0, 1].flatMap((end) => order.map((axis) => values[2 * axis + end]));
  const filling = node.op === 'PadV2' && inputs.length > 2 ? constant(parts, 2).values[0] : 0;
  return {
    value: graph.node('Pad', [value, graph.longs(...pads), graph.float(filling)]),
    shape: shape.map((side, i) => side + values[2 * i + 2] + values[2 * i + 3]),
  };
}

function joined(parts: OperationParts): LayerValue {
  const { graph, inputs } = parts;
  const given = inputs.slice(0, -1).map((_, i) => computed(parts, i));
  const [first] = given;
  const [axis] = Array.from(constant(parts, inputs.length - 1).values);
  const along = (axis < 0 ? axis + first.shape.length + 1 : axis) - 1;
  const values = given.map(({ value }) => value);
  return {
    value: graph.node('Concat', values, { axis: { int: heldAxis(axis, first) } }),
    shape: first.shape.map((side, i) =>
      i === along ? given.reduce((sum, one) => sum + one.shape[i], 0) : side,
    ),
  };
}

/** To one that leaves the batch as it is. */
function shaped(parts: OperationParts): LayerValue {
  const { graph, refuse } = parts;
  const given = computed(parts, 0);
  const [batch, ...wanted] = Array.from(constant(parts, 1).values);
  const size = given.shape.reduce((all, side) => all * side, 1);
  const known = wanted.reduce((all, side) => (side < 0 ? all : all * side), 1);
  const shape = wanted.map((side) => (side < 0 ? size / known : side));
  if (shape.reduce((all, side) => all * side, 1) !== size)
    refuse(`to [${[batch, ...wanted].join(', ')}], which is not of each image for itself`);
  return { value: reshaped(graph, given, shape), shape };
}

/** Of rows and a matrix. */
function product(parts: OperationParts): LayerValue {
  const { graph, precision, node, refuse } = parts;
  const rows = computed(parts, 0);
  const { values, shape } = constant(parts, 1);
  const { flag, texts } = attributesOf(node);
  if (flag('transpose_a') || rows.shape.length !== 1) refuse('of others than rows');
  const matrix = weightsIn(graph, Float32Array.from(values), shape, precision);
  const turned = flag('transpose_b')
    ? graph.node('Transpose', [matrix], { perm: { ints: [1, 0] } })
    : matrix;
  const found: Value = graph.node('MatMul', [rows.value, turned]);
  const given = { value: found, shape: [shape[flag('transpose_b') ? 0 : 1]] };
  const fused = texts('fused_ops');
  if (fused[0] !== 'BiasAdd') return withFused(parts, given, fused);
  const bias = spreadOver(graph, constant(parts, 2), given);
  return withFused(parts, { ...given, value: graph.node('Add', [found, bias]) }, fused);
}

/** Of a list for each dimension of TensorFlow. */
const pair = (list: readonly number[] | undefined): Pair | undefined =>
  list?.length === 4 ? [list[1], list[2]] : undefined;

function windowOf({ node, refuse }: OperationParts) {
  const { text, numbers } = attributesOf(node);
  const strides = pair(numbers('strides')) ?? ([1, 1] as const);
  const padding = text('padding', 'VALID');
  if (padding === 'SAME') return { strides, padding: 'same' } as const;
  if (padding === 'VALID') return { strides, padding: 'valid' } as const;
  const each = numbers('explicit_paddings');
  if (each?.length !== 8) return refuse(`with the padding '${padding}'`);
  const pads = [[each[2], each[3]] as const, [each[4], each[5]] as const] as const;
  return { strides, padding: pads } as const;
}
