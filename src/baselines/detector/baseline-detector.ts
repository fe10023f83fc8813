import * as tf from '@tensorflow/tfjs-core';
import { checkLeast } from '../../backbones/least-weights.js';
import { subset } from '../../data/combine.js';
import { checkPatientsDisjoint } from '../../data/patients.js';
import { checkRecipe, type ImageRecipe } from '../../images/image-recipe.js';
import type { ImageSource } from '../../images/image-source.js';
import { preparationOf, withRecipe } from '../../images/preparation.js';
import { handlerOf } from '../../learning/artifacts.js';
import { asSource } from '../../learning/as-source.js';
import type {
  Detector,
  DetectorConfig,
  DetectorFitOptions,
  DetectorScores,
  FitHistory,
} from '../../learning/detector.js';
import type { ImageIntake } from '../../learning/intake.js';
import { checkLabelsUsed, hasBothClasses, labelWarnings } from '../../learning/labels.js';
import { RangeWatch } from '../../learning/range-watch.js';
import { checkCallbacks, checkNotTraining } from '../../learning/run-checks.js';
import { areaUnderRoc } from '../../metrics/roc.js';
import { check, checkKnownOptions } from '../../support/check.js';
import { checkFunction, checkSignal } from '../../support/check-kinds.js';
import { namingCall } from '../../support/errors.js';
import { hostTurns } from '../../support/host.js';
import { checkBackendReady } from '../../support/train-check.js';
import type { SaladWarning } from '../../support/warning.js';
import type { DetectorBody } from './body.js';
import { warnOfCollapse } from './collapse.js';
import { type DetectorContents, encodeDetector } from './detector-file.js';
import { readBlocks } from './read-images.js';
import type { DetectorSettings } from './settings.js';

/** What makes one kind of detector. */
export interface DetectorDefinition {
  readonly kind: string;
  /** @defaultValue the kind */
  readonly name?: string;
  readonly usesLabels: boolean;
  readonly settings: DetectorSettings;
  /** What of `config` is not JSON as it stands in the settings. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of its network, told before one is made. @defaultValue 0 */
  readonly leastWeights?: number;
  /** A body that has learnt nothing. */
  body(): DetectorBody;
  /** Frees what the bodies share. */
  dispose?(): void;
}

/** Training images whose scores are checked for collapse after a fit. */
const CHECKED = 64;

/** What the detectors of this folder share: checks, reading, saving; the rest is their body's. */
export class BaselineDetector implements Detector {
  readonly name: string;
  readonly usesLabels: boolean;
  private intake: ImageIntake;
  private body?: DetectorBody;
  private fitting = false;
  private disposed = false;

  constructor(private readonly definition: DetectorDefinition) {
    const { kind, name = kind, usesLabels, settings } = definition;
    this.name = name;
    this.usesLabels = usesLabels;
    this.intake = { preparation: preparationOf(name, settings) };
  }

  get config(): DetectorConfig {
    const { kind, settings, config } = this.definition;
    const { name, options } = settings.imageNormalization;
    return { kind, ...settings, imageNormalization: { name, options }, ...config };
  }

  async fit(train: ImageSource, options: DetectorFitOptions = {}): Promise<FitHistory> {
    const where = `${this.name}.fit`;
    const names = { validation: true, signal: true, callbacks: true, onWarning: true } as const;
    checkKnownOptions<DetectorFitOptions>(where, options, names, (name) =>
      name in this.definition.settings ? `It is an option of ${this.definition.kind}.` : undefined,
    );
    const { signal, callbacks, onWarning } = options;
    checkSignal(where, signal);
    checkCallbacks(where, callbacks, { onEpochEnd: true });
    checkFunction(where, 'onWarning', onWarning);
    this.checkAlive(where);
    checkNotTraining(where, this.fitting);
    check(
      this.body === undefined,
      'ALREADY_FITTED',
      () => `${where}: this detector has learnt already; expected a new one for every fit.`,
    );
    signal?.throwIfAborted();
    checkBackendReady(where);
    this.fitting = true;
    let body: DetectorBody | undefined;
    try {
      const source = await asSource(where, train);
      const validation =
        options.validation && (await asSource(where, options.validation, 'validation'));
      checkLabelsUsed(where, source);
      checkPatientsDisjoint({ train: source, validation }, where);
      this.learnFrom(where, source.recipe);
      if (validation) checkRecipe(where, this.intake.preparation, validation);
      const harm = this.usesLabels ? undefined : 'this detector takes them for normal';
      for (const warning of labelWarnings(where, { train: source, validation }, harm))
        onWarning?.(warning);
      const begun = this.definition.body();
      body = begun;
      const validate =
        validation && hasBothClasses(validation)
          ? async () =>
              areaUnderRoc(
                await this.scoresOf(where, begun, validation, { signal }),
                validation.labels as ArrayLike<number>,
              )
          : undefined;
      const intake = { ...this.intake, signal };
      const run = { validation, validate, signal, callbacks, onWarning };
      const history = await begun.learn({ where, source, intake, ...run });
      this.checkAlive(where);
      signal?.throwIfAborted();
      // From here on it has learnt, whatever else fails.
      this.body = begun;
      if (onWarning)
        warnOfCollapse(where, await this.someScores(where, begun, source, onWarning), onWarning);
      return history;
    } catch (error) {
      if (this.body === undefined) body?.dispose();
      throw error;
    } finally {
      this.fitting = false;
    }
  }

  async score(
    images: ImageSource,
    options: Pick<DetectorFitOptions, 'onWarning' | 'signal'> = {},
  ): Promise<DetectorScores> {
    const where = `${this.name}.score`;
    checkKnownOptions(where, options, { onWarning: true, signal: true });
    const { onWarning, signal } = options;
    checkFunction(where, 'onWarning', onWarning);
    checkSignal(where, signal);
    signal?.throwIfAborted();
    const body = this.fitted(where);
    checkBackendReady(where);
    const source = await asSource(where, images);
    checkRecipe(where, this.intake.preparation, source);
    const scores = await this.scoresOf(where, body, source, { signal, onWarning });
    warnOfCollapse(where, scores, onWarning);
    return { ids: source.ids, scores };
  }

  async save(handlerOrUrl: tf.io.IOHandler | string): Promise<tf.io.SaveResult> {
    const where = `${this.name}.save`;
    const learnt = await this.fitted(where).pack();
    try {
      const handler = handlerOf(where, handlerOrUrl, 'save');
      const artifacts = await encodeDetector({
        ...learnt,
        config: this.config,
        recipe: this.intake.preparation.recipe,
      });
      return await namingCall(where, () => (handler.save as tf.io.SaveHandler)(artifacts));
    } finally {
      tf.dispose(learnt.tensors);
    }
  }

  /** Takes over what a file holds; the tensors stay the caller's. @throws NOT_A_MODEL | MODEL_DAMAGED */
  async restore(
    where: string,
    { recipe, ...learnt }: Omit<DetectorContents, 'config'>,
  ): Promise<void> {
    this.learnFrom(where, recipe);
    const held = Object.values(learnt.tensors).reduce((sum, { size }) => sum + size, 0);
    checkLeast(where, this.definition.leastWeights ?? 0, held);
    const body = this.definition.body();
    try {
      await body.unpack(where, learnt);
      this.body = body;
    } catch (error) {
      body.dispose();
      throw error;
    }
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.definition.dispose?.();
    this.body?.dispose();
    this.body = undefined;
  }

  private async scoresOf(
    where: string,
    body: DetectorBody,
    source: ImageSource,
    { signal, onWarning }: Pick<DetectorFitOptions, 'signal' | 'onWarning'> = {},
  ): Promise<Float32Array> {
    const scores = new Float32Array(source.length);
    const range = new RangeWatch();
    const giveHostItsTurn = hostTurns(signal);
    let at = 0;
    for await (const images of readBlocks(where, source, {
      ...this.intake,
      signal,
      see: range.see,
    })) {
      // The detector may have been disposed meanwhile.
      this.checkAlive(where);
      scores.set(await body.scores(images, giveHostItsTurn), at);
      at += images.shape[0];
    }
    range.warn(where, onWarning);
    const odd = scores.findIndex((score) => !Number.isFinite(score));
    check(
      odd === -1,
      'NOT_FINITE',
      () =>
        `${where}: the score of image '${source.ids[odd]}' is ${scores[odd]}; expected a finite number; train at a lower learning rate.`,
    );
    return scores;
  }

  /** Scores of some training images. */
  private someScores(
    where: string,
    body: DetectorBody,
    source: ImageSource,
    onWarning: (warning: SaladWarning) => void,
  ): Promise<Float32Array> {
    const count = Math.min(CHECKED, source.length);
    const some = Array.from({ length: count }, (_, i) => Math.floor((i * source.length) / count));
    return this.scoresOf(where, body, subset(source, some), { onWarning });
  }

  /** Keeps how the images that it learns from are made of files. */
  private learnFrom(where: string, recipe: ImageRecipe | undefined): void {
    this.intake = {
      ...this.intake,
      preparation: withRecipe(where, this.intake.preparation, recipe),
    };
  }

  private fitted(where: string): DetectorBody {
    this.checkAlive(where);
    check(
      this.body !== undefined,
      'NOT_FITTED',
      () => `${where}: the detector has learnt nothing yet; call fit, or load a fitted one.`,
    );
    return this.body;
  }

  private checkAlive(where: string): void {
    check(
      !this.disposed,
      'DISPOSED',
      () => `${where}: the detector has been disposed; create or load another.`,
    );
  }
}
