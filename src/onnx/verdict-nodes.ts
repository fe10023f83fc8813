import type { ScoreNormalizer } from '../core/calibration.js';
import { restsOn } from '../support/rests-on.js';
import { rowSum } from './bank-nodes.js';
import { inDouble, inFloat } from './casts.js';
import type { Graph, Value } from './graph.js';
import { doubles } from './tensor-data.js';

/** What calibration says of scores. */
export interface VerdictParts {
  /** [images], float32. */
  readonly score: Value;
  /** [images], whether the image is invalid. */
  readonly invalid: Value;
  readonly threshold?: number;
  readonly normalizer?: ScoreNormalizer;
  /** Scores of the validation normals, rising. */
  readonly normalScores?: readonly number[];
}

/** NaN for an invalid image, whatever the runtime made of it. */
export function unlessInvalid(graph: Graph, invalid: Value, value: Value): Value {
  return graph.node('Where', [invalid, graph.float(Number.NaN), value]);
}

/** Outputs that rest on validation normals: each only where the model has what it needs. */
export function verdictOutputs(graph: Graph, parts: VerdictParts): void {
  const { invalid, threshold, normalizer, normalScores } = parts;
  const score = inDouble(graph, parts.score);
  const one = { type: 'float32' as const, dims: ['images'] };
  if (normalizer)
    graph.output(unlessInvalid(graph, invalid, normalized(graph, score, normalizer)), {
      ...one,
      name: 'normalized',
      description:
        'Share of the validation normals that score lower, or (s - low) / (high - low), in [0, 1].',
    });
  if (normalScores)
    graph.output(
      graph.node('Where', [invalid, graph.double(Number.NaN), pValue(graph, score, normalScores)]),
      {
        type: 'float64',
        dims: ['images'],
        name: 'pValue',
        description: `(1 + how many of ${normalScores.length} validation normals score as high) / ${normalScores.length + 1}; ${restsOn(normalScores.length)}.`,
      },
    );
  if (threshold === undefined) return;
  graph.output(graph.constant(doubles([threshold], [1])), {
    type: 'float64',
    dims: [1],
    name: 'threshold',
    description: 'A score that reaches it is anomalous.',
  });
  const reaches = graph.node('GreaterOrEqual', [score, graph.double(threshold)]);
  const known = graph.node('Where', [reaches, graph.long(1), graph.long(0)]);
  graph.output(graph.node('Where', [invalid, graph.long(2), known]), {
    type: 'int64',
    dims: ['images'],
    name: 'verdict',
    description: '0 normal, 1 anomalous, 2 invalid: a pixel is NaN or not in [0, maxValue].',
  });
}

function normalized(graph: Graph, score: Value, normalizer: ScoreNormalizer): Value {
  if (normalizer.method === 'empirical') {
    const below = counted(graph, 'Greater', score, normalizer.sorted);
    const count = graph.double(normalizer.sorted.length);
    return inFloat(graph, graph.node('Div', [below, count]));
  }
  const { low, high } = normalizer;
  const above = graph.node('Sub', [score, graph.double(low)]);
  const share =
    high === low
      ? inDouble(graph, graph.node('Greater', [above, graph.double(0)]))
      : graph.node('Div', [above, graph.double(high - low)]);
  const clamped = graph.node('Clip', [share, graph.double(0), graph.double(1)]);
  return inFloat(graph, clamped);
}

function pValue(graph: Graph, score: Value, normals: readonly number[]): Value {
  const asHigh = graph.node('Add', [
    counted(graph, 'LessOrEqual', score, normals),
    graph.double(1),
  ]);
  return graph.node('Div', [asHigh, graph.double(normals.length + 1)]);
}

/** How many numbers each score compares so with, [images], float64. */
function counted(
  graph: Graph,
  comparison: 'Greater' | 'LessOrEqual',
  score: Value,
  numbers: readonly number[],
): Value {
  const each = graph.node('Unsqueeze', [score, graph.longs(1)]);
  const holds = graph.node(comparison, [each, graph.constant(doubles(numbers, [numbers.length]))]);
  return rowSum(graph, inDouble(graph, holds));
}
