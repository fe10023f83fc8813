import type { CombinedDetector } from '../baselines/combined/combined-detector.js';
import type { CombinedState } from '../baselines/combined/combined-file.js';
import type { CombinedDetectorOptions } from '../baselines/combined/terms.js';
import type { ScoreSpread } from '../core/combined-score.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import { canonicalJson } from '../support/canonical-json.js';
import { check } from '../support/check.js';
import { inDouble, inFloat } from './casts.js';
import { Graph, type Value } from './graph.js';
import { calibrationTexts, NOTICE_TEXTS } from './metadata.js';
import type { DescribedGraph } from './model-graph.js';
import { fixedSize, type HeldOptions, type ModelValues, modelNodes } from './model-nodes.js';
import { unitImages } from './pixel-nodes.js';
import { savedArtifacts, savedContents } from './saved-contents.js';
import { unlessInvalid, verdictOutputs } from './verdict-nodes.js';

/** The graph of a sum of models, each with a size and a normalisation of its own. */
export async function combinedGraph(
  where: string,
  detector: CombinedDetector,
  held: HeldOptions,
): Promise<DescribedGraph> {
  const { models } = detector;
  const { terms, weights, spreads, calibration } = await sumOfTerms(where, detector);
  const graph = new Graph('', held.file?.opset);
  const preparations = Object.values(models).map(({ preparation }) => preparation);
  const size = preparations.map(fixedSize).find((one) => one !== undefined);
  const { pixels, invalid } = unitImages(graph, preparations[0].inputShape[2], size);
  const found = new Map<string, ModelValues>();
  for (const [name, model] of Object.entries(models)) {
    const contents = await savedContents(where, model);
    found.set(
      name,
      await modelNodes(
        where,
        graph,
        pixels,
        model,
        contents,
        held,
        terms.includes(`${name}.error`),
      ),
    );
  }
  const values = [...found.values()];
  const unusable = [invalid, ...values.map(({ unusable }) => unusable)].reduce((any, one) =>
    graph.node('Or', [any, one]),
  );
  const standardized = terms.map((name) => {
    const [model, reading] = name.split('.');
    const { bank, cells, error } = found.get(model) as ModelValues;
    const read = { embedding: bank[models[model].settings.method], cells: cells?.score, error };
    const own = read[reading as keyof typeof read] as Value;
    return { name, value: inDeviations(graph, own, spreads[name]), weight: weights[name] ?? 1 };
  });
  const score = sumInFloat32(graph, standardized);
  const one = { type: 'float32' as const, dims: ['images'] };
  graph.output(unlessInvalid(graph, unusable, score), {
    ...one,
    name: 'score',
    description:
      'The weighted sum of the terms, higher is more anomalous; NaN for an invalid image.',
  });
  for (const { name, value } of standardized) {
    const narrow = inFloat(graph, value);
    graph.output(unlessInvalid(graph, unusable, narrow), {
      ...one,
      name,
      description: 'Standard deviations from the mean of the normals, before its weight.',
    });
  }
  verdictOutputs(graph, {
    score,
    invalid: unusable,
    threshold: calibration?.threshold.value,
    normalizer: calibration?.normalizer,
    normalScores: calibration?.normalScores?.all,
  });
  const bankLoss = Math.max(...values.map((one) => one.bankLoss));
  const metadata = {
    ...NOTICE_TEXTS,
    ...calibrationTexts(calibration?.threshold, calibration?.normalScores),
    'salad-ad.terms': JSON.stringify({ terms, weights, spreads }),
    ...recipeTexts(preparations.map(({ recipe }) => recipe)),
    'salad-ad.held': JSON.stringify({ weights: held.weights, bank: held.bank, bankLoss }),
  };
  return { graph, metadata };
}

/** How files become images, where that is one way for all models. */
function recipeTexts(recipes: readonly (ImageRecipe | undefined)[]): Record<string, string> {
  const [recipe] = recipes;
  const texts = new Set(recipes.map((one) => canonicalJson(one ?? null)));
  return recipe && texts.size === 1 ? { 'salad-ad.steps': JSON.stringify({ recipe }) } : {};
}

/** What a detector would save besides its models. @throws NOT_FITTED | INVALID_OPTION */
async function sumOfTerms(
  where: string,
  detector: CombinedDetector,
): Promise<
  CombinedState & {
    readonly terms: CombinedDetectorOptions['terms'];
    readonly weights: Readonly<Record<string, number>>;
  }
> {
  check(
    detector.spreads !== undefined,
    'NOT_FITTED',
    () => `${where}: the detector has not been fitted; expected a fitted one; call fit.`,
  );
  const { userDefinedMetadata } = await savedArtifacts(detector);
  const { config, facts } = Object(userDefinedMetadata).saladAdDetector as {
    config: Pick<CombinedDetectorOptions, 'terms' | 'weights'>;
    facts: CombinedState;
  };
  const { terms, weights = {} } = config;
  return { terms, weights, spreads: facts.spreads, calibration: facts.calibration };
}

function inDeviations(graph: Graph, value: Value, { mean, deviation }: ScoreSpread): Value {
  const wide = inDouble(graph, value);
  const away = graph.node('Sub', [wide, graph.double(mean)]);
  return graph.node('Div', [away, graph.double(deviation)]);
}

function sumInFloat32(
  graph: Graph,
  terms: readonly { readonly value: Value; readonly weight: number }[],
): Value {
  const sum = terms
    .map(({ value, weight }) => graph.node('Mul', [value, graph.double(weight)]))
    .reduce((total, term) => graph.node('Add', [total, term]));
  return inFloat(graph, sum);
}
