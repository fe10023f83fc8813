import type { ImageSource } from '../images/image-source.js';
import type { FitHistory } from '../learning/detector.js';
import { hasBothClasses } from '../learning/labels.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { check } from '../support/check.js';
import type { DetectorFactory, Trial } from './detector-factory.js';
import { type FitWatch, fitWithin } from './fit-within.js';
import type { RunConfig } from './run-config.js';
import { codeOf, type DoneRun } from './run-record.js';
import { type ScoresByMethod, scoresOf } from './scores-by-method.js';

/** All that is known while a run is not yet fixed. */
export interface Learnable {
  readonly train: ImageSource;
  readonly validation: ImageSource;
}

/** A fitted detector about which nothing will be changed. */
export interface Chosen {
  readonly trial: Trial;
  readonly history: FitHistory;
  readonly validation: ScoresByMethod;
  readonly tried: DoneRun['tried'];
  /** Place in `tried`. */
  readonly setting: number;
}

/**
 * Fits a detector, or one for each setting, and keeps the one of the highest validation AUC; ties go to the
 * first. Where labels may not choose there is one, which sees no validation image before it is fitted.
 *
 * @throws what the last failed setting threw where every one fails
 */
export async function choose(
  { train, validation }: Learnable,
  run: RunConfig,
  create: DetectorFactory,
  watch: FitWatch,
): Promise<Chosen> {
  const { detector, inputShape, resize, seed } = run;
  const byValidation = run.choice === 'validationChosen';
  check(
    !byValidation || hasBothClasses(validation),
    'INVALID_OPTION',
    () =>
      `runExperiment: the validation images of '${run.dataSet}' that '${detector.name}' may choose by are not of both classes; expected normal and known abnormal ones, or choices: ['labelFree'].`,
  );
  const tried: DoneRun['tried'][number][] = [];
  let best: Omit<Chosen, 'tried'> | undefined;
  let failure: unknown;
  for (const setting of (byValidation && detector.settings) || [{}]) {
    let trial: Trial | undefined;
    try {
      trial = await create({
        options: { ...detector.options, ...setting },
        inputShape,
        resize,
        seed,
        keep: byValidation ? 'bestValidation' : 'last',
      });
      const images = byValidation ? { train, validation } : { train };
      const limits = { ...watch, budgetSeconds: run.budgetSeconds };
      const { history, ...fit } = await fitWithin(trial.detector, images, limits);
      const scores = await scoresOf('runExperiment', trial, validation, detector.scoreMethods);
      const validationAuc = aucOf(scores.score, validation);
      const { config } = trial.detector;
      tried.push({ config, ...fit, ...(validationAuc !== undefined && { validationAuc }) });
      if (best && (tried[best.setting].validationAuc ?? 0) >= (validationAuc ?? 0)) {
        trial.detector.dispose();
        continue;
      }
      best?.trial.detector.dispose();
      best = { trial, history, validation: scores, setting: tried.length - 1 };
    } catch (error) {
      trial?.detector.dispose();
      if (watch.signal?.aborted) {
        best?.trial.detector.dispose();
        throw error;
      }
      failure = error;
      tried.push({ failed: codeOf(error) });
    }
  }
  if (!best) throw failure;
  return { ...best, tried };
}

function aucOf(scores: Float32Array, source: ImageSource): number | undefined {
  return hasBothClasses(source)
    ? areaUnderRoc(scores, source.labels as ArrayLike<number>)
    : undefined;
}
