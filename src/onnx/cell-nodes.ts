import { cellWeightsOf } from '../cells/cell-weights.js';
import type { CellSettings } from '../model/cell-settings.js';
import { alongAxis } from './along-axis.js';
import { rowSum } from './bank-nodes.js';
import { inDouble } from './casts.js';
import { type DistanceRows, distanceTo, nearestRow } from './distance-nodes.js';
import type { Graph, Value } from './graph.js';
import { type MapValue, unitRows } from './layer-nodes.js';
import { largest } from './top-nodes.js';

/** What cells say of images. */
export interface CellValues {
  /** [images], float64. */
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
  bank: DistanceRows,
  settings: CellSettings,
): CellValues {
  const { grid, reading } = settings;
  const count = grid[0] * grid[1];
  const cells = cellsIn(graph, maps, settings);
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
): Value {
  const chosen =
    typeof levels === 'number' ? maps.slice(-levels) : levels.map((level) => maps[level - 1]);
  const parts = chosen.map((map) => {
    const cells = averaged(graph, map, [rows, columns]);
    const last = graph.node('Transpose', [cells], { perm: { ints: [0, 2, 3, 1] } });
    // As rows first: runtimes bring a transposition behind sums along a dimension, and then sum those of one image in another order than those of several.
    return unitRows(graph, graph.node('Flatten', [last], { axis: { int: 3 } }));
  });
  return graph.node('Concat', parts, { axis: { int: 1 } });
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

/** What is made of the distances of an image, [images], float64. */
function readingOf(
  graph: Graph,
  distances: Value,
  count: number,
  reading: CellSettings['reading'],
): Value {
  const mean = (values: Value, among: number) =>
    graph.node('Div', [rowSum(graph, inDouble(graph, values)), graph.double(among)]);
  if (reading === 'mean') return mean(distances, count);
  const share = reading === 'max' ? 0 : reading.topShare;
  const top = Math.max(1, Math.round(share * count));
  const [values] = largest(graph, distances, top);
  return mean(values, top);
}
