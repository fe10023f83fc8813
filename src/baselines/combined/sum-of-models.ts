import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkPatientsDisjoint } from '../../data/patients.js';
import type { ImageSource } from '../../images/image-source.js';
import { handlerOf } from '../../learning/artifacts.js';
import { asSource, type Images } from '../../learning/as-source.js';
import type { DetectorConfig, FitHistory } from '../../learning/detector.js';
import { checkLabelsUsed, checkSomeNormal, labelsOf } from '../../learning/labels.js';
import { checkCallbacks, checkNotTraining } from '../../learning/run-checks.js';
import {
  calibrated,
  calibrationNames,
  checkCalibration,
  checkCalibrationOfFit,
  checkImagesFor,
} from '../../model/calibrated.js';
import { groupsOf, warnOfUnknownGroups } from '../../model/image-groups.js';
import { warnOfNoPValues } from '../../model/normal-scores.js';
import { check, checkKnownOptions } from '../../support/check.js';
import { checkFunction, checkSignal } from '../../support/check-kinds.js';
import type { DecisionThreshold } from '../../support/decision-threshold.js';
import { namingCall } from '../../support/errors.js';
import { checkBackendReady } from '../../support/train-check.js';
import { type SaladWarning, warningOf } from '../../support/warning.js';
import { warnOfCollapse } from '../detector/collapse.js';
import { encodeDetector } from '../detector/detector-file.js';
import type { CombinedDetector } from './combined-detector.js';
import { type CombinedState, packCombined } from './combined-file.js';
import { type CombinedScores, combinedScores, type Spreads, sums } from './combined-scores.js';
import { fitModels, isFitted } from './fit-models.js';
import { checkBanksKnown, measure } from './measure.js';
import { termValues } from './term-values.js';
import { type CombinedDetectorOptions, resolveTerms, type Term } from './terms.js';

const KIND = 'combinedDetector';

/**
 * A detector whose score is a sum of what models say of a film: against the embeddings of normal films, cell by cell, and by how badly it is
 * reconstructed.
 *
 * score = sum over terms of weight * (s - mean) / sd, mean and standard deviation (divided by the count) of the term over normals that
 * made no bank: the normal ones among the validation images, or, without these, the training images, each beside the bank without
 * its own rows. (Reconstruction errors are then of images that the decoder has learnt.) One term and a weight of 1 rank as the model does.
 *
 * @param options models by name, and the terms of the sum
 * @returns a detector that has learnt nothing yet; the models are its own from here on
 * @throws INVALID_OPTION, UNKNOWN_OPTION, NO_DECODER
 * @see ours: the paper scores by the embedding alone.
 * @example
 * const own = SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] } });
 * const detector = combinedDetector({ models: { own }, terms: ['own.embedding', 'own.error'] });
 * await detector.fit(normals, { validation });
 * const { scores, terms, abnormal } = await detector.score(films);
 * console.log(scores[0], terms['own.error'][0], abnormal?.[0]);
 */
export function combinedDetector(options: CombinedDetectorOptions): CombinedDetector {
  return new SumOfModels(options, resolveTerms(KIND, options));
}

type FitOptions = NonNullable<Parameters<CombinedDetector['fit']>[1]>;

/** The models, and what was measured of them: what `combinedDetector` makes. */
export class SumOfModels implements CombinedDetector {
  readonly name = KIND;
  readonly usesLabels = true;
  readonly models: CombinedDetectorOptions['models'];
  private readonly weights: Readonly<Record<string, number>>;
  private state?: CombinedState;
  private fitting = false;
  private disposed = false;

  constructor(
    { models }: CombinedDetectorOptions,
    private readonly terms: readonly Term[],
    state?: CombinedState,
  ) {
    this.models = { ...models };
    this.weights = Object.fromEntries(terms.map(({ name, weight }) => [name, weight]));
    this.state = state;
  }

  get config(): DetectorConfig {
    const models = Object.entries(this.models).map(([name, { config }]) => [name, config]);
    return {
      kind: KIND,
      models: Object.fromEntries(models),
      terms: this.terms.map(({ name }) => name),
      weights: this.weights,
    };
  }

  get spreads(): Spreads | undefined {
    return this.state?.spreads;
  }

  get threshold(): number | undefined {
    return this.decisionThreshold?.value;
  }

  get decisionThreshold(): DecisionThreshold | undefined {
    return this.state?.calibration?.threshold;
  }

  async fit(train: Images, options: FitOptions = {}): Promise<FitHistory> {
    const where = `${KIND}.fit`;
    checkKnownOptions<FitOptions>(where, options, {
      validation: true,
      calibration: true,
      signal: true,
      callbacks: true,
      onWarning: true,
    });
    const { signal, callbacks, onWarning, calibration } = options;
    checkSignal(where, signal);
    checkCallbacks(where, callbacks, { onEpochEnd: true });
    checkFunction(where, 'onWarning', onWarning);
    checkCalibrationOfFit(where, options);
    this.checkAlive(where);
    checkNotTraining(where, this.fitting);
    check(
      this.state === undefined,
      'ALREADY_FITTED',
      () => `${where}: this detector has learnt already; expected a new one for every fit.`,
    );
    signal?.throwIfAborted();
    checkBackendReady(where);
    this.fitting = true;
    try {
      const source = await asSource(where, train);
      const validation =
        options.validation && (await asSource(where, options.validation, 'validation'));
      checkLabelsUsed(where, source);
      checkSomeNormal(where, source);
      checkPatientsDisjoint({ train: source, validation }, where);
      if (validation && calibration) checkImagesFor(where, validation, calibration);
      const before = Object.keys(this.models).filter((name) => isFitted(this.models[name]));
      if (!validation || !labelsOf(validation).includes(false)) checkBanksKnown(where, before);
      const run = { validation, signal, callbacks, onWarning };
      const history = await fitModels(where, this.models, source, run);
      const measured = await measure(where, this.models, this.terms, source, {
        before,
        validation,
        calibration,
        signal,
        onWarning,
      });
      this.checkAlive(where);
      this.state = measured;
      return history;
    } finally {
      this.fitting = false;
    }
  }

  async score(
    images: Images,
    options: NonNullable<Parameters<CombinedDetector['score']>[1]> = {},
  ): Promise<CombinedScores> {
    const where = `${KIND}.score`;
    checkKnownOptions(where, options, { groups: true, onWarning: true, signal: true });
    const { groups: given, onWarning, signal } = options;
    const named = (source: ImageSource) => groupsOf(where, given, source);
    const run = { onWarning, signal };
    const { source, state, measured } = await this.measured(where, images, run, named);
    const groups = named(source);
    const { spreads, calibration } = state;
    const result = combinedScores(source, this.terms, spreads, measured, { calibration, groups });
    warnOfCollapse(where, result.scores, onWarning);
    warnOfNoPValues(where, result, onWarning);
    const ofRead = groups && measured.indices.map((index) => groups[index]);
    warnOfUnknownGroups(where, ofRead, result.pValueGroups, onWarning);
    return result;
  }

  async calibrate(
    images: Images,
    options: NonNullable<Parameters<CombinedDetector['calibrate']>[1]> = {},
  ): Promise<void> {
    const where = `${KIND}.calibrate`;
    checkKnownOptions(where, options, { ...calibrationNames, onWarning: true, signal: true });
    checkCalibration(where, options);
    const { onWarning, signal } = options;
    const check = (source: ImageSource) => checkImagesFor(where, source, options);
    const { source, measured } = await this.measured(where, images, { onWarning, signal }, check);
    const state = this.fitted(where);
    const labels = labelsOf(source);
    const groups = groupsOf(where, options.groups, source);
    const known = {
      scores: sums(this.terms, state.spreads, measured),
      abnormal: measured.indices.map((index) => labels[index]),
      groups: groups && measured.indices.map((index) => groups[index]),
    };
    this.state = { ...state, calibration: calibrated(where, known, options) };
  }

  async save(handlerOrUrl: io.IOHandler | string): Promise<io.SaveResult> {
    const where = `${KIND}.save`;
    const state = this.fitted(where);
    const handler = handlerOf(where, handlerOrUrl, 'save');
    const packed = await packCombined(this.models, state);
    try {
      const artifacts = await encodeDetector({ ...packed, config: this.config });
      return await namingCall(where, () => (handler.save as io.SaveHandler)(artifacts));
    } finally {
      tf.dispose(packed.tensors);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const model of Object.values(this.models)) model.dispose();
  }

  private async measured(
    where: string,
    images: Images,
    { onWarning, signal }: { onWarning?: (warning: SaladWarning) => void; signal?: AbortSignal },
    checkSource?: (source: ImageSource) => void,
  ) {
    checkFunction(where, 'onWarning', onWarning);
    checkSignal(where, signal);
    signal?.throwIfAborted();
    const state = this.fitted(where);
    checkBackendReady(where);
    const source = await asSource(where, images);
    checkSource?.(source);
    const options = { signal, onWarning: onceEach(where, onWarning) };
    const measured = await termValues(where, this.models, this.terms, source, options);
    this.checkAlive(where);
    return { source, state, measured };
  }

  private fitted(where: string): CombinedState {
    this.checkAlive(where);
    check(
      this.state !== undefined,
      'NOT_FITTED',
      () => `${where}: the detector has learnt nothing yet; call fit, or load a fitted one.`,
    );
    return this.state;
  }

  private checkAlive(where: string): void {
    check(
      !this.disposed,
      'DISPOSED',
      () => `${where}: the detector has been disposed; create or load another.`,
    );
  }
}

/** Models that look at the same images have the same to say of them; p-values are of the sum, and not theirs. */
function onceEach(
  where: string,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): ((warning: SaladWarning) => void) | undefined {
  if (!onWarning) return undefined;
  const told = new Set<string>(['NO_P_VALUES']);
  return (warning) => {
    if (told.has(warning.code)) return;
    told.add(warning.code);
    onWarning(warningOf(where, warning));
  };
}
