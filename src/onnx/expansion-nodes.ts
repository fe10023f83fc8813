import { alongAxis } from './along-axis.js';
import type { EncoderParts } from './encoder-parts.js';
import type { Graph, Value } from './graph.js';
import {
  activated,
  channelsFirst,
  foldedNormalization,
  type MapSize,
  type MapValue,
} from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { weightsIn } from './weights.js';

/** The embedding as a map: a linear map without a bias, normalised and activated. */
export function expanded(
  { graph, cursor, precision }: EncoderParts,
  embeddings: Value,
  { size, channels }: Pick<MapValue, 'size' | 'channels'>,
  slope: number,
): MapValue {
  const { shape, values } = cursor.next();
  const [inputs, outputs] = shape;
  const ordered = new Float32Array(values.length);
  for (let row = 0; row < inputs; row++)
    ordered.set(
      channelsFirst(values.subarray(row * outputs, (row + 1) * outputs), { size, channels }, 1),
      row * outputs,
    );
  const rows = graph.node('MatMul', [embeddings, weightsIn(graph, ordered, shape, precision)]);
  const value = graph.node('Reshape', [rows, graph.longs(-1, channels, ...size)]);
  const { factor, shift } = foldedNormalization(cursor);
  const perChannel = (numbers: Float32Array) => graph.constant(floats(numbers, [channels, 1, 1]));
  const scaled = graph.node('Mul', [value, perChannel(factor)]);
  const normalized = graph.node('Add', [scaled, perChannel(shift)]);
  return activated(graph, { value: normalized, size, channels }, slope);
}

/** Bilinear doubling that keeps pixel centres, cropped to `size`. */
export function doubled(graph: Graph, map: MapValue, size: MapSize): MapValue {
  const [height, width] = map.size;
  const wide = alongAxis(graph, map.value, halfway(width, size[1]), [size[1], width], 'width');
  const value = alongAxis(graph, wide, halfway(height, size[0]), [size[0], height], 'height');
  return { ...map, value, size };
}

/** [to, from]: 3/4 of the nearer place and 1/4 of the other, the border repeated. */
function halfway(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let out = 0; out < to; out++) {
    const nearer = Math.floor(out / 2);
    const other = Math.min(from - 1, Math.max(0, out % 2 === 0 ? nearer - 1 : nearer + 1));
    weights[out * from + nearer] += 0.75;
    weights[out * from + other] += 0.25;
  }
  return weights;
}
