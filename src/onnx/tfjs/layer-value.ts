import type { Graph, Value } from '../graph.js';

/**
 * What a layer of tfjs gives, [images, ...shape]: `shape` is as tfjs has it; where it is [height, width, channels], the value is held
 * with its channels first, as ONNX computes.
 */
export interface LayerValue {
  readonly value: Value;
  readonly shape: readonly number[];
}

/** The value with its dimensions in the order of tfjs. */
export function channelsLast(graph: Graph, { value, shape }: LayerValue): Value {
  return shape.length === 3
    ? graph.node('Transpose', [value], { perm: { ints: [0, 2, 3, 1] } })
    : value;
}

/** A value whose dimensions are in the order of tfjs, as it is held. */
export function heldFirst(graph: Graph, value: Value, shape: readonly number[]): Value {
  return shape.length === 3
    ? graph.node('Transpose', [value], { perm: { ints: [0, 3, 1, 2] } })
    : value;
}

/** The dimension of tfjs, of 0 for images and negative ones from the end, as the held value has it. */
export function heldAxis(axis: number, { shape }: Pick<LayerValue, 'shape'>): number {
  const counted = axis < 0 ? axis + shape.length + 1 : axis;
  return shape.length === 3 ? [0, 2, 3, 1][counted] : counted;
}

/** The same numbers in another shape, row after row as tfjs has them. */
export function reshaped(graph: Graph, given: LayerValue, shape: readonly number[]): Value {
  const rows = graph.node('Reshape', [channelsLast(graph, given), graph.longs(-1, ...shape)]);
  return heldFirst(graph, rows, shape);
}
