import type { CellValues } from './cell-nodes.js';
import type { Graph, Value } from './graph.js';
import { unlessInvalid } from './verdict-nodes.js';

/** Outputs that every model has. */
export function scoreOutputs(
  graph: Graph,
  found: Readonly<
    Record<'score' | 'relative' | 'angular' | 'nearest' | 'angles' | 'invalid', Value>
  >,
): void {
  const { invalid } = found;
  const described = {
    score: 'The score of the model, higher is more anomalous; NaN for an invalid image.',
    relative: 'Eq. 4, in [0, 1].',
    angular: 'Mean angle to the nearest rows over pi, in [0, 1].',
  };
  for (const [name, description] of Object.entries(described))
    graph.output(unlessInvalid(graph, invalid, found[name as keyof typeof described]), {
      name,
      type: 'float32',
      dims: ['images'],
      description,
    });
  const column = graph.node('Unsqueeze', [invalid, graph.longs(1)]);
  graph.output(graph.node('Where', [column, graph.long(-1), found.nearest]), {
    name: 'nearestRows',
    type: 'int64',
    dims: ['images', 'neighbors'],
    description:
      'Rows of the training source that the score is computed from, nearest first; -1 for an invalid image.',
  });
  graph.output(unlessInvalid(graph, column, found.angles), {
    name: 'nearestAngles',
    type: 'float32',
    dims: ['images', 'neighbors'],
    description: 'The angle to each of them, radians.',
  });
}

/** Outputs of a model that reads cells. */
export function cellOutputs(graph: Graph, cells: CellValues, invalid: Value): void {
  const column = graph.node('Unsqueeze', [invalid, graph.longs(1)]);
  graph.output(unlessInvalid(graph, invalid, cells.score), {
    name: 'cells',
    type: 'float32',
    dims: ['images'],
    description: "Distance of the image's cells to those of normal images.",
  });
  graph.output(unlessInvalid(graph, column, cells.distances), {
    name: 'cellDistances',
    type: 'float32',
    dims: ['images', 'places'],
    description: 'The distance of each cell, row by row of the grid.',
  });
  graph.output(graph.node('Where', [column, graph.long(-1), cells.rows]), {
    name: 'cellRows',
    type: 'int64',
    dims: ['images', 'places'],
    description: 'The row of the bank of cells that each is nearest to; -1 for an invalid image.',
  });
}
