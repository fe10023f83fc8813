import { convolution } from './convolution-nodes.js';
import type { Graph, Value } from './graph.js';
import { floats } from './tensor-data.js';
import { type WeightCursor, type WeightPrecision, weightsIn } from './weights.js';

/** Height and width of a map. */
export type MapSize = readonly [height: number, width: number];

/** A map on its way through a network, [images, channels, ...size]. */
export interface MapValue {
  readonly value: Value;
  readonly size: MapSize;
  readonly channels: number;
}

/** A convolution with `same` padding, as its numbers. */
export interface ConvolutionNumbers {
  /** [kernel, kernel, inputs, outputs], or [kernel, kernel, channels, 1] of a depthwise one. */
  readonly filter: Float32Array;
  readonly bias: Float32Array;
  readonly kernel: number;
  readonly stride: number;
  readonly outputs: number;
  readonly depthwise?: boolean;
}

/** Added to a variance, as `normalization` of the library does on backends of 32 bits. */
const SMALLEST_VARIANCE = 1e-5;

/** Rows shorter than this are scaled as if they were of this length. */
const SHORTEST_SQUARED = 1e-12;

/** The next normalisation of a file as a factor and a shift, [channels] each. */
export function foldedNormalization(cursor: WeightCursor) {
  const scale = cursor.next().values;
  const offset = cursor.next().values;
  const mean = cursor.nextRecorded().values;
  const variance = cursor.nextRecorded().values;
  const factor = variance.map((value, i) => scale[i] / Math.sqrt(value + SMALLEST_VARIANCE));
  return { factor, shift: offset.map((value, i) => value - mean[i] * factor[i]) };
}

/** The next convolution of a file with the normalisation after it, which is a factor on the filter and a bias. */
export function foldedConvolution(
  cursor: WeightCursor,
  stride: number,
): Omit<ConvolutionNumbers, 'depthwise'> {
  const { shape, values } = cursor.next();
  const { factor, shift } = foldedNormalization(cursor);
  const outputs = shape[3];
  return {
    filter: values.map((value, i) => value * factor[i % outputs]),
    bias: shift,
    kernel: shape[0],
    stride,
    outputs,
  };
}

/** The next convolution of a file that nothing normalises. */
export function plainConvolution(cursor: WeightCursor): Omit<ConvolutionNumbers, 'depthwise'> {
  const { shape, values } = cursor.next();
  return {
    filter: values,
    bias: cursor.next().values,
    kernel: shape[0],
    stride: 1,
    outputs: shape[3],
  };
}

/** A convolution whose output is as large as its input, or smaller by its stride, rounded up. */
export function convolved(
  graph: Graph,
  map: MapValue,
  numbers: ConvolutionNumbers,
  precision: WeightPrecision,
): MapValue {
  const { kernel, stride, outputs, depthwise } = numbers;
  const shape = [kernel, kernel, map.channels, depthwise ? 1 : outputs];
  const strides = [stride, stride] as const;
  return convolution(graph, map, { ...numbers, shape, strides, padding: 'same' }, precision);
}

/** Leaky ReLU; slope 0 is ReLU, 1 leaves it out. */
export function activated(graph: Graph, map: MapValue, slope: number): MapValue {
  if (slope === 1) return map;
  const value =
    slope === 0
      ? graph.node('Relu', [map.value])
      : graph.node('LeakyRelu', [map.value], { alpha: { float: slope } });
  return { ...map, value };
}

/** The last step of a decoder: its values as they are, or squeezed into (-1, 1) or (0, 1). */
export function squeezed(
  graph: Graph,
  value: Value,
  activation: 'linear' | 'tanh' | 'sigmoid',
): Value {
  if (activation === 'linear') return value;
  return graph.node(activation === 'tanh' ? 'Tanh' : 'Sigmoid', [value]);
}

/** The mean of each channel, [images, channels]. */
export function pooled(graph: Graph, { value }: MapValue): Value {
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [value])]);
}

/** A linear map of vectors, [images, inputs] to [images, outputs]: the next one of a file. */
export function projected(
  graph: Graph,
  rows: Value,
  cursor: WeightCursor,
  precision: WeightPrecision,
  {
    bias = true,
    order = (weights) => weights,
  }: {
    readonly bias?: boolean;
    /** Puts the weights into the order of the numbers of a row. */
    readonly order?: (weights: Float32Array, outputs: number) => Float32Array;
  } = {},
): Value {
  const { shape, values } = cursor.next();
  const [, outputs] = shape;
  const weights = weightsIn(graph, order(values, outputs), shape, precision);
  if (!bias) return graph.node('MatMul', [rows, weights]);
  return graph.node('Gemm', [
    rows,
    weights,
    graph.constant(floats(cursor.next().values, [outputs])),
  ]);
}

/** Rows of [height, width, channels] as those of [channels, height, width], each place with so many `numbers`. */
export function channelsFirst(
  rows: Float32Array,
  { size: [height, width], channels }: Pick<MapValue, 'size' | 'channels'>,
  numbers: number,
): Float32Array {
  const places = height * width;
  const turned = new Float32Array(rows.length);
  for (let place = 0; place < places; place++)
    for (let channel = 0; channel < channels; channel++) {
      const from = (place * channels + channel) * numbers;
      turned.set(rows.subarray(from, from + numbers), (channel * places + place) * numbers);
    }
  return turned;
}

/** Halving convolutions with batch normalisation and leaky ReLU, level after level: their maps. */
export function halvingLevels(
  graph: Graph,
  images: MapValue,
  cursor: WeightCursor,
  precision: WeightPrecision,
  {
    levels,
    convsPerLevel = 1,
    slope,
  }: { readonly levels: number; readonly convsPerLevel?: number; readonly slope: number },
): MapValue[] {
  const maps: MapValue[] = [];
  let map = images;
  for (let level = 0; level < levels; level++) {
    for (let index = 0; index < convsPerLevel; index++) {
      const numbers = foldedConvolution(cursor, index === 0 ? 2 : 1);
      map = activated(graph, convolved(graph, map, numbers, precision), slope);
    }
    maps.push(map);
  }
  return maps;
}

/** Rows of the last dimension scaled to length 1, as `l2Normalize` of the library does. */
export function unitRows(graph: Graph, rows: Value): Value {
  const squares = graph.node('ReduceSum', [graph.node('Mul', [rows, rows]), graph.longs(-1)], {
    keepdims: { int: 1 },
  });
  const longEnough = graph.node('Clip', [squares, graph.float(SHORTEST_SQUARED)]);
  return graph.node('Div', [rows, graph.node('Sqrt', [longEnough])]);
}
