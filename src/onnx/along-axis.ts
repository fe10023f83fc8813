import type { Graph, Value } from './graph.js';
import { floats } from './tensor-data.js';

/** Constant weights [rows, columns] as a matrix product on the left, or transposed on the right, of the last two dimensions. */
export function alongAxis(
  graph: Graph,
  maps: Value,
  weights: Float32Array,
  [rows, columns]: readonly [number, number],
  axis: 'height' | 'width',
): Value {
  if (axis === 'height')
    return graph.node('MatMul', [graph.constant(floats(weights, [rows, columns])), maps]);
  const turned = new Float32Array(weights.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = weights[row * columns + column];
  return graph.node('MatMul', [maps, graph.constant(floats(turned, [columns, rows]))]);
}
