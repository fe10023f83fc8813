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

/** The next convolution of a file with the normalisation after it, which is a factor on the filter and a bias. */
export function foldedConvolution(
  cursor: WeightCursor,
  stride: number,
): Omit<ConvolutionNumbers, 'depthwise'> {
  const { shape, values } = cursor.next();
  const scale = cursor.next().values;
  const offset = cursor.next().values;
  const mean = cursor.nextRecorded().values;
  const variance = cursor.nextRecorded().values;
  const outputs = shape[3];
  const factor = variance.map((value, i) => scale[i] / Math.sqrt(value + SMALLEST_VARIANCE));
  return {
    filter: values.map((value, i) => value * factor[i % outputs]),
    bias: offset.map((value, i) => value - mean[i] * factor[i]),
    kernel: shape[0],
    stride,
    outputs,
  };
}

/** A convolution whose output is as large as its input, or smaller by its stride, rounded up. */
export function convolved(
  graph: Graph,
  map: MapValue,
  numbers: ConvolutionNumbers,
  precision: WeightPrecision,
): MapValue {
  const { filter, bias, kernel, stride, outputs, depthwise = false } = numbers;
  const inputs = depthwise ? 1 : map.channels;
  const turned = new Float32Array(filter.length);
  // From [place, inputs, outputs] to [outputs, inputs, place]; a depthwise one has its channels where the inputs are.
  for (let place = 0; place < kernel * kernel; place++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        turned[(output * inputs + input) * kernel * kernel + place] =
          filter[(place * inputs + input) * outputs + output];
  const pads = map.size.map((side) => {
    const missing = Math.max(0, (Math.ceil(side / stride) - 1) * stride + kernel - side);
    return [Math.floor(missing / 2), Math.ceil(missing / 2)] as const;
  });
  const value = graph.node(
    'Conv',
    [
      map.value,
      weightsIn(graph, turned, [outputs, inputs, kernel, kernel], precision),
      graph.constant(floats(bias, [outputs])),
    ],
    {
      strides: { ints: [stride, stride] },
      pads: { ints: [pads[0][0], pads[1][0], pads[0][1], pads[1][1]] },
      kernel_shape: { ints: [kernel, kernel] },
      group: { int: depthwise ? outputs : 1 },
    },
  );
  const [height, width] = map.size.map((side) => Math.ceil(side / stride));
  return { value, size: [height, width], channels: outputs };
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

/** The mean of each channel, [images, channels]. */
export function pooled(graph: Graph, { value }: MapValue): Value {
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [value])]);
}

/** A linear map of vectors, [images, inputs] to [images, outputs]: the next one of a file, which has a bias. */
export function projected(
  graph: Graph,
  rows: Value,
  cursor: WeightCursor,
  precision: WeightPrecision,
  order: (weights: Float32Array, outputs: number) => Float32Array = (weights) => weights,
): Value {
  const { shape, values } = cursor.next();
  const bias = cursor.next().values;
  const weights = weightsIn(graph, order(values, shape[1]), shape, precision);
  return graph.node('Gemm', [rows, weights, graph.constant(floats(bias, [shape[1]]))]);
}

/** Rows of the last dimension scaled to length 1, as `l2Normalize` of the library does. */
export function unitRows(graph: Graph, rows: Value): Value {
  const squares = graph.node('ReduceSum', [graph.node('Mul', [rows, rows]), graph.longs(-1)], {
    keepdims: { int: 1 },
  });
  const longEnough = graph.node('Max', [squares, graph.float(SHORTEST_SQUARED)]);
  return graph.node('Div', [rows, graph.node('Sqrt', [longEnough])]);
}
