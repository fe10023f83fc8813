import { type SaladModel, thresholdText } from 'salad-ad';
import type { ImageSource } from 'salad-ad/data';
import { delongInterval, rocCurve } from 'salad-ad/metrics';
import { figures, projectEmbeddings } from 'salad-ad/report';
import type { TrainingResult } from './run.js';

/** Films of the bank that the plot of embeddings shows at most. */
const SHOWN = 300;

/** What a trained model does with the validation films, as numbers and figures. */
export async function outcomeOf(
  model: SaladModel,
  validation: ImageSource,
): Promise<Omit<TrainingResult, 'stopped'>> {
  const labels = Array.from(validation.labels ?? []);
  const { decisionThreshold: threshold } = model;
  const embeddings = {
    title: 'Embeddings: films that are alike lie close (test: the validation films)',
    svg: await embeddingPlot(model, validation, labels),
  };
  const promise = threshold && thresholdText(threshold);
  if (new Set(labels).size < 2) return { promise, figures: [embeddings] };
  const { scores } = await model.score(validation);
  const { falsePositiveRates, truePositiveRates } = rocCurve(scores, labels);
  const svg = await figures.roc({
    curves: [{ name: 'this model', falsePositiveRates, truePositiveRates }],
  });
  return {
    promise,
    auc: delongInterval(scores, labels),
    figures: [{ title: 'ROC curve of the validation films', svg }, embeddings],
  };
}

async function embeddingPlot(model: SaladModel, validation: ImageSource, labels: number[]) {
  const embedded = await model.embed(validation);
  const bank = ((await model.bank.rows.array()) as number[][]).slice(0, SHOWN);
  const validated = (await embedded.array()) as number[][];
  embedded.dispose();
  const { xs, ys } = await projectEmbeddings([...bank, ...validated]);
  const groups = [
    ...bank.map(() => 'trainingNormal' as const),
    ...labels.map((label) => (label ? ('testAbnormal' as const) : ('testNormal' as const))),
  ];
  return figures.projection({ xs, ys, groups });
}
