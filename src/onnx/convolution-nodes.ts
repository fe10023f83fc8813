import type { Attribute, Graph, Value } from './graph.js';
import { floats } from './tensor-data.js';
import { type WeightPrecision, weightsIn } from './weights.js';

type Pair = readonly [height: number, width: number];

/** A window that goes over a map, as TensorFlow has it. */
export interface SlidingWindow {
  readonly kernel: Pair;
  readonly strides: Pair;
  /** @defaultValue [1, 1] */
  readonly dilations?: Pair;
  /** 'same': every stride-th place has a window, of which the larger half may stand out below and to the right. */
  readonly padding: 'same' | 'valid' | readonly [Pair, Pair];
}

/** The map that is left, and what a node is told. */
export function windowOver(
  size: Pair,
  { kernel, strides, dilations = [1, 1], padding }: SlidingWindow,
): { readonly size: Pair; readonly attributes: Readonly<Record<string, Attribute>> } {
  const axes = ([0, 1] as const).map((axis) => {
    const side = size[axis];
    const stride = strides[axis];
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const missing =
      padding === 'same' ? Math.max(0, (Math.ceil(side / stride) - 1) * stride + reach - side) : 0;
    const pads =
      typeof padding === 'string'
        ? ([Math.floor(missing / 2), Math.ceil(missing / 2)] as const)
        : padding[axis];
    return { pads, left: Math.floor((side + pads[0] + pads[1] - reach) / stride) + 1 };
  });
  const [{ pads: high, left: height }, { pads: wide, left: width }] = axes;
  const dilated = dilations.some((one) => one !== 1);
  return {
    size: [height, width],
    attributes: {
      strides: { ints: strides },
      pads: { ints: [high[0], wide[0], high[1], wide[1]] },
      kernel_shape: { ints: kernel },
      ...(dilated && { dilations: { ints: dilations } }),
    },
  };
}

/**
 * The same of a pooling, where what is outside of the map counts for nothing. It is told in words: to pads in numbers
 * onnxruntime-node adds what a Pad before them puts around the map, as if that counted for nothing too.
 */
export function poolingOver(
  size: Pair,
  { kernel, strides, padding }: SlidingWindow & { readonly padding: 'same' | 'valid' },
): ReturnType<typeof windowOver> {
  return {
    size: windowOver(size, { kernel, strides, padding }).size,
    attributes: {
      strides: { ints: strides },
      kernel_shape: { ints: kernel },
      auto_pad: { text: padding === 'same' ? 'SAME_UPPER' : 'VALID' },
    },
  };
}

/** A convolution of a map [images, channels, ...size], and the size that is left. */
export function convolution(
  graph: Graph,
  map: { readonly value: Value; readonly size: Pair },
  given: {
    /** [height, width, inputs, outputs], or [height, width, channels, outputs of each] of a depthwise one. */
    readonly filter: Float32Array;
    readonly shape: readonly number[];
    readonly bias?: Float32Array;
    readonly depthwise?: boolean;
  } & Omit<SlidingWindow, 'kernel'>,
  precision: WeightPrecision,
): { readonly value: Value; readonly size: Pair; readonly channels: number } {
  const { filter, shape, bias, depthwise = false } = given;
  const [high, wide, inputs, outputs] = shape;
  const places = high * wide;
  const turned = new Float32Array(filter.length);
  // From [place, inputs, outputs] to [outputs, inputs, place], or [channels, outputs of each, place].
  for (let place = 0; place < places; place++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++) {
        const row = depthwise ? input * outputs + output : output * inputs + input;
        turned[row * places + place] = filter[(place * inputs + input) * outputs + output];
      }
  const channels = depthwise ? inputs * outputs : outputs;
  const dims = [channels, depthwise ? 1 : inputs, high, wide];
  const { size, attributes } = windowOver(map.size, { ...given, kernel: [high, wide] });
  const value = graph.node(
    'Conv',
    [
      map.value,
      weightsIn(graph, turned, dims, precision),
      ...(bias ? [graph.constant(floats(bias, [channels]))] : []),
    ],
    { ...attributes, group: { int: depthwise ? inputs : 1 } },
  );
  return { value, size, channels };
}
