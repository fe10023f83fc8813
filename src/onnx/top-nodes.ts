import type { Graph, Value } from './graph.js';
import { longs } from './tensor-data.js';

/** Values of which the largest is found first. */
export const GROUP = 16;

/** Of fewer values a row, or of more that are asked for, sorting them all is as fast. */
const FEWEST = 1024;

/** Values and places of the k largest of each row; of equal ones the first. */
export function largest(graph: Graph, values: Value, k: number): [values: Value, places: Value] {
  const [top, places] = graph.nodeOf('TopK', [values, graph.longs(k)], { axis: { int: -1 } }, 2);
  return [top, places];
}

/**
 * The same of long rows, [rows, size], several times as fast: the k largest lie in the k groups whose largest are the largest, so that
 * only these are sorted. Of more than k equal ones it may be other ones than the first.
 */
export function largestOfMany(
  graph: Graph,
  values: Value,
  size: number,
  k: number,
): [values: Value, places: Value] {
  if (size < FEWEST || size % GROUP !== 0 || k > size / GROUP / 4) return largest(graph, values, k);
  const groups = size / GROUP;
  const grouped = graph.node('Reshape', [values, graph.longs(-1, GROUP, groups)]);
  const most = graph.extreme('ReduceMax', grouped, [1], 0);
  const [, found] = largest(graph, most, k);
  // In order, so that of equal values the first stays first.
  const [chosen] = graph.nodeOf(
    'TopK',
    [found, graph.longs(k)],
    { axis: { int: -1 }, largest: { int: 0 } },
    2,
  );
  const shape = graph.longs(1, GROUP, k);
  const each = graph.node('Expand', [graph.node('Unsqueeze', [chosen, graph.longs(1)]), shape]);
  const few = graph.longs(-1, GROUP * k);
  const candidates = graph.node('GatherElements', [grouped, each], { axis: { int: 2 } });
  const [top, at] = largest(graph, graph.node('Reshape', [candidates, few]), k);
  const starts = Array.from({ length: GROUP }, (_, i) => i * groups);
  const offsets = graph.constant(longs(starts, [GROUP, 1]));
  const places = graph.node('Reshape', [graph.node('Add', [each, offsets]), few]);
  return [top, graph.node('GatherElements', [places, at], { axis: { int: 1 } })];
}
