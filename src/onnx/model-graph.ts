import type { SaladModel } from '../model/salad-model.js';
import { inFloat } from './casts.js';
import { chosenScore } from './chosen-nodes.js';
import { Graph } from './graph.js';
import { cellOrigins, metadataOf } from './metadata.js';
import { fixedSize, type HeldOptions, modelNodes } from './model-nodes.js';
import { unitImages } from './pixel-nodes.js';
import { savedContents } from './saved-contents.js';
import { cellOutputs, scoreOutputs } from './score-outputs.js';
import { verdictOutputs } from './verdict-nodes.js';

/** A graph, and what its file says of itself. */
export interface DescribedGraph {
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The graph of one model. */
export async function modelGraph(
  where: string,
  model: SaladModel,
  held: HeldOptions,
): Promise<DescribedGraph> {
  const contents = await savedContents(where, model);
  const graph = new Graph('', held.file?.opset);
  const { preparation } = model;
  const [, , channels] = preparation.inputShape;
  const { pixels, invalid } = unitImages(graph, channels, fixedSize(preparation));
  const found = await modelNodes(where, graph, pixels, model, contents, held);
  const { settings, spreads, threshold, normalizer, normalScores } = contents.description;
  const { bank, cells, bankLoss } = found;
  const unusable = graph.node('Or', [invalid, found.unusable]);
  const score = chosenScore(where, graph, settings, bank[settings.method], cells?.score, spreads);
  const relative = inFloat(graph, bank.relative);
  const angular = inFloat(graph, bank.angular);
  scoreOutputs(graph, { ...bank, relative, angular, score, invalid: unusable });
  if (cells) cellOutputs(graph, { ...cells, score: inFloat(graph, cells.score) }, unusable);
  verdictOutputs(graph, {
    score,
    invalid: unusable,
    threshold: threshold?.value,
    normalizer,
    normalScores: normalScores?.all,
  });
  const origins = cells && cellOrigins(contents.tensors);
  const metadata = metadataOf(contents.description, preparation, { ...held, bankLoss }, origins);
  return { graph, metadata };
}
