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

/** Place of the largest of each row, [rows, 1], and its value where that is asked for; of equal ones the first, of long rows one of them. */
export function largestOne(
  graph: Graph,
  values: Value,
  size: number,
): { readonly value: () => Value; readonly place: Value } {
  const last = { axis: { int: -1 }, keepdims: { int: 1 } };
  if (size < FEWEST || size % GROUP !== 0)
    return {
      value: () => graph.extreme('ReduceMax', values, [-1], 1),
      place: graph.node('ArgMax', [values], last),
    };
  const groups = size / GROUP;
  const grouped = graph.node('Reshape', [values, graph.longs(-1, GROUP, groups)]);
  const most = graph.extreme('ReduceMax', grouped, [1], 0);
  const group = graph.node('ArgMax', [most], last);
  const each = graph.node('Expand', [
    graph.node('Unsqueeze', [group, graph.longs(1)]),
    graph.longs(1, GROUP, 1),
  ]);
  const members = graph.node('GatherElements', [grouped, each], { axis: { int: 2 } });
  const within = graph.node('ArgMax', [graph.node('Squeeze', [members, graph.longs(2)])], last);
  const place = graph.node('Add', [graph.node('Mul', [within, graph.long(groups)]), group]);
  return { value: () => graph.extreme('ReduceMax', most, [-1], 1), place };
}
