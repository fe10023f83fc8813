import { cellWeightsOf } from '../cells/cell-weights.js';
import type { CellSettings } from '../model/cell-settings.js';
import { alongAxis } from './along-axis.js';
import { blockRows, blocksOf, rowSum } from './bank-nodes.js';
import type { Graph, Value } from './graph.js';
import { type MapValue, unitRows } from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { largest, largestOne } from './top-nodes.js';

/** Rows that are compared at a time, at least: each image has as many queries as cells. */
const BLOCK = 4096;

/** A bank of cells, as a file holds it. */
export interface CellRows {
  /** [size, dim], float32. */
  readonly rows: Value;
  readonly values: Float32Array;
  readonly size: number;
  readonly dim: number;
}

/** What cells say of images. */
export interface CellValues {
  /** [images] */
  readonly score: Value;
  /** [images, cells], Euclidean. */
  readonly distances: Value;
  /** [images, cells], int64, rows of the bank of cells. */
  readonly rows: Value;
}

/** The score of cells, as `cellsOf`, `CellBank.nearest` and `cellScore` compute it. */
export function cellScores(
  graph: Graph,
  maps: readonly MapValue[],
  bank: CellRows,
  settings: CellSettings,
): CellValues {
  const { grid, reading } = settings;
  const count = grid[0] * grid[1];
  const cells = cellsIn(graph, maps, settings, bank.dim);
  const nearest = nearestRow(graph, cells, bank);
  const distances = distanceTo(graph, cells, graph.node('Gather', [bank.rows, nearest]));
  const perImage = (value: Value) => graph.node('Reshape', [value, graph.longs(-1, count)]);
  const each = perImage(distances);
  return {
    score: readingOf(graph, each, count, reading),
    distances: each,
    rows: perImage(nearest),
  };
}

/** [images * cells, dim]: each level averaged to the grid, of length 1, and joined. */
function cellsIn(
  graph: Graph,
  maps: readonly MapValue[],
  { levels, grid: [rows, columns] }: CellSettings,
  dim: number,
): Value {
  const chosen =
    typeof levels === 'number' ? maps.slice(-levels) : levels.map((level) => maps[level - 1]);
  const parts = chosen.map((map) => {
    const cells = averaged(graph, map, [rows, columns]);
    return unitRows(graph, graph.node('Transpose', [cells], { perm: { ints: [0, 2, 3, 1] } }));
  });
  const joined = graph.node('Concat', parts, { axis: { int: 3 } });
  return graph.node('Reshape', [joined, graph.longs(-1, dim)]);
}

/** A map averaged to the grid, [images, channels, rows, columns], as `cellWeights` does; by pooling where places are whole, in a tenth of the time of products. */
function averaged(
  graph: Graph,
  { value, size: [height, width] }: MapValue,
  [rows, columns]: CellSettings['grid'],
): Value {
  if (height % rows === 0 && width % columns === 0) {
    const near = graph.node('AveragePool', [value], {
      kernel_shape: { ints: [3, 3] },
      pads: { ints: [1, 1, 1, 1] },
    });
    const places = { ints: [height / rows, width / columns] };
    if (height === rows && width === columns) return near;
    return graph.node('AveragePool', [near], { kernel_shape: places, strides: places });
  }
  const wide = alongAxis(graph, value, cellWeightsOf(width, columns), [columns, width], 'width');
  return alongAxis(graph, wide, cellWeightsOf(height, rows), [rows, height], 'height');
}

/**
 * [queries], int64: the row of largest q . r - |r|^2 / 2, block after block of the bank, the lower of equal ones. Rows are taken from their
 * mean m, q . (r - m) + (|m|^2 - |r|^2) / 2 - constant: a product rounds by its factors, so that rows which hardly differ would come out of order.
 */
function nearestRow(graph: Graph, queries: Value, { rows, values, size, dim }: CellRows): Value {
  const mean = meanRow(values, dim);
  const offsets = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    let squares = 0;
    for (let i = 0; i < dim; i++) squares += values[row * dim + i] ** 2 - mean[i] ** 2;
    offsets[row] = -squares / 2;
  }
  const centred = graph.node('Sub', [rows, graph.constant(floats(mean, [dim]))]);
  const found = blocksOf(size, BLOCK).map(([first, end]) => {
    const count = end - first;
    const block = blockRows(graph, centred, [first, end], size);
    const offset = graph.constant(floats(offsets.slice(first, end), [count]));
    const nearness = graph.node('Gemm', [queries, block, offset], { transB: { int: 1 } });
    const { value, place } = largestOne(graph, nearness, count);
    return { value, row: first === 0 ? place : graph.node('Add', [place, graph.long(first)]) };
  });
  if (found.length === 1) return graph.node('Reshape', [found[0].row, graph.longs(-1)]);
  const joined = (values: Value[]) => graph.node('Concat', values, { axis: { int: 1 } });
  const most = joined(found.map(({ value }) => value()));
  const rowNumbers = joined(found.map(({ row }) => row));
  const { place } = largestOne(graph, most, found.length);
  const nearest = graph.node('GatherElements', [rowNumbers, place], { axis: { int: 1 } });
  return graph.node('Reshape', [nearest, graph.longs(-1)]);
}

/** [dim], of rows one after the other. */
function meanRow(values: Float32Array, dim: number): Float32Array {
  const sums = new Float64Array(dim);
  values.forEach((value, i) => {
    sums[i % dim] += value;
  });
  return Float32Array.from(sums, (sum) => (sum * dim) / values.length);
}

/** [queries]: by differences, since sums of products lose what is near. */
function distanceTo(graph: Graph, queries: Value, rows: Value): Value {
  const apart = graph.node('Sub', [rows, queries]);
  return graph.node('Sqrt', [rowSum(graph, graph.node('Mul', [apart, apart]))]);
}

/** What is made of the distances of an image, [images]. */
function readingOf(
  graph: Graph,
  distances: Value,
  count: number,
  reading: CellSettings['reading'],
): Value {
  if (reading === 'mean') return graph.node('Div', [rowSum(graph, distances), graph.float(count)]);
  const share = reading === 'max' ? 0 : reading.topShare;
  const top = Math.max(1, Math.round(share * count));
  const [values] = largest(graph, distances, top);
  return graph.node('Div', [rowSum(graph, values), graph.float(top)]);
}
