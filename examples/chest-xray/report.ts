import type { SaladModel, ScoreResult } from 'salad-ad';
import { inspectImages, splitSummary } from 'salad-ad/data';
import { galleryOf } from 'salad-ad/explain';
import { precisionRecallCurve, prevalence, rocCurve } from 'salad-ad/metrics';
import { assessScores, type ReportInput } from 'salad-ad/report';
import type { Baseline } from './baselines.js';
import type { ChestXrays, LabelledSource } from './data.js';
import type { Evaluation } from './evaluate.js';
import { projection } from './projection.js';

/** What the report page shows, gathered from the run. */
export async function reportInput(run: {
  model: SaladModel;
  data: ChestXrays;
  result: ScoreResult;
  scored: Evaluation;
  baselines: readonly Baseline[];
  command: string;
}): Promise<ReportInput> {
  const { model, data, result, scored, baselines } = run;
  const { train, validation, test } = data;
  const onValidation = await model.score(validation);
  const assessed = assessScores(
    { scores: result.scores, labels: test.labels },
    {
      threshold: result.decisionThreshold,
      validation: { scores: onValidation.scores, labels: validation.labels },
    },
  );
  const curves = baselines
    .filter(({ name }) => /raw pixels|untrained|texture/.test(name))
    .map(({ name, scores }) => ({ name, baseline: true, scores }));
  return {
    title: 'SALAD on paediatric chest X-rays',
    description:
      'Trained on normal films; pneumonia counts as abnormal. Data: Kermany et al. 2018, CC BY 4.0. ' +
      'The classes differ in sharpness, so the texture baselines are to be read beside the score.',
    results: [{ name: 'SALAD', ...scored }, ...baselines],
    resultsNote: '95% intervals: DeLong for AUC, bootstrap stratified by class for AUPRC.',
    ...assessed,
    rocCurves: [
      ...(assessed.rocCurves ?? []),
      ...curves.map((curve) => ({ ...curve, ...rocCurve(curve.scores, test.labels) })),
    ],
    precisionRecallCurves: [
      ...(assessed.precisionRecallCurves ?? []),
      ...curves.map((curve) => ({ ...curve, ...precisionRecallCurve(curve.scores, test.labels) })),
    ],
    shortcuts: await shortcuts(test),
    gallery: await galleryOf(model, { result, images: test, train }),
    mapsNote:
      'Right of each film: where its score comes from (gradient through the encoder, towards the reconstruction; clear, yellow, red, on one scale for all). ' +
      'A map shows what moved the score, not where the disease is.',
    projection: await projection(model, data),
    projectionNote: 'By UMAP: 15 neighbours, minimal distance 0.1, 200 passes, seed 0.',
    history: model.history,
    leftOut: leftOut(train),
    problems: result.problems,
    facts: [
      ...Object.entries({ Validation: validation, Test: test }).map(
        ([name, { length, labels }]) => ({
          name: `${name} images`,
          value: `${length}, prevalence ${prevalence(labels)}`,
        }),
      ),
      // All that the model knows of itself, its data and this machine, in one line.
      ...(await model.runFacts({ data: { train, test }, command: run.command })),
    ],
  };
}

/** Films of this set are of one size and view; what is left is their brightness and sharpness. */
async function shortcuts(test: LabelledSource) {
  const inspected = await inspectImages(test);
  const records = test.ids.map((path, i) => ({ path, label: test.labels[i] ? 1 : 0 }) as const);
  const [summary] = splitSummary({ test: records }, { inspected });
  return summary.shortcuts;
}

function leftOut({ labels }: LabelledSource): NonNullable<ReportInput['leftOut']> {
  const images = Array.from(labels).filter(Boolean).length;
  const what = 'known anomalies';
  const why = 'trained on, but no row of the memory bank that a score may rest on';
  return images > 0 ? [{ what, images, why }] : [];
}
