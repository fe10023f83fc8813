import { blocksOf, rowSum } from './bank-nodes.js';
import type { Graph, Value } from './graph.js';
import { floats } from './tensor-data.js';
import { largest, largestOfMany, largestOne } from './top-nodes.js';

/** Rows that are compared at a time, at least: of cells each image has as many queries as places. */
const BLOCK = 4096;

/** Rows beyond those asked for whose distances are computed exactly, since rounding may have put them out of order. */
const SPARE = 4;

/** Rows that distances are taken to, as a file holds them. */
export interface DistanceRows {
  /** [size, dim], float32. */
  readonly rows: Value;
  readonly values: Float32Array;
  readonly size: number;
  readonly dim: number;
}

/** [queries], int64: the row that each is nearest to, the lower of equal ones. */
export function nearestRow(graph: Graph, queries: Value, rows: DistanceRows): Value {
  const found = nearnessOfBlocks(graph, queries, rows).map(({ nearness, first, count }) => {
    const { value, place } = largestOne(graph, nearness, count);
    return { value, row: first === 0 ? place : graph.node('Add', [place, graph.long(first)]) };
  });
  if (found.length === 1) return graph.node('Reshape', [found[0].row, graph.longs(-1)]);
  const most = besideEachOther(
    graph,
    found.map(({ value }) => value()),
  );
  const rowNumbers = besideEachOther(
    graph,
    found.map(({ row }) => row),
  );
  const { place } = largestOne(graph, most, found.length);
  const nearest = graph.node('GatherElements', [rowNumbers, place], { axis: { int: 1 } });
  return graph.node('Reshape', [nearest, graph.longs(-1)]);
}

/** [queries, k] each: the rows that each is nearest to, and how far they are, nearest first. */
export function nearestRows(
  graph: Graph,
  queries: Value,
  rows: DistanceRows,
  k: number,
): { readonly rows: Value; readonly distances: Value } {
  const few = Math.min(rows.size, k + SPARE);
  const found = nearnessOfBlocks(graph, queries, rows).map(({ nearness, first, count }) => {
    const [top, places] = largestOfMany(graph, nearness, count, Math.min(few, count));
    return { top, rows: first === 0 ? places : graph.node('Add', [places, graph.long(first)]) };
  });
  const numbers = besideEachOther(
    graph,
    found.map((block) => block.rows),
  );
  const tops = besideEachOther(
    graph,
    found.map(({ top }) => top),
  );
  const [, at] = largest(graph, tops, few);
  const pick = (values: Value, places: Value) =>
    graph.node('GatherElements', [values, places], { axis: { int: 1 } });
  const candidates = pick(numbers, at);
  const distances = distanceTo(
    graph,
    graph.node('Unsqueeze', [queries, graph.longs(1)]),
    graph.node('Gather', [rows.rows, candidates]),
  );
  const [near, places] = graph.nodeOf(
    'TopK',
    [distances, graph.longs(k)],
    { axis: { int: -1 }, largest: { int: 0 } },
    2,
  );
  return { rows: pick(candidates, places), distances: near };
}

/** Euclidean distances, by differences, since sums of products lose what is near. */
export function distanceTo(graph: Graph, queries: Value, rows: Value): Value {
  const apart = graph.node('Sub', [rows, queries]);
  return graph.node('Sqrt', [rowSum(graph, graph.node('Mul', [apart, apart]))]);
}

/** [queries, size]: |q - r|^2 of all rows, to the digits of the larger of |q - m|^2 and |r - m|^2, m the mean of the rows. */
export function squaredDistances(
  graph: Graph,
  queries: Value,
  { rows, values, size, dim }: DistanceRows,
): Value {
  const mean = meanRow(values, dim);
  const lengths = new Float32Array(size);
  for (let i = 0; i < values.length; i++)
    lengths[Math.floor(i / dim)] += (values[i] - mean[i % dim]) ** 2;
  const from = graph.constant(floats(mean, [dim]));
  const apart = graph.node('Sub', [queries, from]);
  const own = graph.node('ReduceSum', [graph.node('Mul', [apart, apart]), graph.longs(1)]);
  const offset = graph.constant(floats(lengths, [size]));
  const others = graph.node('Gemm', [apart, graph.node('Sub', [rows, from]), offset], {
    transB: { int: 1 },
    alpha: { float: -2 },
  });
  return graph.node('Clip', [graph.node('Add', [own, others]), graph.float(0)]);
}

/**
 * Block after block of the rows, [queries, count] each: q . (r - m) + (|m|^2 - |r|^2) / 2, which is larger the nearer a row is. Rows are
 * taken from their mean m: a product rounds by its factors, so that rows which hardly differ would come out of order.
 */
function nearnessOfBlocks(
  graph: Graph,
  queries: Value,
  { rows, values, size, dim }: DistanceRows,
): { readonly nearness: Value; readonly first: number; readonly count: number }[] {
  const mean = meanRow(values, dim);
  const offsets = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    let squares = 0;
    for (let i = 0; i < dim; i++) squares += values[row * dim + i] ** 2 - mean[i] ** 2;
    offsets[row] = -squares / 2;
  }
  const centred = graph.node('Sub', [rows, graph.constant(floats(mean, [dim]))]);
  const ends = blocksOf(size, BLOCK);
  // A constant that no node uses is warned of by runtimes.
  const counts = () => graph.longs(...ends.map(([first, end]) => end - first));
  const blocks =
    ends.length === 1
      ? [centred]
      : graph.nodeOf('Split', [centred, counts()], { axis: { int: 0 } }, ends.length);
  return ends.map(([first, end], i) => {
    const count = end - first;
    const offset = graph.constant(floats(offsets.slice(first, end), [count]));
    const nearness = graph.node('Gemm', [queries, blocks[i], offset], { transB: { int: 1 } });
    return { nearness, first, count };
  });
}

/** [dim], of rows one after the other. */
function meanRow(values: Float32Array, dim: number): Float32Array {
  const sums = new Float64Array(dim);
  values.forEach((value, i) => {
    sums[i % dim] += value;
  });
  return Float32Array.from(sums, (sum) => (sum * dim) / values.length);
}

function besideEachOther(graph: Graph, values: readonly Value[]): Value {
  return values.length === 1 ? values[0] : graph.node('Concat', values, { axis: { int: 1 } });
}
