import { convolution, poolingOver } from '../convolution-nodes.js';
import type { Value } from '../graph.js';
import { channelsFirst } from '../layer-nodes.js';
import { floats } from '../tensor-data.js';
import { activationOf } from './activation-nodes.js';
import { type LayerParts, needed } from './layer-parts.js';

type Pair = readonly [number, number];

/** Of the layers of convolution and pooling, as far as it is read. */
interface WindowConfig {
  readonly strides: Pair;
  readonly padding: 'same' | 'valid';
  readonly dilationRate?: Pair;
  readonly poolSize?: Pair;
  readonly activation?: string;
}

const mapOf = ({ inputs: [{ value, shape }] }: LayerParts) => ({
  value,
  size: [shape[0], shape[1]] as Pair,
});

/** Conv2D and DepthwiseConv2D with bias and activation. */
export function convolutionLayer(parts: LayerParts): Value {
  const { graph, precision, kind } = parts;
  const depthwise = kind === 'DepthwiseConv2D';
  const { values, shape } = needed(parts, depthwise ? 'depthwise_kernel' : 'kernel');
  const bias = parts.weight('bias')?.values;
  const given = { ...windowOf(parts), filter: values, shape, bias, depthwise };
  return activated(parts, convolution(graph, mapOf(parts), given, precision).value);
}

/** A depthwise convolution, then one of 1x1. */
export function separableLayer(parts: LayerParts): Value {
  const { graph, precision } = parts;
  const each = needed(parts, 'depthwise_kernel');
  const across = needed(parts, 'pointwise_kernel');
  const between = convolution(
    graph,
    mapOf(parts),
    { ...windowOf(parts), filter: each.values, shape: each.shape, depthwise: true },
    precision,
  );
  const last = {
    filter: across.values,
    shape: across.shape,
    bias: parts.weight('bias')?.values,
    strides: [1, 1] as const,
    padding: 'valid' as const,
  };
  return activated(parts, convolution(graph, between, last, precision).value);
}

/** MaxPooling2D and AveragePooling2D; what is outside of the map counts for nothing. */
export function poolingLayer(parts: LayerParts): Value {
  const { graph, kind, config } = parts;
  const { poolSize } = config as unknown as WindowConfig;
  const { value, size } = mapOf(parts);
  const { attributes } = poolingOver(size, { ...windowOf(parts), kernel: poolSize as Pair });
  return graph.node(kind === 'MaxPooling2D' ? 'MaxPool' : 'AveragePool', [value], attributes);
}

/** GlobalAveragePooling2D and GlobalMaxPooling2D. */
export function globalPoolingLayer({ graph, kind, inputs: [{ value }] }: LayerParts): Value {
  const operation = kind === 'GlobalMaxPooling2D' ? 'GlobalMaxPool' : 'GlobalAveragePool';
  return graph.node('Flatten', [graph.node(operation, [value])]);
}

/** ZeroPadding2D. */
export function paddingLayer({ graph, config, inputs: [{ value }] }: LayerParts): Value {
  const [[top, bottom], [left, right]] = config.padding as readonly [Pair, Pair];
  const pads = graph.longs(0, 0, top, left, 0, 0, bottom, right);
  return graph.node('Pad', [value, pads, graph.float(0)]);
}

/** Cropping2D. */
export function croppingLayer({ graph, config, inputs: [{ value, shape }] }: LayerParts): Value {
  const [[top, bottom], [left, right]] = config.cropping as readonly [Pair, Pair];
  const ends = graph.longs(shape[0] - bottom, shape[1] - right);
  return graph.node('Slice', [value, graph.longs(top, left), ends, graph.longs(2, 3)]);
}

/** UpSampling2D, whose pixels are counted from their corners. */
export function upsamplingLayer({ graph, config, inputs: [{ value }] }: LayerParts): Value {
  const { size, interpolation } = config as {
    readonly size: Pair;
    readonly interpolation: 'nearest' | 'bilinear';
  };
  const scales = graph.constant(floats(Float32Array.of(1, 1, ...size), [4]));
  return graph.node('Resize', [value, '', scales], {
    mode: { text: interpolation === 'bilinear' ? 'linear' : 'nearest' },
    nearest_mode: { text: 'floor' },
    coordinate_transformation_mode: { text: 'asymmetric' },
  });
}

/** PReLU, with a slope of its own for each place, row, column or channel. */
export function preluLayer(parts: LayerParts): Value {
  const { graph, inputs } = parts;
  const { values, shape } = needed(parts, 'alpha');
  const isMap = shape.length === 3;
  const [height, width, channels] = shape;
  const ordered = isMap ? channelsFirst(values, { size: [height, width], channels }, 1) : values;
  const dims = isMap ? [channels, height, width] : shape;
  return graph.node('PRelu', [inputs[0].value, graph.constant(floats(ordered, dims))]);
}

function windowOf({ config }: LayerParts) {
  const { strides, padding, dilationRate } = config as unknown as WindowConfig;
  return { strides, padding, dilations: dilationRate };
}

function activated({ where, graph, layer, config, shape }: LayerParts, value: Value): Value {
  const { activation = 'linear' } = config as unknown as WindowConfig;
  return activationOf(where, graph, { value, shape }, activation, layer);
}
