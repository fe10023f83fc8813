import { cellWeightsOf } from '../cells/cell-weights.js';
import type { CellSettings } from '../model/cell-settings.js';
import { alongAxis } from './along-axis.js';
import { blockRows, blocksOf, rowSum } from './bank-nodes.js';
import type { Graph, Value } from './graph.js';
import { type MapValue, unitRows } from './layer-nodes.js';
import { floats } from './tensor-data.js';
import { largest, largestOfMany } from './top-nodes.js';

/** Rows beyond the nearest whose distances are computed exactly, since rounding may have put them out of order. */
const CANDIDATES = 4;

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
  const candidates = nearCandidates(graph, cells, bank);
  const { distances, rows } = nearestOf(graph, cells, candidates, bank);
  const perImage = (value: Value) => graph.node('Reshape', [value, graph.longs(-1, count)]);
  const each = perImage(distances);
  return { score: readingOf(graph, each, count, reading), distances: each, rows: perImage(rows) };
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

/** [queries, candidates], int64: the rows of largest q . r - |r|^2 / 2, block after block of the bank. */
function nearCandidates(
  graph: Graph,
  queries: Value,
  { rows, values, size, dim }: CellRows,
): Value {
  const halves = new Float32Array(size);
  for (let i = 0; i < values.length; i++) halves[Math.floor(i / dim)] -= values[i] ** 2 / 2;
  const found = blocksOf(size, BLOCK).map(([first, end]) => {
    const block = blockRows(graph, rows, [first, end], size);
    const offset = graph.constant(floats(halves.slice(first, end), [end - first]));
    const nearness = graph.node('Gemm', [queries, block, offset], { transB: { int: 1 } });
    const count = end - first;
    const [top, places] = largestOfMany(graph, nearness, count, Math.min(CANDIDATES, count));
    return { top, rows: first === 0 ? places : graph.node('Add', [places, graph.long(first)]) };
  });
  if (found.length === 1) return found[0].rows;
  const join = (name: 'top' | 'rows') =>
    graph.node(
      'Concat',
      found.map((block) => block[name]),
      { axis: { int: 1 } },
    );
  const [, places] = largest(graph, join('top'), Math.min(CANDIDATES, size));
  return graph.node('GatherElements', [join('rows'), places], { axis: { int: 1 } });
}

/** The nearest of the candidates by differences, the lower row of equal ones. */
function nearestOf(graph: Graph, queries: Value, candidates: Value, { rows }: CellRows) {
  const ascending = sortedAscending(graph, candidates);
  const near = graph.node('Gather', [rows, ascending]);
  const apart = graph.node('Sub', [near, graph.node('Unsqueeze', [queries, graph.longs(1)])]);
  const squares = rowSum(graph, graph.node('Mul', [apart, apart]));
  const place = graph.node('ArgMin', [squares], { axis: { int: 1 }, keepdims: { int: 1 } });
  const pick = (values: Value) =>
    graph.node('GatherElements', [values, place], { axis: { int: 1 } });
  return { distances: graph.node('Sqrt', [pick(squares)]), rows: pick(ascending) };
}

function sortedAscending(graph: Graph, values: Value): Value {
  const shape = graph.node('Shape', [values]);
  const count = graph.node('Slice', [shape, graph.longs(1), graph.longs(2)]);
  const [sorted] = graph.nodeOf(
    'TopK',
    [values, count],
    { axis: { int: -1 }, largest: { int: 0 } },
    2,
  );
  return sorted;
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
