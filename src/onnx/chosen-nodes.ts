import type { ScoreSpread } from '../core/combined-score.js';
import { checkStandardized } from '../model/chosen-score.js';
import type { SaladSettings } from '../model/options.js';
import type { ScoreSpreads } from '../model/score-spreads.js';
import { inFloat } from './casts.js';
import type { Graph, Value } from './graph.js';

/** The score that a model judges by, float32, of those in float64, as `chosenScores` makes it: of the embedding, of cells, or the sum of both in deviations. @throws NOT_FITTED */
export function chosenScore(
  where: string,
  graph: Graph,
  { score }: Pick<SaladSettings, 'score'>,
  embedding: Value,
  cells: Value | undefined,
  spreads: ScoreSpreads | undefined,
): Value {
  if (cells === undefined) return inFloat(graph, embedding);
  if (score === 'cells') return inFloat(graph, cells);
  checkStandardized(where, spreads);
  const standardized = (value: Value, { mean, deviation }: ScoreSpread) => {
    const away = graph.node('Sub', [value, graph.double(mean)]);
    return graph.node('Div', [away, graph.double(deviation)]);
  };
  const terms = [standardized(embedding, spreads.embedding), standardized(cells, spreads.cells)];
  return inFloat(graph, graph.node('Add', terms));
}
