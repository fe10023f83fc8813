import type { Graph, Value } from './graph.js';
import { ELEMENT_TYPES } from './tensor-data.js';

/** The same numbers in float64. */
export function inDouble(graph: Graph, values: Value): Value {
  return graph.node('Cast', [values], { to: { int: ELEMENT_TYPES.float64 } });
}

/** The same numbers in float32. */
export function inFloat(graph: Graph, values: Value): Value {
  return graph.node('Cast', [values], { to: { int: ELEMENT_TYPES.float32 } });
}
